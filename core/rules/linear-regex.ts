import { assertNever } from "#core/base/assert-never.ts";
import { requiredLiterals } from "./regex-literals.ts";
import {
  type Assertion,
  type CharSet,
  parseRegex,
  type RegexFlags,
  type RegexNode,
  UnsupportedRegex,
  WORD,
} from "./regex-syntax.ts";

/** One step of the compiled pattern. */
type Step =
  | { op: "set"; set: number }
  | { op: "split"; a: number; b: number }
  | { op: "jump"; to: number }
  | { op: "assert"; kind: Assertion }
  | { op: "match" };

/** What stood before the current position. */
type Before = "start" | "newline" | "word" | "other";

interface State {
  steps: readonly number[];
  before: Before;
  /** By character class; filled as texts need them. `true`: matched, `false`: cannot match any more. */
  next: (State | boolean | undefined)[];
}

const MAX_STEPS = 4_000;
const MAX_STATES = 2_000;
/** Work one text may cost beyond the states already built; one more and the text counts as not matched. */
const MAX_WORK = 4_000_000;
const NEWLINE: CharSet = [0x0a, 0x0a];

/**
 * Matches a regular expression anywhere in a text in time linear in its length, whatever the text: the states of the
 * pattern are run all at once and remembered, nothing is ever tried twice. JavaScript's own engine backtracks, and
 * both rules and texts come from strangers. What cannot run so (look-around, backreferences) is refused on compiling.
 */
export class LinearRegex {
  /** Texts given up because building states for them cost too much; they count as not matched. */
  gaveUp = 0;
  /** Every text that matches holds one of these, whatever the case; null: nothing can be said. */
  readonly required: readonly string[] | null;
  readonly #steps: Step[] = [];
  readonly #classes: CharClasses;
  #states = new Map<string, State>();
  #work = 0;

  /** Throws UnsupportedRegex or MalformedRegex (regex-syntax.ts). */
  constructor(pattern: string, flags: RegexFlags) {
    const sets: CharSet[] = [];
    const parsed = parseRegex(pattern, flags);
    this.required = requiredLiterals(parsed);
    this.#emit(parsed, sets);
    this.#add({ op: "match" });
    this.#classes = new CharClasses(sets);
  }

  test(text: string): boolean {
    const classes = this.#classes;
    this.#work = 0;
    let state = this.#state([0], "start");
    for (let i = 0; i <= text.length; i++) {
      const cls = i === text.length ? classes.end : classes.of(text.charCodeAt(i));
      const next = state.next[cls] ?? this.#advance(state, cls);
      if (typeof next === "boolean") return next;
      if (this.#work > MAX_WORK) {
        this.gaveUp++;
        return false;
      }
      state = next;
    }
    return false;
  }

  #advance(state: State, cls: number): State | boolean {
    const next = this.#compute(state, cls);
    state.next[cls] = next;
    return next;
  }

  #compute(state: State, cls: number): State | boolean {
    const reached = this.#reach(state, cls);
    if (reached === null) return true;
    if (cls === this.#classes.end) return false;
    const after = new Set<number>([0]);
    for (const at of reached) {
      const step = this.#steps[at];
      if (step?.op === "set" && this.#classes.has(step.set, cls)) after.add(at + 1);
    }
    const before = this.#classes.isNewline(cls) ? "newline" : this.#classes.isWord(cls) ? "word" : "other";
    return this.#state(
      [...after].sort((a, b) => a - b),
      before,
    );
  }

  /** The steps that read a character next; null when the pattern has matched. */
  #reach(state: State, cls: number): number[] | null {
    const seen = new Set<number>();
    const stack = [...state.steps];
    const reading: number[] = [];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      this.#work++;
      const step = this.#steps[at];
      if (step === undefined) continue;
      switch (step.op) {
        case "match":
          return null;
        case "set":
          reading.push(at);
          break;
        case "jump":
          stack.push(step.to);
          break;
        case "split":
          stack.push(step.a, step.b);
          break;
        case "assert":
          if (this.#holds(step.kind, state.before, cls)) stack.push(at + 1);
          break;
        default:
          assertNever(step, "a compiled pattern has these steps only");
      }
    }
    return reading;
  }

  #holds(kind: Assertion, before: Before, cls: number): boolean {
    const atEnd = cls === this.#classes.end;
    const edge = (before === "word") !== (!atEnd && this.#classes.isWord(cls));
    switch (kind) {
      case "text-start":
        return before === "start";
      case "text-end":
        return atEnd;
      case "line-start":
        return before === "start" || before === "newline";
      case "line-end":
        return atEnd || this.#classes.isNewline(cls);
      case "word-edge":
        return edge;
      case "no-word-edge":
        return !edge;
      default:
        return assertNever(kind, "assertions are a closed list");
    }
  }

  #state(steps: readonly number[], before: Before): State {
    const key = `${before}:${steps.join(",")}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    this.#work += steps.length;
    if (this.#states.size >= MAX_STATES) this.#states = new Map();
    const state: State = { steps, before, next: [] };
    this.#states.set(key, state);
    return state;
  }

  #add(step: Step): number {
    if (this.#steps.length >= MAX_STEPS) throw new UnsupportedRegex("it unfolds to too many steps");
    return this.#steps.push(step) - 1;
  }

  #emit(node: RegexNode, sets: CharSet[]): void {
    switch (node.t) {
      case "set":
        this.#add({ op: "set", set: sets.push(node.set) - 1 });
        break;
      case "assert":
        this.#add({ op: "assert", kind: node.kind });
        break;
      case "sequence":
        for (const item of node.items) this.#emit(item, sets);
        break;
      case "either":
        this.#emitEither(node.items, sets);
        break;
      case "repeat":
        this.#emitRepeat(node, sets);
        break;
      default:
        assertNever(node, "a pattern has these nodes only");
    }
  }

  #emitEither(items: RegexNode[], sets: CharSet[]): void {
    const ends: { op: "jump"; to: number }[] = [];
    items.forEach((item, i) => {
      const split = { op: "split" as const, a: 0, b: 0 };
      if (i < items.length - 1) split.a = this.#add(split) + 1;
      this.#emit(item, sets);
      if (i === items.length - 1) return;
      const end = { op: "jump" as const, to: 0 };
      ends.push(end);
      split.b = this.#add(end) + 1;
    });
    for (const end of ends) end.to = this.#steps.length;
  }

  #emitRepeat(node: { item: RegexNode; min: number; max: number | null }, sets: CharSet[]): void {
    for (let i = 0; i < node.min; i++) this.#emit(node.item, sets);
    if (node.max === null) {
      const split = { op: "split" as const, a: 0, b: 0 };
      const at = this.#add(split);
      split.a = at + 1;
      this.#emit(node.item, sets);
      this.#add({ op: "jump", to: at });
      split.b = this.#steps.length;
      return;
    }
    const splits: { op: "split"; a: number; b: number }[] = [];
    for (let i = node.min; i < node.max; i++) {
      const split = { op: "split" as const, a: 0, b: 0 };
      split.a = this.#add(split) + 1;
      splits.push(split);
      this.#emit(node.item, sets);
    }
    for (const split of splits) split.b = this.#steps.length;
  }
}

/** Code units that no set of the pattern tells apart share a class, so that states stay small. */
class CharClasses {
  readonly end: number;
  readonly #starts: number[];
  readonly #ascii = new Uint16Array(128);
  readonly #members: Uint8Array[];
  readonly #words: Uint8Array;
  readonly #newlines: Uint8Array;

  constructor(sets: readonly CharSet[]) {
    const cuts = new Set<number>([0]);
    for (const set of [...sets, WORD, NEWLINE]) {
      for (let i = 0; i + 1 < set.length; i += 2) cuts.add(set[i] ?? 0).add((set[i + 1] ?? 0) + 1);
    }
    this.#starts = [...cuts].filter((cut) => cut <= 0xffff).sort((a, b) => a - b);
    this.end = this.#starts.length;
    for (let code = 0; code < 128; code++) this.#ascii[code] = this.#search(code);
    this.#members = sets.map((set) => this.#membership(set));
    this.#words = this.#membership(WORD);
    this.#newlines = this.#membership(NEWLINE);
  }

  of(code: number): number {
    return code < 128 ? (this.#ascii[code] ?? 0) : this.#search(code);
  }

  has(set: number, cls: number): boolean {
    return this.#members[set]?.[cls] === 1;
  }

  isWord(cls: number): boolean {
    return this.#words[cls] === 1;
  }

  isNewline(cls: number): boolean {
    return this.#newlines[cls] === 1;
  }

  #membership(set: CharSet): Uint8Array {
    return Uint8Array.from(this.#starts, (start) => {
      for (let i = 0; i + 1 < set.length; i += 2) if (start >= (set[i] ?? 0) && start <= (set[i + 1] ?? 0)) return 1;
      return 0;
    });
  }

  #search(code: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= code) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
