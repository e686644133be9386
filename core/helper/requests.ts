import { type Clock, MINUTE, type Micros, SECOND } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import type { Answer, FileAnswerHead } from "./answers.ts";
import type { AnchoredHead, InspectRequest } from "#core/base/live-helper.ts";
import { RateLimit } from "./rate-limit.ts";

export const PROTOCOL = 1;

/** What a helper lets wait (native/PROTOCOL.md, `inspect`). */
export const MAX_OUTSTANDING = 256;
export const MAX_OUTSTANDING_ASSESSMENTS = 32;
const MAX_PATH_BYTES = 4096;
const MAX_WORD_BYTES = 64;

/** Our own: a storm of new programs must not make the helper read attributes all day. */
const INSPECTIONS_PER_SECOND = 100;
const INSPECTION_BURST = 256;
/** Of these, what is only to be remembered: it must not keep anybody's question about a running program waiting. */
const PRIVATE_PER_SECOND = 20;
/** After "busy", and between two `prove`. */
const PAUSE: Micros = SECOND;

type Kind = "inspect" | "assess" | "since" | "probes" | "retry" | "prove" | "anchor" | "anchors";

/** Longer than the helper's own limits, the queue before it included: what is still open then was refused uncounted or lost. */
const DEADLINES: Readonly<Record<Kind, Micros>> = {
  inspect: MINUTE,
  assess: 5 * MINUTE,
  since: 3 * MINUTE,
  probes: 3 * MINUTE,
  retry: MINUTE,
  prove: MINUTE,
  anchor: MINUTE,
  anchors: MINUTE,
};

/** Asked one at a time. */
const SINGLE: ReadonlySet<Kind> = new Set(["since", "probes", "prove", "anchor", "anchors"]);

/** Gets what the answer says, or null when none comes. */
export type OnFile = (answer: FileAnswerHead | null) => void;

/** The same for what the daemon keeps of journals. */
export type OnAnchors = (heads: readonly AnchoredHead[] | null) => void;
export type OnAnchored = (answer: (AnchoredHead & { kept: boolean }) | null) => void;

type Reply = { to: "inspect"; give: OnFile } | { to: "anchors"; give: OnAnchors } | { to: "anchor"; give: OnAnchored };

interface Open {
  kind: Kind;
  deadline: Micros;
  reply: Reply | null;
  /** The answer is bookkeeping of ours and no line of a capture. */
  isPrivate: boolean;
}

/** The requests of one connection: their ids, and how many may be open. `write` false: nothing was written. */
export class Requests {
  readonly #write: (line: string) => boolean;
  readonly #clock: Clock;
  readonly #inspections: RateLimit;
  readonly #private: RateLimit;
  readonly #open = new Map<number, Open>();
  readonly #notBefore = new Map<Kind, Micros>();
  #id = 0;

  constructor(write: (line: string) => boolean, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
    this.#inspections = new RateLimit(INSPECTIONS_PER_SECOND, INSPECTION_BURST, clock.now());
    this.#private = new RateLimit(PRIVATE_PER_SECOND, PRIVATE_PER_SECOND, clock.now());
  }

  get open(): number {
    return this.#open.size;
  }

  greet(client: string): void {
    this.#say("hello", { protocol: [PROTOCOL], client });
  }

  bye(): void {
    this.#say("bye", {});
  }

  /** @returns its id, which the pong gives back; null when it could not be written */
  ping(): number | null {
    return this.#say("ping", {});
  }

  /** The newest mark covers all before, so one that cannot be written is made up for by the next. */
  ack(mark: number): boolean {
    return this.#say("ack", { mark }) !== null;
  }

  inspect(request: InspectRequest, onFile: OnFile | null = null, isPrivate = false): boolean {
    const { path, pid, assess } = request;
    if (!path.startsWith("/") || path.includes("\0") || Buffer.byteLength(path) > MAX_PATH_BYTES) return false;
    const kind = assess ? "assess" : "inspect";
    const rate = isPrivate ? this.#private : this.#inspections;
    if (!this.#isFree(kind) || !rate.take(this.#clock.now())) return false;
    const keys = { path, ...(pid === null ? {} : { pid }), ...(assess ? { assess } : {}) };
    return this.#ask("inspect", kind, keys, onFile === null ? null : { to: "inspect", give: onFile }, isPrivate);
  }

  since(time: Micros): boolean {
    return this.#ask("since", "since", { time: formatTime(time) });
  }

  probes(): boolean {
    return this.#ask("probes", "probes", {});
  }

  retry(src: string): boolean {
    return Buffer.byteLength(src) <= MAX_WORD_BYTES && this.#ask("retry", "retry", { src });
  }

  prove(src: string): boolean {
    if (Buffer.byteLength(src) > MAX_WORD_BYTES || !this.#ask("prove", "prove", { src })) return false;
    this.#notBefore.set("prove", this.#clock.now() + PAUSE);
    return true;
  }

  anchors(give: OnAnchors): boolean {
    return this.#ask("anchors", "anchors", {}, { to: "anchors", give });
  }

  anchor({ journal, seq, hash }: AnchoredHead, give: OnAnchored): boolean {
    return this.#ask("anchor", "anchor", { journal, seq, hash }, { to: "anchor", give });
  }

  settle(answer: Extract<Answer, { t: "done" | "refused" }>): void {
    const open = this.#take(answer.id);
    if (open === null) return;
    if (answer.t === "refused" && answer.why === "busy") {
      this.#notBefore.set(open.kind, this.#clock.now() + PAUSE);
    }
    open.reply?.give(null);
  }

  settleAnchors(answer: Extract<Answer, { t: "anchored" | "anchors" }>): void {
    const reply = this.#take(answer.id)?.reply ?? null;
    if (reply === null) return;
    if (answer.t === "anchors" && reply.to === "anchors") reply.give(answer.heads);
    else if (answer.t === "anchored" && reply.to === "anchor") {
      const { journal, seq, hash, kept } = answer;
      reply.give({ journal, seq, hash, kept });
    } else reply.give(null);
  }

  /** @returns whether the answer's line is to be kept from the capture */
  settleFile(answer: FileAnswerHead): boolean {
    const open = this.#take(answer.id);
    if (open === null) return false;
    if (open.reply?.to === "inspect") open.reply.give(answer);
    else open.reply?.give(null);
    return open.isPrivate;
  }

  /** Gives up on what should have been answered long ago; to be called now and then. */
  expire(): void {
    const now = this.#clock.now();
    // A clock that was set back must not make anything wait for longer than its time.
    const late = [...this.#open].filter(
      ([, { deadline, kind }]) => deadline <= now || deadline - now > DEADLINES[kind],
    );
    for (const [id] of late) this.#take(id)?.reply?.give(null);
  }

  /** The connection is over: no answer comes any more. */
  abandon(): void {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { reply } of open) reply?.give(null);
  }

  #ask(r: string, kind: Kind, keys: object, reply: Reply | null = null, isPrivate = false): boolean {
    if (!this.#isFree(kind)) return false;
    const id = this.#say(r, keys);
    if (id === null) return false;
    this.#open.set(id, { kind, deadline: this.#clock.now() + DEADLINES[kind], reply, isPrivate });
    return true;
  }

  #isFree(kind: Kind): boolean {
    if (this.#open.size >= MAX_OUTSTANDING) return false;
    const pause = (this.#notBefore.get(kind) ?? 0) - this.#clock.now();
    if (pause > 0 && pause <= PAUSE) return false;
    if (kind === "assess") return this.#count(kind) < MAX_OUTSTANDING_ASSESSMENTS;
    return !SINGLE.has(kind) || this.#count(kind) === 0;
  }

  #count(kind: Kind): number {
    let found = 0;
    for (const open of this.#open.values()) if (open.kind === kind) found += 1;
    return found;
  }

  #say(r: string, keys: object): number | null {
    this.#id += 1;
    const written = this.#write(`${JSON.stringify({ v: PROTOCOL, r, id: this.#id, ...keys })}\n`);
    return written ? this.#id : null;
  }

  #take(id: number | null): Open | null {
    const open = id === null ? undefined : this.#open.get(id);
    if (id !== null) this.#open.delete(id);
    return open ?? null;
  }
}
