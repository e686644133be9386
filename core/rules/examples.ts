import type { Micros } from "#core/base/clock.ts";
import type { FieldSource, FieldValue, LogSource } from "#core/base/fields.ts";
import type { Place } from "./problem.ts";
import { parseTimespan } from "./timespan.ts";
import type { TreeReader } from "./tree-reader.ts";
import type { Tree, TreeMap } from "./yaml-tree.ts";

/** A made-up record of an example: its fields, and when it happens after the example's start. */
export interface ExampleEvent {
  at: Micros;
  /** How many restarts of the Mac before it. */
  boot: number;
  logsource: LogSource;
  fields: Readonly<Record<string, FieldValue>>;
}

export interface RuleExample {
  what: string;
  line: number;
  events: readonly ExampleEvent[];
}

const CATEGORIES = ["process_creation", "file_event"] as const;
const SERVICES = ["endpointsecurity", "unifiedlog", "posture"] as const;
const NOT_FIELDS = ["at", "boot", "category", "service"];

/** Reads `must-fire` and `must-not-fire`: lists of `{what, events: [{at: 41s, category: …, Field: value …}]}`. */
export function readExamples(reader: TreeReader | null): { mustFire: RuleExample[]; mustNotFire: RuleExample[] } {
  reader?.refuseOthers(["must-fire", "must-not-fire"], "examples");
  return { mustFire: readList(reader, "must-fire"), mustNotFire: readList(reader, "must-not-fire") };
}

function readList(reader: TreeReader | null, key: string): RuleExample[] {
  const entry = reader?.entry(key);
  if (reader === null || entry === undefined) return [];
  if (entry.value.kind !== "list") {
    reader.problems.error(entry.at, `${key} must be a list of examples`);
    return [];
  }
  return entry.value.items.flatMap((item) => readExample(item, reader) ?? []);
}

function readExample(item: Tree, reader: TreeReader): RuleExample | null {
  const wrong = (place: Place, reason: string) => {
    reader.problems.error(place, reason);
    return null;
  };
  if (item.kind !== "map") return wrong(item, "an example is a map of `what` and `events`");
  const what = item.entries.find(({ key }) => key === "what")?.value;
  const events = item.entries.find(({ key }) => key === "events")?.value;
  if (what?.kind !== "scalar" || what.text === "") return wrong(item, "an example says in `what` what it shows");
  if (events?.kind !== "list" || events.items.length === 0) return wrong(item, "an example has a list of `events`");
  const read = events.items.map((event) =>
    event.kind === "map" ? readEvent(event, wrong) : wrong(event, "an example's event is a map of fields"),
  );
  const whole = read.filter((event) => event !== null);
  return whole.length === read.length ? { what: what.text, line: item.line, events: whole } : null;
}

function readEvent(map: TreeMap, wrong: (place: Place, reason: string) => null): ExampleEvent | null {
  const scalar = (name: string) => {
    const value = map.entries.find(({ key }) => key === name)?.value;
    return value?.kind === "scalar" ? value.text : null;
  };
  const at = parseTimespan(scalar("at") ?? "0s");
  const boot = Number(scalar("boot") ?? "0");
  const category = CATEGORIES.find((name) => name === scalar("category")) ?? null;
  const service = SERVICES.find((name) => name === scalar("service")) ?? null;
  if (at === null || !Number.isSafeInteger(boot)) return wrong(map, "`at` is a time such as 41s, `boot` a number");
  if (category === null && service === null) return wrong(map, "an example's event has a category, a service or both");
  const fields: Record<string, FieldValue> = Object.create(null);
  for (const { key, value } of map.entries) {
    if (NOT_FIELDS.includes(key)) continue;
    if (value.kind === "scalar") fields[key] = value.value;
    else if (value.kind === "list") fields[key] = value.items.map((item) => (item.kind === "scalar" ? item.text : ""));
    else return wrong(value, `the field ${key} must be a plain value or a list`);
  }
  return { at, boot, logsource: { category, service }, fields };
}

/** A record made of given fields: examples and tests. */
export function fieldsOf(
  fields: Readonly<Record<string, FieldValue>>,
  logsource: LogSource = { category: "process_creation", service: "endpointsecurity" },
  time: Micros = 0,
): FieldSource {
  return { logsource, time, get: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined) };
}
