import type { Selection } from "./detection.ts";
import { all, any, type Predicate } from "./predicate.ts";
import type { Place, ProblemList } from "./problem.ts";

const MAX_CONDITION_CHARS = 8_192;
const MAX_DEPTH = 64;
const TOKEN = /\s*(\(|\)|[^\s()]+)/y;

/** Stops the reading of one condition; the problem has been noted. */
class StopReading extends Error {}

/**
 * Compiles a condition: `not` binds before `and`, `and` before `or`; `1 of` / `any of` / `all of` take a name, a
 * pattern with `*`, or `them` (every selection whose name does not begin with an underscore).
 * @param used receives the names of the selections that the condition speaks of
 */
export function compileCondition(
  text: string,
  at: Place,
  selections: readonly Selection[],
  used: Set<string>,
  problems: ProblemList,
): Predicate | null {
  try {
    return new ConditionParser(tokens(text, at, problems), at, selections, used, problems).parse();
  } catch (cause) {
    if (cause instanceof StopReading) return null;
    throw cause;
  }
}

function tokens(text: string, at: Place, problems: ProblemList): string[] {
  if (text.length > MAX_CONDITION_CHARS) {
    problems.error(at, `a condition longer than ${MAX_CONDITION_CHARS} characters`);
    throw new StopReading();
  }
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) found.push(match[1] ?? "");
  if (found.includes("|")) {
    problems.skip(at, "an aggregation in the condition (Sigma version 1); write a correlation instead");
    throw new StopReading();
  }
  return found;
}

class ConditionParser {
  readonly #tokens: readonly string[];
  readonly #place: Place;
  readonly #selections: readonly Selection[];
  readonly #used: Set<string>;
  readonly #problems: ProblemList;
  #at = 0;
  #depth = 0;
  #incomplete = false;

  constructor(
    tokens: readonly string[],
    place: Place,
    selections: readonly Selection[],
    used: Set<string>,
    problems: ProblemList,
  ) {
    this.#tokens = tokens;
    this.#place = place;
    this.#selections = selections;
    this.#used = used;
    this.#problems = problems;
  }

  parse(): Predicate | null {
    const whole = this.#or();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) this.#stop(`condition: ${JSON.stringify(rest)} is not expected here`);
    return this.#incomplete ? null : whole;
  }

  #or(): Predicate {
    const parts = [this.#and()];
    while (this.#takeWord("or")) parts.push(this.#and());
    return any(parts);
  }

  #and(): Predicate {
    const parts = [this.#not()];
    while (this.#takeWord("and")) parts.push(this.#not());
    return all(parts);
  }

  #not(): Predicate {
    if (++this.#depth > MAX_DEPTH) this.#stop("condition: nested too deep");
    const part: Predicate = this.#takeWord("not") ? { kind: "not", part: this.#not() } : this.#operand();
    this.#depth--;
    return part;
  }

  #operand(): Predicate {
    const token = this.#tokens[this.#at++];
    if (token === undefined) return this.#stop("condition: it ends too early");
    if (token === "(") {
      const inner = this.#or();
      if (this.#tokens[this.#at++] !== ")") this.#stop("condition: a parenthesis is not closed");
      return inner;
    }
    if (token === ")" || isWord(token, "and") || isWord(token, "or")) {
      return this.#stop(`condition: ${JSON.stringify(token)} is not expected here`);
    }
    if (isWord(this.#tokens[this.#at], "of")) return this.#quantified(token);
    return this.#selected([this.#named(token)], all);
  }

  #quantified(quantity: string): Predicate {
    this.#at++;
    const target = this.#tokens[this.#at++];
    if (target === undefined) return this.#stop("condition: `of` lacks what it counts");
    if (quantity !== "1" && !isWord(quantity, "any") && !isWord(quantity, "all")) {
      this.#problems.skip(this.#place, `condition: "${quantity} of" is not supported, only 1, any and all`);
      throw new StopReading();
    }
    const chosen = this.#selections.filter(({ name }) => matchesTarget(name, target));
    if (chosen.length === 0) this.#stop(`condition: no selection is named ${JSON.stringify(target)}`);
    return this.#selected(chosen, isWord(quantity, "all") ? all : any);
  }

  #named(name: string): Selection {
    const selection = this.#selections.find((candidate) => candidate.name === name);
    return selection ?? this.#stop(`condition: no selection is named ${JSON.stringify(name)}`);
  }

  #selected(chosen: readonly Selection[], join: (parts: Predicate[]) => Predicate): Predicate {
    const parts: Predicate[] = [];
    for (const { name, predicate } of chosen) {
      this.#used.add(name);
      if (predicate === null) this.#incomplete = true;
      else parts.push(predicate);
    }
    return join(parts);
  }

  #takeWord(word: string): boolean {
    if (!isWord(this.#tokens[this.#at], word)) return false;
    this.#at++;
    return true;
  }

  #stop(reason: string): never {
    this.#problems.error(this.#place, reason);
    throw new StopReading();
  }
}

function isWord(token: string | undefined, word: string): boolean {
  return token?.toLowerCase() === word;
}

function matchesTarget(name: string, target: string): boolean {
  if (target === "them") return !name.startsWith("_");
  const [head = "", ...rest] = target.split("*");
  if (rest.length === 0) return name === target;
  const tail = rest.pop() ?? "";
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  let from = head.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0 || at + part.length > name.length - tail.length) return false;
    from = at + part.length;
  }
  return true;
}
