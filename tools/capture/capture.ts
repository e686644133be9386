import type { BaselineFrame, FileFrame, GapFrame, HostInfo, SleepFrame, StatusFrame } from "#contract/frames.ts";
import type { SourceName } from "#contract/source.ts";
import type { Micros } from "#core/base/clock.ts";
import { type EsPart, esRecord } from "./es.ts";
import { nanoTime } from "./es-file.ts";
import type { EsForm, LiveProcess } from "./es-process.ts";
import { type LogLine, logRecord } from "./log-lines.ts";
import { Prng } from "./prng.ts";
import type { ProbeAnswer } from "./probes.ts";

export interface CaptureOptions {
  /** Names everything that is invented, so two captures with one seed are equal. */
  seed: string;
  start: Micros;
  form?: EsForm;
  /** Where finished lines go (without a newline); collected in memory when absent. */
  sink?: (line: string) => void;
}

export interface HelloDetails {
  host: HostInfo;
  sources: readonly SourceName[];
  /** false: an old capture, whose hello has no session. */
  session?: false;
  privileged?: boolean;
}

type Details<F> = Omit<F, "v" | "t" | "at">;

/** Lines of a capture, v1: keeps the clock, each source's `n` and Endpoint Security's two sequence counters. */
export class Capture {
  readonly prng: Prng;
  form: EsForm;
  #now: Micros;
  #lines: string[] = [];
  #sink: (line: string) => void;
  #n = new Map<string, number>();
  #seqByEvent = new Map<string, number>();
  #globalSeq = 0;

  constructor({ seed, start, form = { version: 10, tokens: "object" }, sink }: CaptureOptions) {
    this.prng = new Prng(seed);
    this.form = form;
    this.#now = start;
    this.#sink = sink ?? ((line) => this.#lines.push(line));
  }

  now(): Micros {
    return this.#now;
  }

  wait(time: Micros): void {
    this.#now += time;
  }

  hello({ host, sources, session, privileged = true }: HelloDetails): void {
    this.#n.clear();
    this.#seqByEvent.clear();
    this.#globalSeq = 0;
    this.#frame({
      t: "hello",
      ...(session === false ? {} : { session: this.prng.uuid().toLowerCase() }),
      at: this.#stamp(),
      host,
      helper: { version: "1.0.0", privileged },
      sources,
    });
  }

  bye(): void {
    this.#frame({ t: "bye", at: this.#stamp() });
  }

  es(actor: LiveProcess, part: EsPart): void {
    const seqNum = this.#seqByEvent.get(part.name) ?? 0;
    this.#seqByEvent.set(part.name, seqNum + 1);
    const record = esRecord(actor, part, this.form, {
      time: nanoTime(this.#now, this.prng.below(1000)),
      machTime: this.#machTime(),
      seqNum,
      globalSeqNum: this.#globalSeq++,
      threadId: 100_000 + this.prng.below(900_000),
    });
    // eslogger escapes slashes, and a body is the source's own text.
    this.body("es", JSON.stringify(record).replaceAll("/", "\\/"));
  }

  log(line: LogLine): void {
    const record = logRecord(line, {
      time: this.#now,
      machTime: this.#machTime(),
      threadId: 1000 + this.prng.below(60_000),
      imageUuid: new Prng(line.sender).uuid(),
      zoneHours: 1,
    });
    this.body("log", JSON.stringify(record));
  }

  fs(body: { path: string; change: string; xattr?: string; before?: string | null; after?: string | null }): void {
    this.body("fs", JSON.stringify(body));
  }

  proc(change: "new" | "gone" | "changed", process: LiveProcess, args: readonly string[]): void {
    const { code } = process;
    const body = {
      change,
      pid: process.pid,
      pidversion: process.pidversion,
      ppid: process.parent?.pid ?? 0,
      uid: process.account.euid,
      path: code.path,
      args,
      start: nanoTime(process.started),
      codesigning_flags: code.flags,
      cdhash: code.cdhash.toLowerCase(),
      team_id: code.teamId,
      signing_id: code.signingId,
    };
    this.body("proc", JSON.stringify(body));
  }

  probe(answer: ProbeAnswer): void {
    const { name, ...rest } = answer;
    this.#frame({ t: "probe", name, at: this.#stamp(), ...rest });
    this.wait(answer.ms * 1000);
  }

  file(details: Details<FileFrame>): void {
    this.#frame({ t: "file", at: this.#stamp(), ...details });
  }

  line(src: SourceName, text: string): void {
    this.#frame({ t: "line", src, n: this.takeN(src), at: this.#stamp(), text });
  }

  /** The helper had to shed the source's next `count` lines. */
  shed(src: SourceName, count: number): void {
    const from = (this.#n.get(src) ?? 0) + 1;
    this.#n.set(src, from + count - 1);
    if (src === "es") this.#globalSeq += count;
    this.gap({ src, from, to: from + count - 1, count, why: "helper-overflow" });
  }

  /** macOS itself lost Endpoint Security events: only the sequence number tells. */
  loseEsEvents(count: number): void {
    this.#globalSeq += count;
  }

  gap(details: Details<GapFrame>): void {
    this.#frame({ t: "gap", ...details, at: this.#stamp() });
  }

  /** The user accepts the Mac as it is. */
  baseline(details: Details<BaselineFrame>): void {
    this.#frame({ t: "baseline", at: this.#stamp(), ...details });
  }

  status(details: Details<StatusFrame>): void {
    this.#frame({ t: "status", ...details, at: this.#stamp() });
  }

  /** The Mac sleeps for `time`, and the frame is sent when it wakes. */
  sleep(time: Micros): void {
    const from = this.#stamp();
    this.wait(time);
    const frame: Details<SleepFrame> = { from, to: this.#stamp() };
    this.#frame({ t: "sleep", ...frame });
  }

  /** A source's own object as text, verbatim. */
  body(src: SourceName, json: string): void {
    this.#sink(`{"v":1,"t":"event","src":"${src}","n":${this.takeN(src)},"at":"${this.#stamp()}","body":${json}}`);
  }

  /** A line of any content, for captures that are broken on purpose. */
  raw(line: string): void {
    this.#sink(line);
  }

  /** Uses up the source's next number, for a line that is written by hand. */
  takeN(src: string): number {
    const n = (this.#n.get(src) ?? 0) + 1;
    this.#n.set(src, n);
    return n;
  }

  toJsonl(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  #frame(frame: Record<string, unknown>): void {
    this.#sink(JSON.stringify({ v: 1, ...frame }));
  }

  #stamp(): string {
    return nanoTime(this.#now);
  }

  /** Apple silicon counts 24 ticks a microsecond; from where it counts says nothing. */
  #machTime(): number {
    return (this.#now % 1_000_000_000_000) * 24;
  }
}
