/** What the engine cannot do (look-around, backreferences): the rule is skipped with this reason. */
export class UnsupportedRegex extends Error {}
/** What is no regular expression at all. */
export class MalformedRegex extends Error {}

/** Inclusive ranges of UTF-16 code units, flat: low, high, low, high … */
export type CharSet = readonly number[];
export type Assertion = "text-start" | "text-end" | "line-start" | "line-end" | "word-edge" | "no-word-edge";

export type RegexNode =
  | { t: "set"; set: CharSet }
  | { t: "sequence"; items: RegexNode[] }
  | { t: "either"; items: RegexNode[] }
  | { t: "repeat"; item: RegexNode; min: number; max: number | null }
  | { t: "assert"; kind: Assertion };

export interface RegexFlags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
}

export const MAX_PATTERN_CHARS = 4_096;
const MAX_REPEAT = 1_000;
const MAX_GROUP_DEPTH = 50;
const LAST = 0xffff;
const DIGIT: CharSet = [0x30, 0x39];
export const WORD: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
const SPACE: CharSet = [
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f,
  0x3000, 0x3000, 0xfeff, 0xfeff,
];
const CONTROLS: Record<string, number> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b, a: 0x07, e: 0x1b, "0": 0 };
const CLASSES: Record<string, CharSet> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};
const ANCHORS: Record<string, Assertion> = {
  A: "text-start",
  z: "text-end",
  Z: "text-end",
  b: "word-edge",
  B: "no-word-edge",
};

/** Reads the part of PCRE that a linear-time matcher can run. Throws {@link UnsupportedRegex} or {@link MalformedRegex}. */
export function parseRegex(pattern: string, flags: RegexFlags): RegexNode {
  if (pattern.length > MAX_PATTERN_CHARS) {
    throw new UnsupportedRegex(`regular expressions longer than ${MAX_PATTERN_CHARS} characters are not run`);
  }
  return new RegexParser(pattern, flags).parse();
}

class RegexParser {
  readonly #text: string;
  #flags: RegexFlags;
  #at = 0;
  #depth = 0;

  constructor(text: string, flags: RegexFlags) {
    this.#text = text;
    this.#flags = flags;
  }

  parse(): RegexNode {
    const node = this.#either();
    if (this.#at < this.#text.length) throw new MalformedRegex("a closing parenthesis has no opening one");
    return node;
  }

  #either(): RegexNode {
    const items = [this.#sequence()];
    while (this.#take("|")) items.push(this.#sequence());
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { t: "either", items };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    while (this.#at < this.#text.length && this.#peek() !== "|" && this.#peek() !== ")") {
      const item = this.#atom();
      if (item !== null) items.push(this.#quantified(item));
    }
    return { t: "sequence", items };
  }

  /** Null: inline flags such as `(?i)`, which hold from there to the group's end. */
  #atom(): RegexNode | null {
    const char = this.#next();
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return this.#set(this.#bracket());
      case ".":
        return this.#set(this.#flags.dotAll ? [0, LAST] : [0, 9, 0x0b, LAST]);
      case "^":
        return { t: "assert", kind: this.#flags.multiline ? "line-start" : "text-start" };
      case "$":
        return { t: "assert", kind: this.#flags.multiline ? "line-end" : "text-end" };
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        throw new MalformedRegex(`"${char}" repeats nothing`);
      default:
        return this.#set([char.charCodeAt(0), char.charCodeAt(0)]);
    }
  }

  #group(): RegexNode | null {
    const outer = this.#flags;
    if (++this.#depth > MAX_GROUP_DEPTH) throw new UnsupportedRegex("groups are nested too deep");
    if (this.#take("?")) {
      const inline = /^([ims]*)(?:-([ims]+))?([:)])/.exec(this.#text.slice(this.#at, this.#at + 12));
      const named = /^P?<[A-Za-z_]\w{0,60}>/.exec(this.#text.slice(this.#at, this.#at + 64));
      if (inline !== null) {
        this.#at += inline[0].length;
        this.#flags = withFlags(withFlags(outer, inline[1] ?? "", true), inline[2] ?? "", false);
        if (inline[3] === ")") {
          this.#depth--;
          return null;
        }
      } else if (named !== null) {
        this.#at += named[0].length;
      } else {
        throw new UnsupportedRegex("look-around, atomic and conditional groups cannot run in linear time");
      }
    }
    const node = this.#either();
    if (!this.#take(")")) throw new MalformedRegex("an opening parenthesis has no closing one");
    this.#depth--;
    this.#flags = outer;
    return node;
  }

  #quantified(item: RegexNode): RegexNode {
    const found = /^(?:[*+?]|\{(\d{1,6})(?:(,)(\d{0,6}))?\})/.exec(this.#text.slice(this.#at, this.#at + 16));
    if (found === null) return item;
    if (item.t === "assert") throw new UnsupportedRegex("a repeated assertion is not run");
    const [sign, from, comma, to] = found;
    this.#at += sign.length;
    if (this.#take("+")) throw new UnsupportedRegex("possessive quantifiers are not run");
    this.#take("?");
    if (/^[*+?{]/.test(this.#text.slice(this.#at, this.#at + 1)) && this.#peek() !== "{") {
      throw new MalformedRegex("two quantifiers follow one another");
    }
    if (sign === "*") return { t: "repeat", item, min: 0, max: null };
    if (sign === "+") return { t: "repeat", item, min: 1, max: null };
    if (sign === "?") return { t: "repeat", item, min: 0, max: 1 };
    const min = Number(from);
    const max = comma === undefined ? min : to === "" ? null : Number(to);
    if (Math.max(min, max ?? 0) > MAX_REPEAT) throw new UnsupportedRegex(`repeats of more than ${MAX_REPEAT}`);
    if (max !== null && max < min) throw new MalformedRegex("a repeat counts backwards");
    return { t: "repeat", item, min, max };
  }

  #escape(): RegexNode {
    const char = this.#next();
    const kind = ANCHORS[char];
    if (kind !== undefined) return { t: "assert", kind };
    if (/[1-9]/.test(char) || char === "k" || char === "g") throw new UnsupportedRegex("backreferences");
    return this.#set(CLASSES[char] ?? pair(this.#escapedCode(char)));
  }

  #escapedCode(char: string): number {
    if (char === "x" || char === "u") {
      const digits = char === "x" ? 2 : 4;
      const hex = this.#text.slice(this.#at, this.#at + digits);
      if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(hex)) throw new MalformedRegex(`\\${char} lacks its hex digits`);
      this.#at += digits;
      return Number.parseInt(hex, 16);
    }
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (/[A-Za-z0-9]/.test(char)) throw new UnsupportedRegex(`the escape \\${char}`);
    return char.charCodeAt(0);
  }

  #bracket(): CharSet {
    const negated = this.#take("^");
    const set: number[] = [];
    for (let first = true; first || this.#peek() !== "]"; first = false) {
      const low = this.#member();
      if (typeof low !== "number") {
        set.push(...low);
      } else if (this.#peek() === "-" && this.#text[this.#at + 1] !== "]") {
        this.#next();
        const high = this.#member();
        if (typeof high !== "number" || high < low) throw new MalformedRegex("a range in [] runs backwards");
        set.push(low, high);
      } else {
        set.push(low, low);
      }
    }
    this.#next();
    const cased = this.#flags.ignoreCase ? bothCases(set) : set;
    return negated ? complement(cased) : cased;
  }

  #member(): number | CharSet {
    const char = this.#next();
    if (char === "[" && this.#peek() === ":") throw new UnsupportedRegex("POSIX classes");
    if (char !== "\\") return char.charCodeAt(0);
    const escaped = this.#next();
    if (escaped === "b") return 0x08;
    return CLASSES[escaped] ?? this.#escapedCode(escaped);
  }

  #set(set: CharSet): RegexNode {
    return { t: "set", set: this.#flags.ignoreCase ? bothCases(set) : set };
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #next(): string {
    const char = this.#text[this.#at];
    if (char === undefined) throw new MalformedRegex("it ends too early");
    this.#at++;
    return char;
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }
}

function pair(code: number): CharSet {
  return [code, code];
}

function withFlags(flags: RegexFlags, letters: string, value: boolean): RegexFlags {
  return {
    ignoreCase: letters.includes("i") ? value : flags.ignoreCase,
    multiline: letters.includes("m") ? value : flags.multiline,
    dotAll: letters.includes("s") ? value : flags.dotAll,
  };
}

/** Everything that is not in `set`, which may overlap and be unsorted. */
export function complement(set: CharSet): CharSet {
  const ranges: [number, number][] = [];
  for (let i = 0; i + 1 < set.length; i += 2) ranges.push([set[i] ?? 0, set[i + 1] ?? 0]);
  ranges.sort((a, b) => a[0] - b[0]);
  const rest: number[] = [];
  let from = 0;
  for (const [low, high] of ranges) {
    if (low > from) rest.push(from, low - 1);
    from = Math.max(from, high + 1);
  }
  if (from <= LAST) rest.push(from, LAST);
  return rest;
}

/** Adds the other case: of ASCII ranges, and of single letters beyond ASCII. */
function bothCases(set: CharSet): CharSet {
  const more: number[] = [...set];
  for (let i = 0; i + 1 < set.length; i += 2) {
    const low = set[i] ?? 0;
    const high = set[i + 1] ?? 0;
    addShifted(more, Math.max(low, 0x41), Math.min(high, 0x5a), 0x20);
    addShifted(more, Math.max(low, 0x61), Math.min(high, 0x7a), -0x20);
    if (low === high && low > 0x7f) {
      for (const other of [String.fromCharCode(low).toLowerCase(), String.fromCharCode(low).toUpperCase()]) {
        if (other.length === 1) more.push(other.charCodeAt(0), other.charCodeAt(0));
      }
    }
  }
  return more;
}

function addShifted(set: number[], low: number, high: number, shift: number): void {
  if (low <= high) set.push(low + shift, high + shift);
}
