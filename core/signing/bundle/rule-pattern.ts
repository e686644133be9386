import { assertNever } from "#core/base/assert-never.ts";
import { PatternReader, type State, type Test, Unsupported } from "./rule-syntax.ts";

/**
 * The regular expressions of resource rules (POSIX extended, as Apple's regcomp with REG_EXTENDED reads them:
 * Security, OSX/libsecurity_codesigning/lib/resources.cpp). They come from a file that anyone may have written, so they
 * are never run as JavaScript's: this engine follows all possibilities at once and its time grows with
 * pattern length times path length, never faster.
 */
const MAX_PATTERN = 512;
/** Remembered sets of states and steps between them; when full, all are forgotten and made anew. */
const MAX_REMEMBERED = 256;
const MAX_STEPS = 8192;

/** How much matching may still be done, in steps of one state over one character. Shared by all patterns of a bundle. */
export interface MatchBudget {
  left: number;
}

function passes(test: Test, code: number): boolean {
  switch (test.kind) {
    case "char":
      return test.code === code;
    case "any":
      return true;
    case "set":
      return test.ranges.some(([from, to]) => code >= from && code <= to) !== test.not;
    default:
      return assertNever(test, "test of a rule's pattern");
  }
}

/** All states the engine is in at once. */
interface Situation {
  /** Only states that look at a character or at the end. */
  waiting: number[];
  matched: boolean;
  matchedAtEnd: boolean;
  steps: Map<number, Situation>;
}

export class PathPattern {
  readonly #states: State[];
  readonly #first: number;
  readonly #seen: Uint8Array;
  #begin: Situation | null = null;
  #remembered = new Map<string, Situation>();
  #steps = 0;

  private constructor(states: State[], first: number) {
    this.#states = states;
    this.#first = first;
    this.#seen = new Uint8Array(states.length);
  }

  /** Null for a pattern with something that real rules do not have or that dialects read differently. */
  static compile(pattern: string): PathPattern | null {
    if (pattern.length > MAX_PATTERN) return null;
    const reader = new PatternReader(pattern);
    try {
      return new PathPattern(reader.states, reader.read());
    } catch (error) {
      if (error instanceof Unsupported) return null;
      throw error;
    }
  }

  /** Whether the pattern is found anywhere in the path. With an empty budget the answer means nothing. */
  matches(path: string, budget: MatchBudget): boolean {
    this.#begin ??= this.#situation([this.#first], true, budget);
    let now = this.#begin;
    for (let i = 0; i < path.length; i++) {
      if (now.matched) return true;
      // Nothing can begin here that could not have begun before: it stays so to the end.
      if (now.waiting.length === 0) return false;
      if (--budget.left <= 0) return false;
      const code = path.charCodeAt(i);
      now = now.steps.get(code) ?? this.#step(now, code, budget);
    }
    return now.matched || now.matchedAtEnd;
  }

  #step(from: Situation, code: number, budget: MatchBudget): Situation {
    budget.left -= this.#states.length;
    const reached = [this.#first];
    for (const at of from.waiting) {
      const state = this.#states[at];
      if (state?.kind === "test" && passes(state.test, code)) reached.push(state.next);
    }
    if (++this.#steps > MAX_STEPS || this.#remembered.size > MAX_REMEMBERED) {
      this.#remembered = new Map();
      this.#begin = null;
      this.#steps = 0;
      return this.#situation(reached, false, budget);
    }
    const to = this.#situation(reached, false, budget);
    from.steps.set(code, to);
    return to;
  }

  #situation(reached: readonly number[], atStart: boolean, budget: MatchBudget): Situation {
    const here = this.#follow(reached, atStart, false, budget);
    const waiting = here.filter((at) => this.#states[at]?.kind === "test" || this.#states[at]?.kind === "end");
    const key = `${atStart ? "^" : ""}${waiting.sort((a, b) => a - b).join(",")}`;
    const matched = this.#hasMatch(here);
    const known = this.#remembered.get(key);
    if (known !== undefined && known.matched === matched) return known;
    const matchedAtEnd = this.#hasMatch(this.#follow(here, atStart, true, budget));
    const situation = { waiting, matched, matchedAtEnd, steps: new Map<number, Situation>() };
    this.#remembered.set(key, situation);
    return situation;
  }

  #hasMatch(places: readonly number[]): boolean {
    return places.some((at) => this.#states[at]?.kind === "match");
  }

  /** Every state that can be reached without a character. */
  #follow(from: readonly number[], atStart: boolean, atEnd: boolean, budget: MatchBudget): number[] {
    const places: number[] = [];
    const ahead = [...from];
    this.#seen.fill(0);
    for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
      if (this.#seen[at] === 1) continue;
      this.#seen[at] = 1;
      budget.left--;
      places.push(at);
      const state = this.#states[at];
      if (state?.kind === "fork") ahead.push(state.next, state.other);
      if (state?.kind === "start" && atStart) ahead.push(state.next);
      if (state?.kind === "end" && atEnd) ahead.push(state.next);
    }
    return places;
  }
}
