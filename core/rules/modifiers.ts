import type { Place, ProblemList } from "./problem.ts";
import type { RegexFlags } from "./regex-syntax.ts";
import type { Anchoring } from "./wildcard.ts";

/** What a value is compared by. */
export type Comparison = "text" | "regex" | "exists" | "gt" | "gte" | "lt" | "lte" | "fieldref";

/** A detection item's key, e.g. `CommandLine|contains|all`, read. */
export interface FieldSpec {
  /** Null: a keyword search. */
  field: string | null;
  comparison: Comparison;
  anchoring: Anchoring;
  all: boolean;
  cased: boolean;
  expand: boolean;
  flags: RegexFlags;
}

const ANCHORINGS: readonly string[] = ["contains", "startswith", "endswith"];
const COMPARISONS: Record<string, Comparison> = {
  re: "regex",
  exists: "exists",
  gt: "gt",
  gte: "gte",
  lt: "lt",
  lte: "lte",
  fieldref: "fieldref",
};
const FLAGS: Record<string, keyof RegexFlags> = {
  i: "ignoreCase",
  ignorecase: "ignoreCase",
  m: "multiline",
  multiline: "multiline",
  s: "dotAll",
  dotall: "dotAll",
};

/** Reads a key; a modifier that is unknown or not run here makes a skip, a senseless combination an error. */
export function readFieldSpec(key: string, at: Place, problems: ProblemList): FieldSpec | null {
  const [name = "", ...modifiers] = key.split("|");
  const spec: FieldSpec = {
    field: name === "" ? null : name,
    comparison: "text",
    anchoring: "whole",
    all: false,
    cased: false,
    expand: false,
    flags: { ignoreCase: false, multiline: false, dotAll: false },
  };
  const before = problems.found.length;
  for (const modifier of modifiers) {
    const comparison = COMPARISONS[modifier];
    const flag = FLAGS[modifier];
    if (ANCHORINGS.includes(modifier)) {
      if (spec.anchoring !== "whole")
        problems.error(at, `${key}: ${spec.anchoring} and ${modifier} exclude each other`);
      spec.anchoring = modifier as Anchoring;
    } else if (comparison !== undefined) {
      if (spec.comparison !== "text") problems.error(at, `${key}: more than one kind of comparison`);
      spec.comparison = comparison;
    } else if (flag !== undefined) {
      if (spec.comparison !== "regex") problems.error(at, `${key}: |${modifier} belongs after |re`);
      spec.flags = { ...spec.flags, [flag]: true };
    } else if (modifier === "all") spec.all = true;
    else if (modifier === "cased") spec.cased = true;
    else if (modifier === "expand") spec.expand = true;
    else problems.skip(at, `${key}: the modifier |${modifier} is not supported`);
  }
  if (spec.comparison !== "text" && (spec.anchoring !== "whole" || spec.expand)) {
    if (spec.comparison === "fieldref") problems.skip(at, `${key}: |fieldref is supported by itself only`);
    else problems.error(at, `${key}: these modifiers do not go together`);
  }
  if (spec.field === null && spec.comparison !== "text" && spec.comparison !== "regex") {
    problems.error(at, `${key}: a keyword search has no field to compare`);
  }
  return problems.found.length > before ? null : spec;
}
