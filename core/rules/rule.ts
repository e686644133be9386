import type { FieldSource, LogSource } from "#core/base/fields.ts";
import { compileCondition } from "./condition.ts";
import { compileSelections, type Selection } from "./detection.ts";
import { type CompileContext, refuseUnknownField } from "./detection-item.ts";
import { EventView, type FieldTable } from "./event-view.ts";
import { readExamples } from "./examples.ts";
import { DEFAULT_IDENTITY, type IdentityLadder } from "./group-key.ts";
import { any, holds, type Predicate } from "./predicate.ts";
import { readHeader, type RuleHeader } from "./rule-header.ts";
import { type TreeReader, textsOf } from "./tree-reader.ts";
import type { Tree } from "./yaml-tree.ts";

export interface CompiledRule extends RuleHeader {
  kind: "rule";
  /** Null: any. */
  logsource: LogSource;
  /** The numbers that `predicate` calls fields by. */
  table: FieldTable;
  predicate: Predicate;
  /** Reads a record for this rule alone; RuleSet.match is the fast way for all. */
  matches(fields: FieldSource): boolean;
  /** What a finding of this rule alone is about (`sealbar: subject`). */
  groupFields: IdentityLadder;
  /** False for the base rules of correlations that do not say `generate: true`. */
  raisesFindings: boolean;
}

const CATEGORIES = ["process_creation", "file_event"] as const;
const SERVICES = ["endpointsecurity", "unifiedlog", "posture"] as const;
const SEALBAR_KEYS = ["role", "subject", "examples"];

/** Compiles a detection rule; null when it has a problem, all of which are noted. */
export function compileRule(reader: TreeReader, context: CompileContext): CompiledRule | null {
  const before = context.problems.found.length;
  const header = readHeader(reader, context.problems.file);
  const logsource = readLogsource(reader);
  const predicate = readDetection(reader, context);
  const sealbar = reader.inner("sealbar");
  sealbar?.refuseOthers(SEALBAR_KEYS, "sealbar");
  const role = sealbar?.text("role", false) ?? null;
  const groupFields = readSubject(sealbar, context);
  const examples = readExamples(sealbar?.inner("examples") ?? null);
  if (header === null || predicate === null || logsource === null) return null;
  if (context.problems.found.length > before) return null;
  const { table } = context;
  let view: EventView | null = null;
  return {
    ...header,
    kind: "rule",
    role: role ?? header.title,
    examples,
    logsource,
    table,
    predicate,
    groupFields,
    raisesFindings: true,
    matches(fields) {
      if (logsource.category !== null && logsource.category !== fields.logsource.category) return false;
      if (logsource.service !== null && logsource.service !== fields.logsource.service) return false;
      view ??= new EventView(table);
      view.show(fields);
      return holds(predicate, view);
    },
  };
}

function readLogsource(reader: TreeReader): LogSource | null {
  const inner = reader.inner("logsource");
  if (inner === null) {
    if (reader.entry("logsource") === undefined) reader.problems.error(reader.map, "logsource is missing");
    return null;
  }
  inner.refuseOthers(["product", "category", "service", "definition"], "logsource");
  const product = inner.text("product", false);
  const category = inner.text("category", false);
  const service = inner.text("service", false);
  if (product !== null && product !== "macos") {
    inner.problems.skip(inner.place("product"), `it is for the product ${product}, not for macos`);
    return null;
  }
  const knownCategory = CATEGORIES.find((name) => name === category) ?? null;
  const knownService = SERVICES.find((name) => name === service) ?? null;
  if (category !== null && knownCategory === null) {
    inner.problems.skip(inner.place("category"), `there are no records of the category ${category} here`);
  }
  if (service !== null && knownService === null) {
    inner.problems.skip(inner.place("service"), `there are no records of the service ${service} here`);
  }
  if (product === null && category === null && service === null) inner.problems.error(inner.map, "logsource is empty");
  return { category: knownCategory, service: knownService };
}

function readDetection(reader: TreeReader, context: CompileContext): Predicate | null {
  const detection = reader.inner("detection");
  if (detection === null) return null;
  const selections = compileSelections(detection.map, context);
  const condition = detection.entry("condition");
  if (condition === undefined) {
    context.problems.error(detection.map, "detection lacks a condition");
    return null;
  }
  const used = new Set<string>();
  const conditions = textsOf(condition.value, "condition", context.problems);
  const found = context.problems.found.length;
  const parts = conditions.map((text) => compileCondition(text, condition.at, selections, used, context.problems));
  if (context.problems.found.length === found) noteUnused(selections, used, context);
  const whole = parts.filter((part) => part !== null);
  return whole.length > 0 && whole.length === parts.length ? any(whole) : null;
}

function noteUnused(selections: readonly Selection[], used: ReadonlySet<string>, context: CompileContext): void {
  for (const { name, at } of selections) {
    if (!used.has(name)) context.problems.error(at, `the condition never uses the selection ${JSON.stringify(name)}`);
  }
}

/** `subject: TargetRoot`, or a list of rungs, each a field or a list of fields that identify together. */
function readSubject(sealbar: TreeReader | null, context: CompileContext): IdentityLadder {
  const entry = sealbar?.entry("subject");
  if (sealbar === null || entry === undefined) return DEFAULT_IDENTITY;
  const rungs: readonly Tree[] = entry.value.kind === "list" ? entry.value.items : [entry.value];
  return rungs.map((rung) => {
    const fields = textsOf(rung, "subject", sealbar.problems);
    for (const field of fields) refuseUnknownField(field, rung, context.knownFields, sealbar.problems);
    return fields;
  });
}
