import type { PostureSettingId } from "#contract/posture.ts";
import { DAY, MINUTE, type Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";

/** A command that may weaken the Mac, mostly at the next restart and mostly in vain: kept until its consequence is seen. */
export interface Intent {
  at: Micros;
  /** Names as core/enrich has them, e.g. `sip-weaken`. */
  action: string;
  /** A name, or a user id as text; null when not known. */
  user: string | null;
  command: string;
  /** What started it, nearest first: signing ids, else paths. */
  chain: readonly string[];
}

export interface StoredIntent extends Intent {
  boot: number;
  /** How often it was seen, this time included. */
  times: number;
}

export interface IntentWindow {
  span: Micros;
  boots: number;
}

/** behaviours.md 4.4. */
export const DEFAULT_INTENT_WINDOW: IntentWindow = { span: 30 * DAY, boots: 10 };

/** The setting that an action is about; null: the restart, or the Mac as a whole. */
const ABOUT: Readonly<Record<string, PostureSettingId | null>> = {
  "sip-weaken": "sip",
  "csr-config-write": "sip",
  "research-guests-allowed": "sip",
  "boot-args-write": "boot-args",
  "boot-policy-write": "secure-boot",
  "kernel-configure": "kernel-extensions",
  "kext-load": "kernel-extensions",
  "library-validation-off": "library-validation",
  "kernel-variable-write": "kernel-variables",
  "gatekeeper-off": "gatekeeper",
  "recovery-boot": null,
  restart: null,
};

export function isIntent(action: string): boolean {
  return Object.hasOwn(ABOUT, action);
}

export function intentAbout(action: string): PostureSettingId | null {
  return Object.hasOwn(ABOUT, action) ? (ABOUT[action] ?? null) : null;
}

const KEY = "intents";
const MAX_INTENTS = 64;
const MAX_CHAIN = 8;
const MAX_CHARS = 256;
/** What sudo wrote down and the program that it started are one command. */
const SAME_WITHIN: Micros = MINUTE;
/** A loop of commands must not fill the journal, which never forgets. */
const JOURNALLED_PER_BOOT = 100;

interface Memory {
  intents: StoredIntent[];
  boot: number;
  journalled: number;
}

/** The attempts of the last boots, oldest first. Bounded; durable; what is pushed out is counted. */
export class IntentMemory {
  readonly #window: IntentWindow;
  #memory: Memory = { intents: [], boot: 0, journalled: 0 };
  #dirty = false;
  #evicted = 0;

  constructor(entries: readonly StateEntry[], window: IntentWindow) {
    this.#window = window;
    const entry = entries.find(({ key }) => key === KEY);
    if (entry !== undefined) this.#memory = JSON.parse(entry.value) as Memory;
  }

  get evicted(): number {
    return this.#evicted;
  }

  /** @returns what is new in it for the journal; null when it was noted a moment ago, or too many were in this boot */
  note(given: Intent, boot: number): StoredIntent | null {
    const memory = this.#memory;
    const intent = bounded(given, boot);
    this.#dirty = true;
    const repeated = memory.intents.findLast((other) => isSame(other, intent));
    if (repeated !== undefined) {
      repeated.times += 1;
      // sudo's line comes first, and does not say what started it.
      if (repeated.chain.length === 0) repeated.chain = intent.chain;
      return null;
    }
    memory.intents = memory.intents.filter((other) => this.#remembers(other, intent.at, boot));
    memory.intents.push(intent);
    if (memory.intents.length > MAX_INTENTS) {
      memory.intents.shift();
      this.#evicted += 1;
    }
    if (memory.boot !== boot) Object.assign(memory, { boot, journalled: 0 });
    memory.journalled += 1;
    return memory.journalled <= JOURNALLED_PER_BOOT ? intent : null;
  }

  /** Those still remembered at a moment, newest first. */
  within(now: Micros, boot: number): StoredIntent[] {
    return this.#memory.intents.filter((intent) => this.#remembers(intent, now, boot)).reverse();
  }

  drainChanges(): StateChange[] {
    if (!this.#dirty) return [];
    this.#dirty = false;
    return [{ key: KEY, value: JSON.stringify(this.#memory) }];
  }

  #remembers({ at, boot }: StoredIntent, now: Micros, currentBoot: number): boolean {
    return now - at <= this.#window.span && currentBoot - boot <= this.#window.boots;
  }
}

function isSame(known: StoredIntent, intent: StoredIntent): boolean {
  return (
    known.boot === intent.boot &&
    known.action === intent.action &&
    known.command === intent.command &&
    Math.abs(intent.at - known.at) <= SAME_WITHIN
  );
}

function bounded({ at, action, user, command, chain }: Intent, boot: number): StoredIntent {
  return {
    at,
    action,
    user: user === null ? null : user.slice(0, MAX_CHARS),
    command: command.slice(0, MAX_CHARS),
    chain: chain.slice(0, MAX_CHAIN).map((name) => name.slice(0, MAX_CHARS)),
    boot,
    times: 1,
  };
}
