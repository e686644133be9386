import { assertNever } from "#core/base/assert-never.ts";
import type { RegexNode } from "./regex-syntax.ts";

/** A longer list is no help: some text would hold one of them anyway. */
const MAX_LITERALS = 32;
const MAX_ASCII = 0x7f;

/**
 * Literals, in lower case, of which every text that the expression matches holds at least one in any case; null when
 * nothing can be said. Of several such lists the one whose shortest literal is longest.
 */
export function requiredLiterals(node: RegexNode): readonly string[] | null {
  switch (node.t) {
    case "assert":
      return null;
    case "set": {
      const letter = onlyLetter(node.set);
      return letter === null ? null : [letter];
    }
    case "repeat":
      return node.min > 0 ? requiredLiterals(node.item) : null;
    case "either": {
      const all: string[] = [];
      for (const item of node.items) {
        const found = requiredLiterals(item);
        if (found === null || all.length + found.length > MAX_LITERALS) return null;
        all.push(...found);
      }
      return all.length === 0 ? null : all;
    }
    case "sequence":
      return ofSequence(node.items);
    default:
      return assertNever(node, "a regular expression has these parts only");
  }
}

function ofSequence(items: readonly RegexNode[]): readonly string[] | null {
  let best: readonly string[] | null = null;
  let run = "";
  const consider = (found: readonly string[] | null) => {
    if (found !== null && shortest(found) > (best === null ? 0 : shortest(best))) best = found;
  };
  for (const item of items) {
    const letter = item.t === "set" ? onlyLetter(item.set) : null;
    if (letter !== null) {
      run += letter;
      continue;
    }
    // What stands between two letters without taking a place does not part them.
    if (item.t === "assert") continue;
    if (run !== "") consider([run]);
    run = "";
    consider(requiredLiterals(item));
  }
  if (run !== "") consider([run]);
  return best;
}

function shortest(literals: readonly string[]): number {
  return literals.reduce((least, { length }) => Math.min(least, length), Infinity);
}

/** The one ASCII letter or sign that a set stands for, in lower case; both cases of a letter are one. */
function onlyLetter(set: readonly number[]): string | null {
  let only: string | null = null;
  for (let i = 0; i < set.length; i += 2) {
    const low = set[i] ?? 0;
    if (low !== set[i + 1] || low > MAX_ASCII) return null;
    const letter = String.fromCharCode(low).toLowerCase();
    if (only !== null && only !== letter) return null;
    only = letter;
  }
  return only;
}
