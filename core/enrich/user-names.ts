import type { LogEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "./bounded-table.ts";
import { shortText } from "./cap-text.ts";
import type { KnownProcess, Lineage } from "./lineage.ts";

const MAX_USERS = 256;
const MAX_NAME = 256;
const LOGIN = "/usr/bin/login";
/** `login -f NAME`, as terminals start it: `-fp NAME`, `-pfl NAME …` (login(1)). */
const LOGIN_NAME = /^\S{0,64}login -[a-z]{0,8}f[a-z]{0,8} ([^\s-]\S{0,255})(?: |$)/;
const ROOT = "root";

/**
 * Names of login users by their uid. No record carries both, so they are learned: from sudo's own line, which names the
 * user, and from what `login -f NAME` starts. Bounded, durable.
 */
export class UserNames {
  readonly #names: BoundedTable<string, number>;

  constructor(entries: readonly StateEntry[]) {
    this.#names = new BoundedTable("user:", MAX_USERS, entries);
  }

  get evicted(): number {
    return this.#names.evicted;
  }

  nameOf(uid: number): string | null {
    return uid === 0 ? ROOT : (this.#names.get(uid) ?? null);
  }

  /** Whether some account of that name is known by its uid. */
  knows(name: string): boolean {
    if (name === ROOT) return true;
    for (const [, known] of this.#names.entries()) if (known === name) return true;
    return false;
  }

  /** A program that `login` started runs as the user that login was told. */
  started(process: Process, parent: KnownProcess | null): void {
    if (parent === null || parent.path !== LOGIN || process.auid === null) return;
    const name = LOGIN_NAME.exec(parent.commandLine ?? "")?.[1];
    if (name !== undefined) this.#learn(process.auid, name);
  }

  logged({ fact, pid }: LogEvent, lineage: Lineage): void {
    if (fact?.fact !== "sudo-command" || pid === null) return;
    const uid = lineage.find({ pid, pidversion: null })?.auid ?? null;
    if (uid !== null) this.#learn(uid, fact.user);
  }

  drainChanges(): StateChange[] {
    return this.#names.drainChanges();
  }

  /** An account's name is taken as first learned: root may let `login` say any other. */
  #learn(uid: number, name: string): void {
    if (uid !== 0 && this.#names.get(uid) === undefined) this.#names.set(uid, shortText(name, MAX_NAME));
  }
}

/** MITRE's AllowedUsers: account names or uids. */
export class AllowedUsers {
  readonly #allowed: ReadonlySet<string>;
  readonly #names: readonly string[];

  constructor(users: readonly string[]) {
    this.#allowed = new Set(users);
    this.#names = users.filter((user) => !/^\d+$/.test(user));
  }

  /** Null when nobody is listed, or when the account may be a listed one whose uid is not known. */
  allows(user: { uid: number } | { name: string }, known: UserNames): boolean | null {
    if (this.#allowed.size === 0) return null;
    if ("name" in user) return this.#allowed.has(user.name);
    if (this.#allowed.has(String(user.uid))) return true;
    const name = known.nameOf(user.uid);
    if (name !== null) return this.#allowed.has(name);
    return this.#names.every((one) => known.knows(one)) ? false : null;
  }
}
