/** A test of one text; the text is already lower-cased unless the pattern is case-sensitive. */
export type TextTest = (text: string) => boolean;

/** Where a value may stand in the field: the modifiers `contains`, `startswith`, `endswith`. */
export type Anchoring = "whole" | "contains" | "startswith" | "endswith";

export interface TextPattern {
  test: TextTest;
  /** The text the field must equal, when the pattern is no more than that: what an index can use. */
  equals: string | null;
  /** The literal end the field must have, for the same purpose. */
  ends: string | null;
  /** The longest literal that the field must hold somewhere; empty when there is none. */
  holds: string;
}

/** Pieces between `*`; within a piece `null` is `?`. */
type Piece = (string | null)[];

/**
 * Compiles a Sigma value: `*` and `?` are wildcards, a backslash before `*`, `?` or a backslash makes it plain, before
 * anything else it is plain itself (Sigma specification, "Wildcards" and "Escaping"). Matching takes the leftmost place
 * for each piece in turn, so its time is at most text length times piece length whatever the text is.
 */
export function compileWildcard(value: string, anchoring: Anchoring): TextPattern {
  const pieces = splitPieces(value);
  if (anchoring === "contains" || anchoring === "endswith") pieces.unshift([]);
  if (anchoring === "contains" || anchoring === "startswith") pieces.push([]);
  const literals = pieces.map(literalOf);
  const first = literals[0] ?? null;
  const last = literals.at(-1) ?? null;
  const holds = pieces
    .flat()
    .reduce<string>((longest, part) => ((part?.length ?? 0) > longest.length ? (part ?? "") : longest), "");
  if (pieces.length === 1 && first !== null)
    return { test: (text) => text === first, equals: first, ends: first, holds };
  const ends = last === null || last === "" ? null : last;
  if (literals.every((literal) => literal !== null)) {
    const inner = literals.slice(1, -1).filter((literal) => literal !== "");
    return { test: literalTest(literals[0] ?? "", inner, last ?? ""), equals: null, ends, holds };
  }
  return { test: (text) => matchPieces(text, pieces), equals: null, ends, holds };
}

function literalTest(head: string, inner: string[], tail: string): TextTest {
  const [only] = inner;
  if (inner.length === 0) {
    if (head === "" && tail === "") return () => true;
    if (head === "") return (text) => text.endsWith(tail);
    if (tail === "") return (text) => text.startsWith(head);
  } else if (inner.length === 1 && only !== undefined && head === "" && tail === "") {
    return (text) => text.includes(only);
  }
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    const end = text.length - tail.length;
    let from = head.length;
    for (const literal of inner) {
      const at = text.indexOf(literal, from);
      if (at < 0 || at + literal.length > end) return false;
      from = at + literal.length;
    }
    return true;
  };
}

function matchPieces(text: string, pieces: readonly Piece[]): boolean {
  const head = pieces[0] ?? [];
  const tail = pieces.at(-1) ?? [];
  if (pieces.length === 1) return text.length === lengthOf(head) && standsAt(text, 0, head);
  const end = text.length - lengthOf(tail);
  let from = lengthOf(head);
  if (end < from || !standsAt(text, 0, head) || !standsAt(text, end, tail)) return false;
  for (const piece of pieces.slice(1, -1)) {
    const width = lengthOf(piece);
    while (from + width <= end && !standsAt(text, from, piece)) from++;
    if (from + width > end) return false;
    from += width;
  }
  return true;
}

function standsAt(text: string, at: number, piece: Piece): boolean {
  let from = at;
  for (const part of piece) {
    if (part !== null && !text.startsWith(part, from)) return false;
    from += part === null ? 1 : part.length;
  }
  return true;
}

function lengthOf(piece: Piece): number {
  return piece.reduce((sum, part) => sum + (part === null ? 1 : part.length), 0);
}

function literalOf(piece: Piece): string | null {
  if (piece.length === 0) return "";
  return piece.length === 1 ? (piece[0] ?? null) : null;
}

function splitPieces(value: string): Piece[] {
  const pieces: Piece[] = [];
  let piece: Piece = [];
  let literal = "";
  const endLiteral = () => {
    if (literal !== "") piece.push(literal);
    literal = "";
  };
  for (let i = 0; i < value.length; i++) {
    const char = value[i] ?? "";
    const next = value[i + 1];
    if (char === "\\" && (next === "*" || next === "?" || next === "\\")) {
      literal += next;
      i++;
    } else if (char === "*") {
      endLiteral();
      pieces.push(piece);
      piece = [];
    } else if (char === "?") {
      endLiteral();
      piece.push(null);
    } else {
      literal += char;
    }
  }
  endLiteral();
  pieces.push(piece);
  return pieces;
}
