import type { Clock } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { FRAME_VERSION } from "#contract/frames.ts";
import type { FsChange } from "#contract/event.ts";
import type { HelperCounts } from "#core/base/live-helper.ts";

/** Body of an `fs` event (capture format v1). */
export interface FsBody {
  path: string;
  change: FsChange;
  xattr: string | null;
  before: string | null;
  after: string | null;
}

export interface FsStatus {
  state: "starting" | "running" | "denied" | "failed" | "restarting" | "stopped";
  reason: string | null;
  detail: string | null;
}

const SOURCE = "fs";

/** The `fs` frames of one session after the other: they are numbered here, because the helper has no such source. */
export class FsFrames {
  readonly #clock: Clock;
  #emit: ((bytes: Buffer) => void) | null = null;
  #n = 0;
  #events = 0;
  #shed = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Numbers begin anew with each session. */
  begin(emit: (bytes: Buffer) => void): void {
    this.#emit = emit;
    this.#n = 0;
    this.#events = 0;
    this.#shed = 0;
  }

  end(): void {
    this.#emit = null;
  }

  event(body: FsBody): void {
    this.#n += 1;
    this.#events += 1;
    this.#say("event", { src: SOURCE, n: this.#n, at: this.#now(), body });
  }

  /** So many changes were seen and given up; they get numbers, so that they are missing as what they are. */
  shed(count: number): void {
    const from = this.#n + 1;
    this.#n += count;
    this.#shed += count;
    this.#say("gap", { src: SOURCE, from, to: this.#n, count, why: "helper-overflow", at: this.#now() });
  }

  /** Changes may have been missed, and nobody knows how many. `source-dropped`: macOS did not tell of them. */
  unknownLoss(why: "helper-overflow" | "source-dropped"): void {
    this.#say("gap", { src: SOURCE, from: null, to: null, count: null, why, at: this.#now() });
  }

  status({ state, reason, detail }: FsStatus): void {
    this.#say("status", { src: SOURCE, state, reason, detail, at: this.#now() });
  }

  counts(): HelperCounts {
    return { n: this.#n, lines: this.#events, shed: this.#shed, unreadable: 0 };
  }

  #say(t: string, keys: object): void {
    this.#emit?.(Buffer.from(JSON.stringify({ v: FRAME_VERSION, t, ...keys }), "utf8"));
  }

  /** With nine digits, as every frame has them. */
  #now(): string {
    return formatTime(this.#clock.now()).replace("Z", "000Z");
  }
}
