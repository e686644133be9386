import { assertNever } from "#core/base/assert-never.ts";
import type { PlistValue } from "../plist/value.ts";
import type { Match } from "./requirement-expression.ts";

/** Yes, no, cannot tell. */
export type Answer = boolean | null;

/** Values looked at for one question. A property list's arrays may hold one another many times over. */
const MAX_VALUES = 10_000;

/**
 * Whether a value that was found (undefined: none) is as asked. Any element of an array will do.
 * Security reqinterp.cpp, Match::operator().
 */
export function matches(match: Match, value: PlistValue | undefined, budget = { left: MAX_VALUES }): Answer {
  if (value === undefined) return match.kind === "absent";
  budget.left -= 1;
  if (budget.left < 0) return null;
  if (Array.isArray(value)) {
    let within: Answer = false;
    for (const element of value as readonly PlistValue[]) {
      within = anyOf([within, matches(match, element, budget)]);
      if (within === true || budget.left < 0) return within;
    }
    return within === false ? match.kind === "exists" : within;
  }
  switch (match.kind) {
    case "absent":
      return false;
    case "exists":
      return value !== false;
    case "not-understood":
      return false;
    case "on":
    case "before":
    case "after":
    case "on-or-before":
    case "on-or-after":
      return null;
    case "equal":
    case "contains":
    case "begins-with":
    case "ends-with":
    case "less":
    case "greater":
    case "less-or-equal":
    case "greater-or-equal":
      return typeof value === "string" && textMatches(match.kind, value, match.value.toString("utf8"));
    default:
      return assertNever(match, "a match without a meaning");
  }
}

/** Yes when any is, no when all are not. */
export function anyOf(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

function textMatches(kind: Extract<Match, { value: Buffer }>["kind"], value: string, wanted: string): boolean {
  switch (kind) {
    case "equal":
      return value === wanted;
    case "contains":
      return value.includes(wanted);
    case "begins-with":
      return value.startsWith(wanted);
    case "ends-with":
      return value.endsWith(wanted);
    case "less":
      return compareNumerically(value, wanted) < 0;
    case "greater":
      return compareNumerically(value, wanted) > 0;
    case "less-or-equal":
      return compareNumerically(value, wanted) <= 0;
    case "greater-or-equal":
      return compareNumerically(value, wanted) >= 0;
    default:
      return assertNever(kind, "a comparison without a meaning");
  }
}

/** Text by text, but runs of digits by their value, as kCFCompareNumerically: "10.9" comes before "10.10". */
function compareNumerically(left: string, right: string): number {
  const lefts = left.match(RUNS) ?? [];
  const rights = right.match(RUNS) ?? [];
  for (let index = 0; index < Math.min(lefts.length, rights.length); index += 1) {
    const order = compareRuns(lefts[index] ?? "", rights[index] ?? "");
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

const RUNS = /\d+|\D+/g;

function compareRuns(left: string, right: string): number {
  if (/^\d/.test(left) && /^\d/.test(right)) {
    const [a, b] = [left.replace(/^0+/, ""), right.replace(/^0+/, "")];
    return a.length === b.length ? compareText(a, b) : a.length - b.length;
  }
  return compareText(left, right);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
