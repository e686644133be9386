import { must } from "#core/base/assert-never.ts";
import { DAY, HOUR, type Micros, MINUTE, SECOND } from "#core/base/clock.ts";
import type { FieldValue } from "#core/base/fields.ts";
import { fieldsOf } from "#core/rules/examples.ts";
import { loadRules, type RuleLibrary } from "#core/rules/load-rules.ts";
import { RuleSet } from "#core/rules/rule-set.ts";
import type { CorrelationHit } from "./correlation-hit.ts";
import type { Correlator } from "./correlator.ts";

/** Rules a, b and c match records whose `Kind` is (or holds) that letter. */
export const BASE_RULES = ["a", "b", "c"]
  .map((kind) => {
    return `title: ${kind}\nid: ${kind}\nlogsource: {product: macos}\ndetection:\n  s: {Kind: ${kind}}\n  condition: s\n`;
  })
  .join("---\n");

const WINDOWS = { an0644: MINUTE, an1447: 2 * HOUR, intent: DAY, intentBoots: 2 };

/** The base rules and correlations: each text is the body under `correlation:` in flow style, and lines after it. */
export function correlations(...texts: [body: string, more?: string][]): RuleLibrary {
  const documents = texts.map(([body, more = ""], i) => `title: C${i}\nid: c${i}\ncorrelation: {${body}}\n${more}\n`);
  const library = loadRules(
    [{ file: "constructed.yml", text: [BASE_RULES, ...documents].join("---\n") }],
    {},
    { windows: WINDOWS },
  );
  if (library.problems.length > 0) throw new Error(JSON.stringify(library.problems));
  return library;
}

export interface Sent {
  n: number;
  /** Another source than `es`. */
  src?: string;
  time: Micros;
  boot: number;
  bootTime?: Micros;
  actor?: string;
  fields: Record<string, FieldValue>;
}

/** A record at `seconds`, of one or more kinds, with a group and whatever else. */
export function sent(n: number, seconds: number, kind: string | string[], more: Record<string, FieldValue> = {}): Sent {
  return { n, time: seconds * SECOND, boot: 0, fields: { Kind: kind, G: "g", ...more } };
}

const sets = new WeakMap<RuleLibrary, RuleSet>();

export function push(
  library: RuleLibrary,
  correlator: Correlator,
  { n, src = "es", time, boot, bootTime, actor, fields }: Sent,
): CorrelationHit[] {
  if (!sets.has(library)) sets.set(library, new RuleSet(library.rules));
  const set = must(sets.get(library), "it was set in the line before");
  const source = fieldsOf(fields, { category: null, service: null }, time);
  const id = { session: "s", src, n };
  const input = { id, time, bootOrdinal: boot, bootTime: bootTime ?? null, note: { n: String(n) } };
  const by = actor === undefined ? input : { ...input, actor };
  return [
    ...correlator.advance(time, boot),
    ...correlator.push(source, by, set.match(source), (members) => `memory of ${members.at(-1)?.id.n}`),
  ];
}

/** A hit in short: its correlation, its group, and the numbers of its records. */
export function brief(hit: CorrelationHit): string {
  return `${hit.correlation.id} ${JSON.stringify(hit.groupValues)} ${hit.members.map(({ id }) => id.n).join(",")}`;
}
