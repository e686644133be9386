import { assertNever } from "#core/base/assert-never.ts";

const MAX_GROUPS_DEEP = 16;

export type Test =
  | { kind: "char"; code: number }
  | { kind: "any" }
  | { kind: "set"; ranges: [number, number][]; not: boolean };
export type State =
  | { kind: "test"; test: Test; next: number }
  | { kind: "fork"; next: number; other: number }
  | { kind: "start"; next: number }
  | { kind: "end"; next: number }
  | { kind: "match" };

/** Something that real rules do not have, or that dialects read differently. */
export class Unsupported extends Error {}

type Node =
  | { kind: "empty" }
  | { kind: "test"; test: Test }
  | { kind: "start" }
  | { kind: "end" }
  | { kind: "sequence"; parts: Node[] }
  | { kind: "either"; parts: Node[] }
  | { kind: "repeat"; part: Node; least: 0 | 1; many: boolean };

/** Builds the states back to front: each reader is given where to go on and returns where it begins. */
export class PatternReader {
  readonly states: State[] = [];
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): number {
    const first = this.#add(this.#alternatives(0), this.#state({ kind: "match" }));
    if (this.#at < this.#pattern.length) throw new Unsupported();
    return first;
  }

  #state(state: State): number {
    return this.states.push(state) - 1;
  }

  /** Nodes become states only when what follows them is known. */
  #add(node: Node, next: number): number {
    switch (node.kind) {
      case "empty":
        return next;
      case "test":
        return this.#state({ kind: "test", test: node.test, next });
      case "start":
      case "end":
        return this.#state({ kind: node.kind, next });
      case "sequence":
        return node.parts.reduceRight((after, part) => this.#add(part, after), next);
      case "either":
        return node.parts
          .map((part) => this.#add(part, next))
          .reduceRight((other, begin) => this.#state({ kind: "fork", next: begin, other }));
      case "repeat":
        return this.#repeat(node, next);
      default:
        return assertNever(node, "part of a rule's pattern");
    }
  }

  #repeat(node: { part: Node; least: 0 | 1; many: boolean }, next: number): number {
    if (!node.many) return this.#state({ kind: "fork", next: this.#add(node.part, next), other: next });
    const fork: State = { kind: "fork", next, other: next };
    const at = this.#state(fork);
    const begin = this.#add(node.part, at);
    fork.next = begin;
    return node.least === 1 ? begin : at;
  }

  #alternatives(deep: number): Node {
    if (deep > MAX_GROUPS_DEEP) throw new Unsupported();
    const parts = [this.#sequence(deep)];
    while (this.#pattern[this.#at] === "|") {
      this.#at++;
      parts.push(this.#sequence(deep));
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "either", parts };
  }

  #sequence(deep: number): Node {
    const parts: Node[] = [];
    while (this.#at < this.#pattern.length && this.#pattern[this.#at] !== "|" && this.#pattern[this.#at] !== ")")
      parts.push(this.#repeated(this.#atom(deep)));
    return parts.length === 0 ? { kind: "empty" } : { kind: "sequence", parts };
  }

  #repeated(part: Node): Node {
    const sign = this.#pattern[this.#at];
    if (sign !== "*" && sign !== "+" && sign !== "?") return part;
    if (part.kind === "start" || part.kind === "end") throw new Unsupported();
    this.#at++;
    const after = this.#pattern[this.#at];
    if (after === "*" || after === "+" || after === "?") throw new Unsupported();
    return { kind: "repeat", part, least: sign === "+" ? 1 : 0, many: sign !== "?" };
  }

  #atom(deep: number): Node {
    const sign = this.#pattern[this.#at++] ?? "";
    switch (sign) {
      case "(": {
        const inner = this.#alternatives(deep + 1);
        if (this.#pattern[this.#at++] !== ")") throw new Unsupported();
        return inner;
      }
      case "[":
        return { kind: "test", test: this.#set() };
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case ".":
        return { kind: "test", test: { kind: "any" } };
      case "\\":
        return literal(this.#escaped());
      case "*":
      case "+":
      case "?":
      case "{":
        throw new Unsupported();
      default:
        return literal(sign);
    }
  }

  /** Letters and digits after a backslash mean something else in each dialect. */
  #escaped(): string {
    const sign = this.#pattern[this.#at++];
    if (sign === undefined || /[A-Za-z0-9]/.test(sign)) throw new Unsupported();
    return sign;
  }

  #set(): Test {
    const not = this.#pattern[this.#at] === "^";
    if (not) this.#at++;
    const ranges: [number, number][] = [];
    for (let first = true; ; first = false) {
      const sign = this.#pattern[this.#at];
      if (sign === undefined) throw new Unsupported();
      if (sign === "]" && !first) break;
      const after = this.#pattern[this.#at + 1];
      if (sign === "[" && (after === ":" || after === "." || after === "=")) throw new Unsupported();
      const from = sign.charCodeAt(0);
      const to = this.#pattern[this.#at + 2];
      const isRange = after === "-" && to !== undefined && to !== "]";
      if (isRange && to.charCodeAt(0) < from) throw new Unsupported();
      ranges.push([from, isRange ? to.charCodeAt(0) : from]);
      this.#at += isRange ? 3 : 1;
    }
    this.#at++;
    return { kind: "set", ranges, not };
  }
}

function literal(sign: string): Node {
  return { kind: "test", test: { kind: "char", code: sign.charCodeAt(0) } };
}
