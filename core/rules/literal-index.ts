/** Shorter literals stand in nearly every text, so an index by them would save nothing. */
export const MIN_LITERAL = 4;

const FLAG_BITS = 14;
/** Signs that most paths and command lines are full of: a window without them is met seldom. */
const COMMON = " /-._eaotinsrlcm";

interface Entry {
  literal: string;
  /** Where in the literal its window begins. */
  offset: number;
  positions: number[];
}

/**
 * Finds in one pass over a text which of many literals it holds, however many there are: four characters at a time are
 * looked up, and only where they belong to a literal is that compared. A search for each literal by itself would make
 * every rule cost a pass of its own.
 */
export class LiteralIndex {
  readonly #flags = new Uint8Array(1 << FLAG_BITS);
  readonly #byWindow = new Map<number, Entry[]>();

  /** @param literal at least {@link MIN_LITERAL} characters, in lower case */
  add(literal: string, position: number): void {
    const offset = rarestWindow(literal);
    const window = windowAt(literal, offset);
    this.#flags[flagOf(window)] = 1;
    const entries = this.#byWindow.get(window) ?? [];
    this.#byWindow.set(window, entries);
    const known = entries.find((entry) => entry.literal === literal);
    if (known === undefined) entries.push({ literal, offset, positions: [position] });
    else known.positions.push(position);
  }

  /** Calls `found` with the positions of each literal that stands in the text, perhaps more than once. */
  scan(text: string, found: (positions: readonly number[]) => void): void {
    const flags = this.#flags;
    let window = 0;
    for (let i = 0; i < text.length; i++) {
      window = (window << 8) | (text.charCodeAt(i) & 0xff);
      if (flags[flagOf(window)] === 0 || i < MIN_LITERAL - 1) continue;
      for (const { literal, offset, positions } of this.#byWindow.get(window) ?? NO_ENTRIES) {
        if (text.startsWith(literal, i - (MIN_LITERAL - 1) - offset)) found(positions);
      }
    }
  }
}

const NO_ENTRIES: readonly Entry[] = [];

/** The low bytes of four characters; others with the same bytes are told apart by comparing. */
function windowAt(text: string, from: number): number {
  let window = 0;
  for (let i = from; i < from + MIN_LITERAL; i++) window = (window << 8) | (text.charCodeAt(i) & 0xff);
  return window;
}

function flagOf(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> (32 - FLAG_BITS);
}

function rarestWindow(literal: string): number {
  let best = 0;
  let least = Infinity;
  for (let from = 0; from + MIN_LITERAL <= literal.length; from++) {
    let common = 0;
    for (let i = from; i < from + MIN_LITERAL; i++) if (COMMON.includes(literal[i] ?? "")) common += 1;
    if (common >= least) continue;
    least = common;
    best = from;
  }
  return best;
}
