import { assertNever } from "#core/base/assert-never.ts";
import type { EventView } from "./event-view.ts";

/** A value one of whose kind a record must have for a rule to match: what rule-set.ts files rules by. */
export interface IndexKey {
  slot: number;
  /** In lower case; `equals`: the whole field; `basename`: what follows its last slash; `holds`: a part of it. */
  by: "equals" | "basename" | "holds";
  value: string;
}

/** A compiled condition. */
export type Predicate =
  | { kind: "all"; parts: readonly Predicate[] }
  | { kind: "any"; parts: readonly Predicate[] }
  | { kind: "not"; part: Predicate }
  /** `keys`: at least one of them holds whenever `test` does; null when nothing can be said. */
  | { kind: "field"; test: (view: EventView) => boolean; keys: readonly IndexKey[] | null };

export function all(parts: readonly Predicate[]): Predicate {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: "all", parts };
}

export function any(parts: readonly Predicate[]): Predicate {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: "any", parts };
}

export function holds(predicate: Predicate, view: EventView): boolean {
  switch (predicate.kind) {
    case "field":
      return predicate.test(view);
    case "all":
      for (const part of predicate.parts) if (!holds(part, view)) return false;
      return true;
    case "any":
      for (const part of predicate.parts) if (holds(part, view)) return true;
      return false;
    case "not":
      return !holds(predicate.part, view);
    default:
      return assertNever(predicate, "a predicate has these kinds only");
  }
}

/** Keys of which a matching record has at least one; null when there is no such list. */
export function indexKeys(predicate: Predicate): readonly IndexKey[] | null {
  switch (predicate.kind) {
    case "field":
      return predicate.keys;
    case "not":
      return null;
    case "any": {
      const keys: IndexKey[] = [];
      for (const part of predicate.parts) {
        const found = indexKeys(part);
        if (found === null) return null;
        keys.push(...found);
      }
      return keys;
    }
    case "all": {
      // Any part's list is enough: the one that the fewest records meet.
      let best: readonly IndexKey[] | null = null;
      for (const part of predicate.parts) {
        const found = indexKeys(part);
        if (found !== null && (best === null || howCommon(found) < howCommon(best))) best = found;
      }
      return best;
    }
    default:
      return assertNever(predicate, "a predicate has these kinds only");
  }
}

/** A guess: the longer a value, the fewer records have it, and a part of a text is met more often than a whole one. */
function howCommon(keys: readonly IndexKey[]): number {
  return keys.reduce((sum, { by, value }) => sum + (by === "holds" ? 4 : 1) * 0.5 ** Math.min(value.length, 24), 0);
}
