import type { EventOf, LogEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import { MINUTE, SECOND } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import type { Verdict } from "./assessment.ts";
import { BoundedTable } from "./bounded-table.ts";
import { shortText } from "./cap-text.ts";
import { baseName } from "./code-root.ts";
import { type KnownProcess, type Lineage, processKey } from "./lineage.ts";
import { type LogSaying, type LogWord, readLogWord } from "./log-word.ts";
import { NO_EVIDENCE, readLook, type SealEvidence } from "./seal-evidence.ts";
import { CS_ADHOC, CS_SIGNED } from "./trust-from-flags.ts";

/** The file at a path is not the code that ran from it. */
export interface OtherCode {
  /** CDHash, or null for code without a signature. */
  ran: string | null;
  file: string | null;
  by: "inspector" | "codesign";
  /** When the file was looked at, seen from the run. */
  when: "before" | "after";
}

/** What is known about the code of a process beside its flags. */
export interface SealKnowledge {
  evidence: SealEvidence | null;
  words: readonly LogWord[];
  otherCode: OtherCode | null;
}

/** What was found in the file at a path. */
interface FileAt {
  found: string[];
  unsigned: boolean;
  by: OtherCode["by"];
  at: number;
}

interface WordsAt {
  words: LogWord[];
  at: number;
}

const MAX_SEALS = 8192;
const MAX_PROCESSES = 2048;
const MAX_PATHS = 2048;
const MAX_PATH = 4096;
/** A text names a process by pid or path only, so it counts for one that began this close to it. UNVERIFIED how close macOS writes them. */
const LOG_WINDOW = 10 * SECOND;
/** A look this long before a run is about the file that ran, if nobody exchanged it. */
const LOOK_BEFORE = MINUTE;
/** A look is asked for when something ran, so it follows at once, or after a queue. */
const LOOK_AFTER = 10 * MINUTE;
const NO_WORDS: readonly LogWord[] = [];

/**
 * What authorities beside the kernel's flags said about code: by CDHash; the log's words by process, or by path for a
 * process that is about to begin. Bounded and durable; most events touch no table but by one look-up.
 */
export class SealMemory {
  /** Entries of an older database are a bare Gatekeeper verdict. */
  readonly #seals: BoundedTable<SealEvidence | Verdict>;
  readonly #words: BoundedTable<LogWord[], number>;
  readonly #wordsAt: BoundedTable<WordsAt>;
  readonly #files: BoundedTable<FileAt>;

  constructor(entries: readonly StateEntry[]) {
    this.#seals = new BoundedTable("verdict:", MAX_SEALS, entries);
    this.#words = new BoundedTable("log-word:", MAX_PROCESSES, entries);
    this.#wordsAt = new BoundedTable("log-word-at:", MAX_PATHS, entries);
    this.#files = new BoundedTable("file-at:", MAX_PATHS, entries);
  }

  get evicted(): number {
    return this.#seals.evicted + this.#words.evicted + this.#wordsAt.evicted + this.#files.evicted;
  }

  /** Null when there is nothing beside the flags, which is the rule. */
  find(process: Process, startsProgram: boolean, time: number): SealKnowledge | null {
    const evidence = process.cdhash === null ? null : this.#sealOf(process.cdhash);
    const words = startsProgram
      ? this.#pendingWords(process.path, time)
      : this.#words.size === 0
        ? NO_WORDS
        : (this.#words.get(processKey(process.id)) ?? NO_WORDS);
    const otherCode = startsProgram ? this.#foundBefore(process, time) : null;
    if (evidence === null && words.length === 0 && otherCode === null) return null;
    return { evidence, words, otherCode };
  }

  /** What a look at a file shows about the program that ran from it last. */
  findForLook(answer: EventOf<"file_answer">, lineage: Lineage): SealKnowledge | null {
    const by = lookedBy(answer);
    if (by === null) return null;
    const { found, unsigned, path } = readLook(answer);
    const ran = lineage.newestAt(path);
    const isRecent = ran?.at !== undefined && Math.abs(answer.time - ran.at) <= LOOK_AFTER;
    const cdhash = (isRecent ? ran.cdhash : null) ?? answer.cdhash;
    if (cdhash === null || found.includes(cdhash) || (found.length === 0 && !unsigned)) return null;
    return { evidence: null, words: NO_WORDS, otherCode: { ran: cdhash, file: found[0] ?? null, by, when: "after" } };
  }

  /** A program began: the log's words that came before it are about this process. */
  began(process: Process, time: number): void {
    const words = this.#pendingWords(process.path, time);
    const key = processKey(process.id);
    if (words.length > 0) this.#words.set(key, [...words]);
    // The process has become other code, and what was said is about the old one.
    else if (this.#words.size > 0 && this.#words.get(key) !== undefined) this.#words.delete(key);
    if (words.includes("revoked") && process.cdhash !== null) this.#revoke(process.cdhash);
  }

  looked(answer: EventOf<"file_answer">): void {
    const look = readLook(answer);
    for (const [cdhash, evidence] of look.byHash) {
      const known = this.#sealOf(cdhash) ?? NO_EVIDENCE;
      this.#seals.set(cdhash, {
        gatekeeper: evidence.gatekeeper ?? known.gatekeeper,
        inspector: evidence.inspector ?? known.inspector,
        codesign: evidence.codesign ?? known.codesign,
        revoked: known.revoked,
      });
    }
    const by = lookedBy(answer);
    if (by === null || (look.found.length === 0 && !look.unsigned)) return;
    const { found, unsigned } = look;
    this.#files.set(shortText(look.path, MAX_PATH), { found, unsigned, by, at: answer.time });
  }

  logged({ fact, time }: LogEvent, lineage: Lineage): void {
    const said = fact === null ? null : readLogWord(fact);
    if (said === null) return;
    if (said.cdhash !== null) this.#revoke(said.cdhash);
    if (said.path !== null) this.#awaitAt(said.path, said.word, time);
    const process = processOf(said, time, lineage);
    if (process === null) return;
    const key = processKey(process);
    this.#words.set(key, withWord(this.#words.get(key) ?? NO_WORDS, said.word));
    if (said.word === "revoked" && process.cdhash !== null) this.#revoke(process.cdhash);
  }

  /** A restart: process ids begin anew. */
  clearProcesses(): void {
    this.#words.clear();
    this.#wordsAt.clear();
  }

  drainChanges(): StateChange[] {
    return [this.#seals, this.#words, this.#wordsAt, this.#files].flatMap((table) => table.drainChanges());
  }

  #sealOf(cdhash: string): SealEvidence | null {
    const known = this.#seals.get(cdhash);
    if (known === undefined) return null;
    return "source" in known ? { ...NO_EVIDENCE, gatekeeper: known } : known;
  }

  #revoke(cdhash: string): void {
    const known = this.#sealOf(cdhash) ?? NO_EVIDENCE;
    if (!known.revoked) this.#seals.set(cdhash, { ...known, revoked: true });
  }

  #awaitAt(path: string, word: LogWord, time: number): void {
    const key = shortText(path, MAX_PATH);
    const known = this.#wordsAt.get(key);
    const recent = known !== undefined && Math.abs(time - known.at) <= LOG_WINDOW ? known.words : NO_WORDS;
    this.#wordsAt.set(key, { words: withWord(recent, word), at: time });
  }

  #pendingWords(path: string, time: number): readonly LogWord[] {
    if (this.#wordsAt.size === 0) return NO_WORDS;
    const known = this.#wordsAt.get(shortText(path, MAX_PATH));
    return known === undefined || Math.abs(time - known.at) > LOG_WINDOW ? NO_WORDS : known.words;
  }

  /** Ad hoc code is left out: it is new with every build, and whoever rebuilds a program exchanges nothing. */
  #foundBefore(process: Process, time: number): OtherCode | null {
    const { codesigningFlags: flags, cdhash } = process;
    if (this.#files.size === 0 || flags === null || (flags & CS_ADHOC) !== 0) return null;
    const file = this.#files.get(shortText(process.path, MAX_PATH));
    if (file === undefined || time < file.at || time - file.at > LOOK_BEFORE) return null;
    const ranUnsigned = (flags & CS_SIGNED) === 0;
    const isSame = ranUnsigned ? file.unsigned : cdhash === null || file.found.includes(cdhash);
    if (isSame) return null;
    return { ran: ranUnsigned ? null : cdhash, file: file.found[0] ?? null, by: file.by, when: "before" };
  }
}

/** Who read the signature in the file; Gatekeeper's word names no CDHash. */
function lookedBy({ inspection, codesign }: EventOf<"file_answer">): OtherCode["by"] | null {
  return inspection !== null && inspection.kind !== "unreadable" ? "inspector" : codesign !== null ? "codesign" : null;
}

/** The process a text is about. By pid only when the short name fits, by path only when it began close to the text. */
function processOf({ pid, name, path }: LogSaying, time: number, lineage: Lineage): KnownProcess | null {
  if (pid !== null) {
    const process = lineage.find({ pid, pidversion: null });
    return process !== null && (name === null || baseName(process.path).startsWith(name)) ? process : null;
  }
  const process = path === null ? null : lineage.newestAt(path);
  return process?.at !== undefined && Math.abs(time - process.at) <= LOG_WINDOW ? process : null;
}

function withWord(words: readonly LogWord[], word: LogWord): LogWord[] {
  return words.includes(word) ? [...words] : [...words, word];
}
