import { assertNever } from "#core/base/assert-never.ts";
import type { CorrelationType } from "./correlation.ts";
import type { TreeReader } from "./tree-reader.ts";

const OPERATORS = ["gt", "gte", "lt", "lte", "eq", "neq"] as const;
type Operator = (typeof OPERATORS)[number];

/** The condition of event_count and value_count. Several operators hold together. */
export interface ConditionReading {
  tests: readonly { operator: Operator; value: number }[];
  /** value_count: the fields whose distinct values (together, if several) are counted; event_count: empty. */
  fields: readonly string[];
}

/** A count beyond this would have to be kept in memory for every group. */
export const MAX_COUNT = 10_000;

export function readCountCondition(inner: TreeReader, type: CorrelationType): ConditionReading | null {
  const entry = inner.entry("condition");
  const counts = type === "event_count" || type === "value_count";
  if (entry === undefined) {
    if (counts) inner.problems.error(inner.map, `${type} needs a condition`);
    return null;
  }
  if (!counts) {
    inner.problems.skip(entry.at, `a condition on ${type} is not supported`);
    return null;
  }
  const reader = inner.inner("condition");
  if (reader === null) return null;
  reader.refuseOthers([...OPERATORS, "field"], "condition");
  const tests: { operator: Operator; value: number }[] = [];
  for (const operator of OPERATORS) {
    const { value, at } = reader.entry(operator) ?? {};
    if (value === undefined || at === undefined) continue;
    const number = value.kind === "scalar" ? value.value : null;
    if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 0 || number > MAX_COUNT) {
      reader.problems.error(at, `${operator} is a whole number up to ${MAX_COUNT}`);
    } else tests.push({ operator, value: number });
  }
  const states = OPERATORS.some((operator) => reader.entry(operator) !== undefined);
  if (!states) reader.problems.error(reader.map, `a condition has one of ${OPERATORS.join(", ")}`);
  const fields = reader.texts("field");
  if (type === "value_count" && fields.length === 0) reader.problems.error(reader.map, "value_count needs a field");
  if (type === "event_count" && fields.length > 0)
    reader.problems.error(reader.place("field"), "event_count has no field");
  return { tests, fields };
}

export function countSatisfies(count: number, condition: ConditionReading): boolean {
  return condition.tests.every(({ operator, value }) => {
    switch (operator) {
      case "gt":
        return count > value;
      case "gte":
        return count >= value;
      case "lt":
        return count < value;
      case "lte":
        return count <= value;
      case "eq":
        return count === value;
      case "neq":
        return count !== value;
      default:
        return assertNever(operator, "operators are a closed list");
    }
  });
}
