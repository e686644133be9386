import { type Clock, type Micros, MINUTE } from "#core/base/clock.ts";
import type { MonitorAnswerOf, MonitorRequestOf } from "#contract/monitor-port.ts";
import { MonitorUnavailable } from "./monitor-errors.ts";

export interface RecordingsDeps {
  monitor: {
    request<V extends "openRecording" | "closeRecording">(
      verb: V,
      payload: MonitorRequestOf<V>,
    ): Promise<MonitorAnswerOf<V>>;
  };
  clock: Clock;
  /** Absolute path of the bundled demo. */
  demo: string;
  /** Asks the user for a capture; null when they changed their mind. */
  choose: () => Promise<string | null>;
}

/** The demo is a story to follow, so it plays; this many seconds of it in one. */
const DEMO_SPEED = 200;

/** A capture that ends the monitor this often, each time soon after it was opened, is not opened again. */
const DEATHS_MAX = 2;
const SOON: Micros = MINUTE;

const DROPPED = "Sealbar's monitor stopped twice while it read this recording, so the recording was closed.";

interface Shown {
  request: MonitorRequestOf<"openRecording">;
  openedAt: Micros;
  /** How often in a row the monitor died soon after it was asked to show this. */
  deaths: number;
}

/** Which capture is shown instead of this Mac. It outlives the monitor: a restarted one is told again. */
export class Recordings {
  readonly #deps: RecordingsDeps;
  #current: Shown | null = null;
  #monitorIsUp = false;

  constructor(deps: RecordingsDeps) {
    this.#deps = deps;
  }

  open(path: string): Promise<void> {
    return this.#show(this.#opened({ path, speed: null }));
  }

  playDemo(): Promise<void> {
    return this.#show(this.#opened({ path: this.#deps.demo, speed: DEMO_SPEED }));
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
    this.#monitorIsUp = true;
    if (this.#current === null) return;
    this.#current.openedAt = this.#deps.clock.now();
    await this.#show(this.#current);
  }

  /**
   * The monitor died or never came up. A capture that keeps killing it is given up.
   * @returns a sentence when that is so, otherwise null
   */
  monitorIsGone(): string | null {
    const current = this.#current;
    if (!this.#monitorIsUp) return null;
    this.#monitorIsUp = false;
    if (current === null) return null;
    const soon = this.#deps.clock.now() - current.openedAt < SOON;
    current.deaths = soon ? current.deaths + 1 : 0;
    if (current.deaths < DEATHS_MAX) return null;
    this.#current = null;
    return DROPPED;
  }

  #opened(request: MonitorRequestOf<"openRecording">): Shown {
    return { request, openedAt: this.#deps.clock.now(), deaths: 0 };
  }

  async #show(recording: Shown): Promise<void> {
    this.#current = recording;
    try {
      await this.#ask(() => this.#deps.monitor.request("openRecording", recording.request));
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
