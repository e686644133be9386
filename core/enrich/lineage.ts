import type { Process, ProcessId } from "#contract/process.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "./bounded-table.ts";
import { shortText } from "./cap-text.ts";

/** What is remembered of a process, also after its end. */
export interface KnownProcess {
  pid: number;
  pidversion: number | null;
  path: string;
  signingId: string | null;
  teamId: string | null;
  cdhash: string | null;
  /** Arguments joined by one space, shortened; null when unknown. */
  commandLine: string | null;
  /** Key of its parent in the table, if that is known. */
  parent: number | null;
  /** Its code signing flags when it was recorded; absent when unknown, and on entries of an older database. */
  flags?: number;
  /** Login user; absent when unset, and on entries of an older database. */
  auid?: number;
  /** One of Sealbar's own tools, or started by one. */
  own: boolean;
  /** When it was recorded; entries of an older database lack it. */
  at?: number;
}

const MAX_PROCESSES = 8192;
const MAX_COMMAND_LINE = 1024;
const MAX_PATH = 4096;
const PREFIX = "process:";
/** How many of the youngest processes can be found by path. */
const RECENT = 512;

/** The bounded process table of the current boot, by (pid, pidversion). */
export class Lineage {
  readonly #table: BoundedTable<KnownProcess, number>;
  /** The youngest key of each pid, for sources that give no pidversion. */
  readonly #byPid = new Map<number, number>();
  /** Keys of the youngest entries, each at its order modulo the length. */
  readonly #recent: number[] = Array.from({ length: RECENT }, () => 0);
  #lastOrder = 0;
  #own = 0;

  constructor(entries: readonly StateEntry[]) {
    this.#table = new BoundedTable(PREFIX, MAX_PROCESSES, entries);
    for (const [key, process] of this.#table.entries()) {
      this.#byPid.set(process.pid, key);
      this.#rememberRecent(key, this.#table.orderOf(key) ?? 0);
      if (process.own) this.#own += 1;
    }
  }

  get evicted(): number {
    return this.#table.evicted;
  }

  /** By exact identity; by pid alone only when the asker or the table does not know the pidversion. */
  find(id: ProcessId | null): KnownProcess | null {
    if (id === null) return null;
    const exact = this.#table.get(processKey(id));
    if (exact !== undefined) return exact;
    const key = this.#byPid.get(id.pid);
    const latest = key === undefined ? undefined : this.#table.get(key);
    if (latest === undefined || (id.pidversion !== null && latest.pidversion !== null)) return null;
    return latest;
  }

  /** False when no process of Sealbar's own was seen in this boot, which spares looking them up. */
  get knowsOwn(): boolean {
    return this.#own > 0;
  }

  /** The known parent; by the parent's pid when the source does not give its identity. */
  parentOf(process: Process): KnownProcess | null {
    const parent = this.find(process.parent);
    if (parent !== null || process.parent !== null || process.ppid === null) return parent;
    return this.find({ pid: process.ppid, pidversion: null });
  }

  /** The same process still runs the same code. False when nothing was known of it. */
  stillRuns(process: Process): boolean {
    const known = this.find(process.id);
    return known !== null && known.cdhash === process.cdhash && known.path === shortText(process.path, MAX_PATH);
  }

  /** Records an exec, a fork's child or a snapshot. Returns what it now knows. */
  record(process: Process, args: readonly string[] | null, own: boolean, at: number): KnownProcess {
    const key = processKey(process.id);
    const known: KnownProcess = {
      pid: process.id.pid,
      pidversion: process.id.pidversion,
      path: shortText(process.path, MAX_PATH),
      signingId: process.signingId,
      teamId: process.teamId,
      cdhash: process.cdhash,
      commandLine: args === null || args.length === 0 ? null : shortCommandLine(args),
      parent: process.parent === null ? null : processKey(process.parent),
      ...(process.codesigningFlags === null ? {} : { flags: process.codesigningFlags }),
      ...(process.auid === null ? {} : { auid: process.auid }),
      own,
      at,
    };
    if (own) this.#own += 1;
    this.#rememberRecent(key, this.#table.set(key, known));
    this.#byPid.set(process.id.pid, key);
    if (this.#byPid.size > MAX_PROCESSES * 2) this.#forgetGonePids();
    return known;
  }

  /** The youngest process that runs the file at this path, among the youngest ones. */
  newestAt(path: string): KnownProcess | null {
    const short = shortText(path, MAX_PATH);
    for (let order = this.#lastOrder; order > 0 && order > this.#lastOrder - RECENT; order -= 1) {
      const key = this.#recent[order % RECENT] ?? 0;
      if (this.#table.orderOf(key) !== order) continue;
      const process = this.#table.get(key);
      if (process?.path === short) return process;
    }
    return null;
  }

  /** The process and what started it, nearest first, at most `limit`. */
  ancestors(process: KnownProcess, limit: number): KnownProcess[] {
    const chain: KnownProcess[] = [];
    let next = process.parent;
    while (next !== null && chain.length < limit) {
      const known = this.#table.get(next);
      if (known === undefined) break;
      chain.push(known);
      next = known.parent;
    }
    return chain;
  }

  /** A restart: process ids begin anew. */
  clear(): void {
    this.#table.clear();
    this.#byPid.clear();
    this.#own = 0;
  }

  drainChanges(): StateChange[] {
    return this.#table.drainChanges();
  }

  #rememberRecent(key: number, order: number): void {
    this.#recent[order % RECENT] = key;
    this.#lastOrder = order;
  }

  #forgetGonePids(): void {
    for (const [pid, key] of this.#byPid) if (this.#table.get(key) === undefined) this.#byPid.delete(pid);
  }
}

/** One number for both, which a map finds faster than text; a pid has at most 17 bits, so it is exact. */
const PIDVERSIONS = 2 ** 33;
const NO_PIDVERSION = 2 ** 32;

export function processKey(id: ProcessId): number {
  return id.pid * PIDVERSIONS + (id.pidversion ?? NO_PIDVERSION);
}

/** The pid of a key of the table. */
export function pidOfKey(key: number): number {
  return Math.floor(key / PIDVERSIONS);
}

function shortCommandLine(args: readonly string[]): string {
  let line = "";
  for (const arg of args) {
    line = line === "" ? arg : `${line} ${arg}`;
    if (line.length > MAX_COMMAND_LINE) return shortText(line, MAX_COMMAND_LINE);
  }
  return line;
}
