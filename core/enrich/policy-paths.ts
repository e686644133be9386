import { comparablePath } from "./protected-path.ts";

interface Pattern {
  /** As the setting has it. */
  text: string;
  parts: readonly string[];
}

/** MITRE's PolicyPaths: a path of the setting stands for itself and everything below it; `*` is text within one component. */
export class PolicyPaths {
  readonly #patterns: readonly Pattern[];

  constructor(paths: readonly string[]) {
    this.#patterns = paths.map((text) => ({ text, parts: partsOf(text) })).filter(({ parts }) => parts.length > 0);
  }

  /** The setting that covers the path; null when none does. */
  covering(path: string): string | null {
    if (this.#patterns.length === 0) return null;
    const parts = partsOf(path);
    return this.#patterns.find((pattern) => covers(pattern.parts, parts))?.text ?? null;
  }
}

const MAX_PARTS = 256;

function partsOf(path: string): string[] {
  return comparablePath(path)
    .split("/", MAX_PARTS)
    .filter((part) => part !== "");
}

function covers(pattern: readonly string[], parts: readonly string[]): boolean {
  return pattern.length <= parts.length && pattern.every((part, index) => matches(part, parts[index] ?? ""));
}

/** Pieces between stars, leftmost first: no backtracking, whatever the name is. */
function matches(pattern: string, name: string): boolean {
  const pieces = pattern.split("*");
  const [first = "", ...rest] = pieces;
  if (rest.length === 0) return name === first;
  const last = rest.pop() ?? "";
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
