import type { SessionRecord } from "#core/wire/session-record.ts";
import { type ShedRun, shedGap } from "./shed-gap.ts";

export interface HeldLimits {
  records: number;
  /** Of their lines, as characters. */
  chars: number;
}

/** Minutes of a Mac in use; parsed, a record takes some times its line. */
const DEFAULT_LIMITS: HeldLimits = { records: 30_000, chars: 16 * 1024 * 1024 };

type Held = { record: SessionRecord } | { mark: number };

/**
 * Records that wait for room on the disk, in order. Past its limits it gives up the oldest of what sources deliver, and
 * counts it in gap records of our own; what tells of the session itself (restarts, states, probes, gaps) is kept for as
 * long as there is room for that.
 */
export class HeldRecords {
  readonly #limits: HeldLimits;
  /** Passed over while shedding; older than everything in `#queue`. */
  readonly #kept: SessionRecord[] = [];
  #queue: Held[] = [];
  #head = 0;
  #records = 0;
  #chars = 0;
  readonly #runs = new Map<string, ShedRun>();

  constructor(limits: HeldLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0 && this.#head >= this.#queue.length && this.#runs.size === 0;
  }

  /** Records that wait. */
  get size(): number {
    return this.#records;
  }

  add(record: SessionRecord): void {
    this.#queue.push({ record });
    this.#records += 1;
    this.#chars += record.raw.length;
    while (this.#records > this.#limits.records || this.#chars > this.#limits.chars) this.#shedOne();
  }

  /** Everything added so far stands before this mark. */
  addMark(mark: number): void {
    const last = this.#queue.at(-1);
    if (last !== undefined && "mark" in last && this.#head < this.#queue.length) last.mark = mark;
    else this.#queue.push({ mark });
  }

  /** Marks mean something on one connection only. */
  forgetMarks(): void {
    this.#queue = this.#queue.slice(this.#head).filter((held) => "record" in held);
    this.#head = 0;
  }

  /** The oldest: what was kept, then what was shed, then the rest. Null when there is nothing. */
  take(): Held | null {
    const kept = this.#oldestKept();
    if (kept !== null) return kept;
    for (const [key, run] of this.#runs) {
      this.#runs.delete(key);
      return { record: shedGap(run) };
    }
    return this.#next();
  }

  #next(): Held | null {
    const held = this.#queue[this.#head];
    if (held === undefined) return null;
    this.#skip();
    return this.#taken(held);
  }

  #skip(): void {
    this.#head += 1;
    if (this.#head <= 1024 || this.#head * 2 <= this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }

  #taken(held: Held): Held {
    if ("record" in held) {
      this.#records -= 1;
      this.#chars -= held.record.raw.length;
    }
    return held;
  }

  #shedOne(): void {
    const held = this.#queue[this.#head];
    if (held !== undefined && "record" in held && !isSheddable(held.record)) {
      this.#skip();
      this.#kept.push(held.record);
      return;
    }
    // A mark goes with what is shed: the next one covers it.
    const shed = this.#next() ?? this.#oldestKept();
    if (shed !== null && "record" in shed) this.#count(shed.record);
  }

  #oldestKept(): Held | null {
    const record = this.#kept.shift();
    return record === undefined ? null : this.#taken({ record });
  }

  #count(record: SessionRecord): void {
    const source = sourceOf(record);
    const { session, src, n } = record.id;
    const count = record.kind === "gap" ? (record.count ?? 1) : 1;
    // What has no number of its own is named by its time, which is no place in the source.
    const place = src === source ? n : null;
    const key = `${session}\n${source}`;
    const run = this.#runs.get(key) ?? { session, source, n, from: null, to: null, count: 0, at: record.at };
    run.from = place === null ? run.from : Math.min(run.from ?? place, place);
    run.to = place === null ? run.to : Math.max(run.to ?? place, place);
    run.count += count;
    run.at = record.at;
    this.#runs.set(key, run);
  }
}

/** What sources deliver, and answers about files. */
function isSheddable(record: SessionRecord): boolean {
  if (record.kind === "fault") return true;
  if (record.kind !== "frame") return false;
  return record.frame.t === "event" || record.frame.t === "line" || record.frame.t === "file";
}

function sourceOf(record: SessionRecord): string {
  if (record.kind === "gap" || record.kind === "fault") return record.source;
  if (record.kind === "frame" && "src" in record.frame && typeof record.frame.src === "string") return record.frame.src;
  return "session";
}
