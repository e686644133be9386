import { assertNever } from "#core/base/assert-never.ts";
import type { FieldValue } from "#core/base/fields.ts";
import { type EventView, type FieldTable, textOf } from "./event-view.ts";
import { LinearRegex } from "./linear-regex.ts";
import { MIN_LITERAL } from "./literal-index.ts";
import type { FieldSpec } from "./modifiers.ts";
import { all, any, type IndexKey, type Predicate } from "./predicate.ts";
import type { Place, ProblemList } from "./problem.ts";
import { MalformedRegex, UnsupportedRegex } from "./regex-syntax.ts";
import { compileWildcard, type TextPattern, type TextTest } from "./wildcard.ts";
import type { TreeScalar } from "./yaml-tree.ts";

/** What `|expand` puts in the place of `%Name%`: MITRE's mutable elements, e.g. DeveloperIDAllowList. */
export type RuleSettings = Readonly<Record<string, readonly string[]>>;

/** The names of all fields that any record can have; null: not told. */
export type KnownFields = ReadonlySet<string> | null;

/** A rule that asks for a field which no record has would wait in vain, or match everything: it must not count as running. */
export function refuseUnknownField(name: string, at: Place, known: KnownFields, problems: ProblemList): void {
  if (known === null || known.has(name)) return;
  const shown = name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name;
  problems.skip(at, `no record has the field ${shown}`);
}

const MAX_SHOWN = 80;

export interface CompileContext {
  table: FieldTable;
  settings: RuleSettings;
  /** Null: any name may be a field. */
  knownFields: KnownFields;
  problems: ProblemList;
  /** Regular expressions compiled so far, for their counters. */
  regexes: LinearRegex[];
}

/**
 * A keyword (a value without a field) is looked for in these: a record is only seen through its named fields, and
 * these are the ones that hold free text.
 */
export const KEYWORD_FIELDS = [
  "Message",
  "CommandLine",
  "Image",
  "ParentImage",
  "ParentCommandLine",
  "TargetFilename",
  "Script",
  "SigningId",
] as const;

/** Compiles one key of a detection map with its values. */
export function compileItem(spec: FieldSpec, values: readonly TreeScalar[], context: CompileContext): Predicate | null {
  const fields = spec.field === null ? KEYWORD_FIELDS : [spec.field];
  const slots = fields.map((field) => context.table.slot(field));
  const before = context.problems.found.length;
  const parts = values.map((value) => any(slots.flatMap((slot) => compileValue(spec, slot, value, context) ?? [])));
  if (context.problems.found.length > before) return null;
  return spec.all ? all(parts) : any(parts);
}

function compileValue(spec: FieldSpec, slot: number, value: TreeScalar, context: CompileContext): Predicate | null {
  switch (spec.comparison) {
    case "text":
      return compileText(spec, slot, value, context);
    case "regex":
      return compileRegex(spec, slot, value, context);
    case "exists": {
      if (typeof value.value !== "boolean") return malformed(context, value, "|exists takes true or false");
      const wanted = value.value;
      return { kind: "field", test: (view) => (view.raw(slot) !== undefined) === wanted, keys: null };
    }
    case "fieldref": {
      if (typeof value.value !== "string") return malformed(context, value, "|fieldref takes a field name");
      refuseUnknownField(value.value, value, context.knownFields, context.problems);
      const other = context.table.slot(value.value);
      return { kind: "field", test: (view) => sameText(view, slot, other, spec.cased), keys: null };
    }
    case "gt":
    case "gte":
    case "lt":
    case "lte": {
      if (typeof value.value !== "number") return malformed(context, value, `|${spec.comparison} takes a number`);
      const holds = numberTest(spec.comparison, value.value);
      return { kind: "field", test: (view) => someNumber(view.raw(slot), holds), keys: null };
    }
    default:
      return assertNever(spec.comparison, "comparisons are a closed list");
  }
}

function malformed(context: CompileContext, value: TreeScalar, reason: string): null {
  context.problems.error(value, reason);
  return null;
}

function compileText(spec: FieldSpec, slot: number, value: TreeScalar, context: CompileContext): Predicate | null {
  if (value.value === null) {
    if (spec.anchoring !== "whole") return malformed(context, value, "null cannot be part of a text");
    return { kind: "field", test: (view) => isEmpty(view.raw(slot)), keys: null };
  }
  const texts = spec.expand ? expand(value, context) : [value.text];
  if (texts === null) return null;
  const anchoring = spec.field === null && spec.anchoring === "whole" ? "contains" : spec.anchoring;
  return any(
    texts.map((text): Predicate => {
      const pattern = compileWildcard(spec.cased ? text : text.toLowerCase(), anchoring);
      return {
        kind: "field",
        test: spec.cased ? someCased(slot, pattern.test) : someLower(slot, pattern.test),
        keys: keysFor(slot, pattern),
      };
    }),
  );
}

/** The index sees fields in lower case, where a part of a text that is not ASCII may look unlike itself alone. */
function keysFor(slot: number, { equals, ends, holds }: TextPattern): IndexKey[] | null {
  if (equals !== null) return [{ slot, by: "equals", value: equals.toLowerCase() }];
  const slash = ends?.lastIndexOf("/") ?? -1;
  if (ends !== null && slash >= 0) return [{ slot, by: "basename", value: ends.slice(slash + 1).toLowerCase() }];
  if (holds.length < MIN_LITERAL || !isAscii(holds)) return null;
  return [{ slot, by: "holds", value: holds.toLowerCase() }];
}

function keysOfRegex(slot: number, { required }: LinearRegex): IndexKey[] | null {
  if (required === null || required.some((literal) => literal.length < MIN_LITERAL)) return null;
  return required.map((value) => ({ slot, by: "holds", value }));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** `%Name%` inside a value becomes each of the setting's values; their own wildcards are plain text. */
function expand(value: TreeScalar, context: CompileContext): string[] | null {
  const name = /%([A-Za-z_][\w.-]*)%/.exec(value.text)?.[1];
  if (name === undefined) {
    context.problems.error(value, "|expand takes a %Placeholder%");
    return null;
  }
  const replacements = Object.hasOwn(context.settings, name) ? context.settings[name] : null;
  if (replacements === null || replacements === undefined) {
    context.problems.skip(value, `no setting is named %${name}%`);
    return null;
  }
  return replacements.map((text) => value.text.split(`%${name}%`).join(text.replaceAll(/[\\*?]/g, String.raw`\$&`)));
}

function compileRegex(spec: FieldSpec, slot: number, value: TreeScalar, context: CompileContext): Predicate | null {
  try {
    const regex = new LinearRegex(value.text, spec.flags);
    context.regexes.push(regex);
    return { kind: "field", test: someCased(slot, (text) => regex.test(text)), keys: keysOfRegex(slot, regex) };
  } catch (cause) {
    if (cause instanceof UnsupportedRegex) context.problems.skip(value, `regular expression: ${cause.message}`);
    else if (cause instanceof MalformedRegex) context.problems.error(value, `regular expression: ${cause.message}`);
    else throw cause;
    return null;
  }
}

function someLower(slot: number, test: TextTest): (view: EventView) => boolean {
  return (view) => {
    const text = view.lower(slot);
    if (typeof text === "string") return test(text);
    return text?.some(test) ?? false;
  };
}

function someCased(slot: number, test: TextTest): (view: EventView) => boolean {
  return (view) => {
    const text = textOf(view.raw(slot));
    if (typeof text === "string") return test(text);
    return text?.some(test) ?? false;
  };
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === undefined || (typeof value === "object" && value.length === 0);
}

function sameText(view: EventView, slot: number, other: number, cased: boolean): boolean {
  const left = cased ? textOf(view.raw(slot)) : view.lower(slot);
  const right = cased ? textOf(view.raw(other)) : view.lower(other);
  if (left === null || right === null) return false;
  const lefts = typeof left === "string" ? [left] : left;
  const rights = new Set(typeof right === "string" ? [right] : right);
  return lefts.some((text) => rights.has(text));
}

function numberTest(comparison: "gt" | "gte" | "lt" | "lte", limit: number): (value: number) => boolean {
  if (comparison === "gt") return (value) => value > limit;
  if (comparison === "gte") return (value) => value >= limit;
  return comparison === "lt" ? (value) => value < limit : (value) => value <= limit;
}

function someNumber(value: FieldValue, test: (value: number) => boolean): boolean {
  if (typeof value === "number") return test(value);
  if (typeof value === "string") return isNumeric(value) && test(Number(value));
  if (typeof value !== "object" || value === null) return false;
  return value.some((text) => isNumeric(text) && test(Number(text)));
}

function isNumeric(text: string): boolean {
  return text.length < 40 && /^-?\d+(\.\d+)?$/.test(text);
}
