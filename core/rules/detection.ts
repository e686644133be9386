import { compileItem, type CompileContext, refuseUnknownField } from "./detection-item.ts";
import { readFieldSpec } from "./modifiers.ts";
import { all, any, type Predicate } from "./predicate.ts";
import type { Place } from "./problem.ts";
import type { Tree, TreeMap, TreeScalar } from "./yaml-tree.ts";

/** A named part of `detection`; `predicate` is null when it could not be compiled (the problem is already noted). */
export interface Selection {
  name: string;
  at: Place;
  predicate: Predicate | null;
}

/** Compiles every selection, so that one rule's errors are all found at once. */
export function compileSelections(detection: TreeMap, context: CompileContext): Selection[] {
  const selections: Selection[] = [];
  for (const { key, at, value } of detection.entries) {
    if (key === "condition") continue;
    if (key === "timeframe") {
      context.problems.skip(at, "timeframe belongs to Sigma's old aggregations; write a correlation instead");
      continue;
    }
    selections.push({ name: key, at, predicate: compileSelection(value, context) });
  }
  return selections;
}

function compileSelection(tree: Tree, context: CompileContext): Predicate | null {
  if (tree.kind === "map") return compileMap(tree, context);
  if (tree.kind === "scalar") return compileKeywords("", [tree], tree, context);
  if (tree.items.length === 0) {
    context.problems.error(tree, "an empty selection matches nothing");
    return null;
  }
  const parts: (Predicate | null)[] = [];
  for (const item of tree.items) {
    if (item.kind === "map") parts.push(compileMap(item, context));
    else if (item.kind === "scalar") parts.push(compileKeywords("", [item], item, context));
    else {
      context.problems.error(item, "a list inside a list of alternatives");
      parts.push(null);
    }
  }
  return joined(parts, any);
}

function compileMap(map: TreeMap, context: CompileContext): Predicate | null {
  if (map.entries.length === 0) {
    context.problems.error(map, "an empty selection matches nothing");
    return null;
  }
  const parts = map.entries.map(({ key, at, value }) => {
    const spec = readFieldSpec(key, at, context.problems);
    const values = readValues(value, context);
    if (spec === null || values === null) return null;
    if (spec.field !== null) refuseUnknownField(spec.field, at, context.knownFields, context.problems);
    if (spec.all && values.length < 2 && spec.field !== null && value.kind !== "list") {
      context.problems.error(at, `${key}: |all needs a list of values`);
      return null;
    }
    return compileItem(spec, values, context);
  });
  return joined(parts, all);
}

function compileKeywords(key: string, values: TreeScalar[], at: Place, context: CompileContext): Predicate | null {
  const spec = readFieldSpec(key, at, context.problems);
  const [first] = values;
  if (first !== undefined && (first.value === null || first.value === "")) {
    context.problems.error(at, "an empty keyword matches everything");
    return null;
  }
  return spec === null ? null : compileItem(spec, values, context);
}

function readValues(tree: Tree, context: CompileContext): TreeScalar[] | null {
  if (tree.kind === "scalar") return [tree];
  if (tree.kind === "map") {
    context.problems.error(tree, "a field's value is a plain value or a list of them");
    return null;
  }
  if (tree.items.length === 0) {
    context.problems.error(tree, "an empty list of values matches nothing");
    return null;
  }
  const values: TreeScalar[] = [];
  for (const item of tree.items) {
    if (item.kind === "scalar") values.push(item);
    else context.problems.error(item, "a field's value is a plain value or a list of them");
  }
  return values.length === tree.items.length ? values : null;
}

function joined(parts: readonly (Predicate | null)[], join: (parts: Predicate[]) => Predicate): Predicate | null {
  const whole = parts.filter((part) => part !== null);
  return whole.length === parts.length ? join(whole) : null;
}
