import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { RecordingState } from "#contract/monitor-port.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { Database } from "./database.ts";
import { replayCaptures } from "./replay.ts";
import type { Timers } from "./timers.ts";

export interface RecordingOptions {
  id: string;
  path: string;
  /** Bytes of the file, for progress. */
  byteCount: number;
  compressed: boolean;
  speed: number | null;
  database: Database;
  timers: Timers;
  onChange: () => void;
}

/** A compressed capture grows about this much; its progress is an estimate. */
const USUAL_GROWTH = 12;

/** A capture being played into a database of its own. */
export class Recording {
  readonly database: Database;
  readonly #options: RecordingOptions;
  #state: RecordingState;
  #stopped = false;
  #played: Promise<void> = Promise.resolve();

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.database = options.database;
    this.#state = {
      id: options.id,
      name: visibleText(basename(options.path)),
      progress: 0,
      state: "playing",
      problem: null,
    };
  }

  get state(): RecordingState {
    return this.#state;
  }

  play(): void {
    this.#played = this.#run();
  }

  /** Ends the replay where it is, commits, and closes the database. */
  async close(): Promise<void> {
    this.#stopped = true;
    await this.#played;
    this.database.close();
  }

  async #run(): Promise<void> {
    const { path, speed, timers, byteCount, compressed } = this.#options;
    const whole = Math.max(1, compressed ? byteCount * USUAL_GROWTH : byteCount);
    try {
      await replayCaptures(this.database.monitor, [path], {
        speed,
        timers,
        onProgress: (bytes) => this.#become({ progress: Math.min(0.99, bytes / whole) }),
        stopped: () => this.#stopped,
        onDiskFull: () => this.#become({}),
      });
      this.#become({ progress: 1, state: "done" });
    } catch (error) {
      this.#become({ state: "failed", problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #become(change: Partial<RecordingState>): void {
    this.#state = { ...this.#state, ...change };
    if (!this.#stopped) this.#options.onChange();
  }
}

/** The database file of a recording: the same capture finds its own again, another one never does. */
export function recordingFileName(path: string, byteCount: number): string {
  return `${createHash("sha256").update(`${path}\n${byteCount}`).digest("hex").slice(0, 32)}.db`;
}
