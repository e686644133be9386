import { assertNever } from "#core/base/assert-never.ts";
import { DAY, type Micros } from "#core/base/clock.ts";
import { parseTime } from "#core/base/time.ts";
import type { EventFrame, Frame, GapFrame } from "#contract/frames.ts";
import type { EventId } from "#contract/source.ts";
import { GapAccounting, type MissingFrames } from "./gap-accounting.ts";
import type { SessionRecord } from "./session-record.ts";
import { UsedNumbers } from "./used-numbers.ts";

/** Source states after which eslogger's count of events begins anew. */
const RESTARTING: ReadonlySet<string> = new Set(["starting", "restarting", "failed", "stopped", "denied"]);

/** Room above it for all the numbers that follow a time which comes up again. */
const LATEST_NUMBERED: Micros = 9_000_000_000_000_000;

/** No Mac sleeps so long within a session: a frame that claims it stands alone until the next one agrees. */
const FAR_AHEAD: Micros = 366 * DAY;

/** What the line of an unreadable frame tells about itself. */
interface FaultyLine {
  reason: string;
  excerpt: string;
  raw: string;
  source: string;
  /** Of the line's bytes, from 0 to 2^32 - 1. */
  checksum: number;
}

/** One helper session as far as it was read: its ids, its time and what is missing from it. */
export class Session {
  readonly id: string;
  readonly #gaps = new GapAccounting();
  /** By type, what the frames that have no number of their own are numbered with. */
  readonly #used = new Map<string, UsedNumbers>();
  #lastAt: Micros;
  /** A time far ahead that only one frame has told so far. */
  #doubted: Micros | null = null;

  constructor(id: string, at: Micros) {
    this.id = id;
    this.#lastAt = at;
  }

  get lastAt(): Micros {
    return this.#lastAt;
  }

  /** The frame as a record, after the gaps that it reveals. */
  accept(frame: Frame, raw: string): SessionRecord[] {
    switch (frame.t) {
      case "event":
        return this.#acceptEvent(frame, raw);
      case "gap":
        return this.#acceptGap(frame, raw);
      case "line": {
        const at = this.#timeOf(frame.at);
        const n = frame.n ?? null;
        if (n === null) return [{ kind: "frame", id: this.#idAt("line", at), at, raw, frame }];
        this.#gaps.deliver(frame.src, n);
        const revealed = this.#missing(this.#gaps.takeMissing(frame.src), at);
        return [...revealed, { kind: "frame", id: this.#id(frame.src, n), at, raw, frame }];
      }
      case "sleep": {
        const id = this.#idAt("sleep", this.#timeOf(frame.from));
        return [{ kind: "frame", id, at: this.#timeOf(frame.to), raw, frame }];
      }
      case "bye": {
        const at = this.#timeOf(frame.at);
        return [...this.end(), { kind: "frame", id: this.#idAt("bye", at), at, raw, frame }];
      }
      case "hello":
      case "file":
      case "probe":
      case "baseline":
      case "status": {
        // A hello begins anew, whatever the time of the session before it was.
        if (frame.t === "hello") this.#lastAt = parseTime(frame.at) ?? this.#lastAt;
        if (frame.t === "status" && frame.src === "es" && RESTARTING.has(frame.state)) this.#gaps.restartEs();
        const at = this.#timeOf(frame.at);
        return [{ kind: "frame", id: this.#idAt(frame.t, at), at, raw, frame }];
      }
      default:
        return assertNever(frame, "a frame is of a type that core/wire does not know");
    }
  }

  /** A frame that only a newer reader knows. */
  acceptUnknown(frame: { reason: string; raw: string; at: string | null }): SessionRecord {
    const { reason, raw } = frame;
    const at = this.#timeOf(frame.at);
    return { kind: "unknown", id: this.#idAt("unknown", at), at, raw, reason };
  }

  /**
   * A line that is no frame, and so has no time of its own. Where a capture was cut there is one that the whole copy does
   * not have: the checksum keeps it from standing in the place of another, which the time alone would not.
   */
  acceptFault({ checksum, ...fault }: FaultyLine): SessionRecord {
    return { kind: "fault", id: this.#idAt("fault", this.#lastAt, checksum), at: this.#lastAt, ...fault };
  }

  /**
   * A line that cannot be read, but whose head names its place: it was delivered, so it is not missing as well.
   * @returns the gaps that it reveals
   */
  acceptUnreadable(source: EventFrame["src"], n: number): SessionRecord[] {
    this.#gaps.deliver(source, n);
    return this.#missing(this.#gaps.takeMissing(source), this.#lastAt);
  }

  /** What is still missing when the stream ends. */
  end(): SessionRecord[] {
    return this.#missing(this.#gaps.end(), this.#lastAt);
  }

  #acceptEvent(frame: EventFrame, raw: string): SessionRecord[] {
    const { src, n } = frame;
    const at = this.#timeOf(frame.at);
    this.#gaps.deliver(src, n);
    const records: SessionRecord[] = [];
    const missing = this.#gaps.takeMissing(src);
    if (missing.length > 0) records.push(...this.#missing(missing, at));
    if (src === "es" && frame.replayed !== true) {
      const lost = this.#lostBefore(n, frame.body["global_seq_num"]);
      if (lost > 0) records.push(this.#derivedGap("es", this.#id("gap:es:lost", n), at, null, lost, "source-dropped"));
    }
    records.push({ kind: "frame", id: this.#id(src, n), at, raw, frame });
    return records;
  }

  #lostBefore(n: number, globalSeqNum: unknown): number {
    if (typeof globalSeqNum !== "number" || !Number.isSafeInteger(globalSeqNum) || globalSeqNum < 0) return 0;
    return this.#gaps.deliverEsEvent(n, globalSeqNum);
  }

  #acceptGap(frame: GapFrame, raw: string): SessionRecord[] {
    const at = this.#timeOf(frame.at);
    const record: SessionRecord = {
      kind: "gap",
      id: this.#idAt("gap", at),
      at,
      raw,
      source: frame.src,
      from: frame.from ?? null,
      to: frame.to ?? null,
      count: this.#gaps.announce(frame),
      why: frame.why,
      derived: false,
    };
    return [...this.#missing(this.#gaps.takeMissing(frame.src), at), record];
  }

  #missing(missing: readonly MissingFrames[], at: Micros): SessionRecord[] {
    return missing.map((range) => {
      const id = this.#id(`gap:${range.source}`, range.from);
      return this.#derivedGap(range.source, id, at, range, range.to - range.from + 1, "helper-overflow");
    });
  }

  #derivedGap(
    source: string,
    id: EventId,
    at: Micros,
    range: { from: number; to: number } | null,
    count: number,
    why: string,
  ): SessionRecord {
    const { from, to } = range ?? { from: null, to: null };
    return { kind: "gap", id, at, raw: "", source, from, to, count, why, derived: true };
  }

  #timeOf(text: string | null | undefined): Micros {
    const time = typeof text === "string" ? parseTime(text) : null;
    if (time === null) return this.#lastAt;
    if (this.#isDoubtful(time)) {
      this.#doubted = time;
      return this.#lastAt;
    }
    this.#doubted = null;
    this.#lastAt = time;
    return time;
  }

  /** A jump far ahead is believed when the next frame makes it too: a clock that was set does, a single wrong time does not. */
  #isDoubtful(time: Micros): boolean {
    if (this.#lastAt === 0 || time < this.#lastAt + FAR_AHEAD) return false;
    return this.#doubted === null || Math.abs(time - this.#doubted) > DAY;
  }

  /**
   * Names what has no number by its time, so that a session that goes on in another file or over another connection,
   * where nobody knows what came before, does not use a number again.
   */
  #idAt(type: string, at: Micros, offset = 0): EventId {
    let used = this.#used.get(type);
    if (used === undefined) {
      used = new UsedNumbers();
      this.#used.set(type, used);
    }
    return this.#id(type, used.take(Math.min(Math.max(at, 0), LATEST_NUMBERED) + offset));
  }

  #id(src: string, n: number): EventId {
    return { session: this.id, src, n };
  }
}
