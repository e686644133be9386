import type { FieldSource, LogSource } from "#core/base/fields.ts";
import { EventView, FieldTable } from "./event-view.ts";
import { holds, indexKeys } from "./predicate.ts";
import type { CompiledRule } from "./rule.ts";

interface IndexedField {
  slot: number;
  by: "equals" | "basename";
  /** Positions in the bucket's `rules`. */
  positions: Map<string, number[]>;
}

/** The rules that can match one kind of record. */
interface Bucket {
  rules: CompiledRule[];
  /** Positions of the rules that say nothing an index could use. */
  always: number[];
  indexed: IndexedField[];
  /** For each rule the turn in which it was tried last, so that two keys do not try it twice. */
  tried: number[];
}

const NOTHING: CompiledRule[] = [];

/**
 * Finds the rules that match a record. Rules are filed by log source, then by a value that the record must have (an
 * exact field value or the last part of a path), so that an ordinary record costs a few look-ups and no allocation.
 */
export class RuleSet {
  readonly #rules: readonly CompiledRule[];
  readonly #view: EventView;
  readonly #buckets = new Map<string | null, Map<string | null, Bucket>>();
  #turn = 0;

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules;
    this.#view = new EventView(rules[0]?.table ?? new FieldTable());
  }

  /** In the order of the library. The result must not be changed. */
  match(fields: FieldSource): readonly CompiledRule[] {
    const bucket = this.#bucket(fields.logsource);
    if (bucket.rules.length === 0) return NOTHING;
    const view = this.#view;
    view.show(fields);
    this.#turn++;
    let hits: number[] | null = null;
    for (const position of bucket.always) hits = this.#try(bucket, position, hits);
    for (const field of bucket.indexed) {
      const value = view.lower(field.slot);
      if (value === null) continue;
      if (typeof value === "string") hits = this.#tryValue(bucket, field, value, hits);
      else for (const one of value) hits = this.#tryValue(bucket, field, one, hits);
    }
    if (hits === null) return NOTHING;
    return hits.sort((a, b) => a - b).flatMap((position) => bucket.rules[position] ?? []);
  }

  #tryValue(bucket: Bucket, field: IndexedField, value: string, hits: number[] | null): number[] | null {
    const key = field.by === "equals" ? value : value.slice(value.lastIndexOf("/") + 1);
    const positions = field.positions.get(key);
    if (positions === undefined) return hits;
    let found = hits;
    for (const position of positions) found = this.#try(bucket, position, found);
    return found;
  }

  #try(bucket: Bucket, position: number, hits: number[] | null): number[] | null {
    const rule = bucket.rules[position];
    if (rule === undefined || bucket.tried[position] === this.#turn) return hits;
    bucket.tried[position] = this.#turn;
    if (!holds(rule.predicate, this.#view)) return hits;
    if (hits === null) return [position];
    hits.push(position);
    return hits;
  }

  #bucket({ category, service }: LogSource): Bucket {
    let services = this.#buckets.get(category);
    if (services === undefined) {
      services = new Map();
      this.#buckets.set(category, services);
    }
    let bucket = services.get(service);
    if (bucket === undefined) {
      bucket = fileRules(
        this.#rules.filter(
          ({ logsource }) =>
            (logsource.category === null || logsource.category === category) &&
            (logsource.service === null || logsource.service === service),
        ),
      );
      services.set(service, bucket);
    }
    return bucket;
  }
}

function fileRules(rules: CompiledRule[]): Bucket {
  const bucket: Bucket = { rules, always: [], indexed: [], tried: rules.map(() => 0) };
  rules.forEach((rule, position) => {
    const keys = indexKeys(rule.predicate);
    if (keys === null) {
      bucket.always.push(position);
      return;
    }
    for (const { slot, by, value } of keys) {
      let field = bucket.indexed.find((one) => one.slot === slot && one.by === by);
      if (field === undefined) {
        field = { slot, by, positions: new Map() };
        bucket.indexed.push(field);
      }
      const positions = field.positions.get(value);
      if (positions === undefined) field.positions.set(value, [position]);
      else positions.push(position);
    }
  });
  return bucket;
}
