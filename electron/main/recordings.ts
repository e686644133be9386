import type { MonitorAnswerOf, MonitorRequestOf } from "#contract/monitor-port.ts";
import { MonitorUnavailable } from "./monitor-errors.ts";

export interface RecordingsDeps {
  monitor: {
    request<V extends "openRecording" | "closeRecording">(
      verb: V,
      payload: MonitorRequestOf<V>,
    ): Promise<MonitorAnswerOf<V>>;
  };
  /** Absolute path of the bundled demo. */
  demo: string;
  /** Asks the user for a capture; null when they changed their mind. */
  choose: () => Promise<string | null>;
}

/** The demo is a story to follow, so it plays; this many seconds of it in one. */
const DEMO_SPEED = 200;

/** Which capture is shown instead of this Mac. It outlives the monitor: a restarted one is told again. */
export class Recordings {
  readonly #deps: RecordingsDeps;
  #current: MonitorRequestOf<"openRecording"> | null = null;

  constructor(deps: RecordingsDeps) {
    this.#deps = deps;
  }

  open(path: string): Promise<void> {
    return this.#show({ path, speed: null });
  }

  playDemo(): Promise<void> {
    return this.#show({ path: this.#deps.demo, speed: DEMO_SPEED });
  }

  /** @returns false when the user changed their mind */
  async choose(): Promise<boolean> {
    const path = await this.#deps.choose();
    if (path === null) return false;
    await this.open(path);
    return true;
  }

  async close(): Promise<void> {
    this.#current = null;
    await this.#ask(() => this.#deps.monitor.request("closeRecording", null));
  }

  /** The monitor is (again) there to be asked, and knows of no recording. */
  async monitorIsReady(): Promise<void> {
    if (this.#current !== null) await this.#show(this.#current);
  }

  async #show(recording: MonitorRequestOf<"openRecording">): Promise<void> {
    this.#current = recording;
    try {
      await this.#ask(() => this.#deps.monitor.request("openRecording", recording));
    } catch (error) {
      if (this.#current === recording) this.#current = null;
      throw error;
    }
  }

  /** A monitor that is not there is asked again when it is: {@link monitorIsReady}. */
  async #ask(request: () => Promise<null>): Promise<void> {
    try {
      await request();
    } catch (error) {
      if (!(error instanceof MonitorUnavailable)) throw error;
    }
  }
}
