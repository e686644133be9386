import type { FieldSource, LogSource } from "#core/base/fields.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { EventView, FieldTable } from "./event-view.ts";
import { LiteralIndex } from "./literal-index.ts";
import { holds, type IndexKey, indexKeys } from "./predicate.ts";
import type { CompiledRule } from "./rule.ts";

/** What the rules of a bucket want of one field; the numbers are positions in the bucket's `rules`. */
interface IndexedField {
  slot: number;
  equals: Map<string, number[]> | null;
  basename: Map<string, number[]> | null;
  holds: LiteralIndex | null;
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
 * Finds the rules that match a record. Rules are filed by log source, then by a value that the record must have: an exact
 * field value, the last part of a path, or a literal that a field must hold. So an ordinary record costs a few look-ups
 * and one pass over the fields that literals are looked for in, whatever the number of rules.
 */
export class RuleSet {
  readonly #rules: readonly CompiledRule[];
  readonly #view: EventView;
  readonly #buckets = new Map<string | null, Map<string | null, Bucket>>();
  #turn = 0;
  /** Of the record at hand. */
  readonly #hits: number[] = [];
  #current: Bucket = { rules: [], always: [], indexed: [], tried: [] };

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
    const hits = this.#hits;
    hits.length = 0;
    this.#current = bucket;
    for (const position of bucket.always) this.#try(position);
    for (const field of bucket.indexed) {
      const value = view.lower(field.slot);
      if (value === null) continue;
      if (typeof value === "string") this.#tryValue(field, value);
      else for (const one of value) this.#tryValue(field, one);
    }
    if (hits.length === 0) return NOTHING;
    return hits.sort((a, b) => a - b).flatMap((position) => bucket.rules[position] ?? []);
  }

  #tryValue({ equals, basename, holds }: IndexedField, value: string): void {
    if (equals !== null) this.#tryAll(equals.get(value));
    if (basename !== null) this.#tryAll(basename.get(value.slice(value.lastIndexOf("/") + 1)));
    if (holds !== null) holds.scan(value, this.#tryAll);
  }

  readonly #tryAll = (positions: readonly number[] | undefined): void => {
    if (positions !== undefined) for (const position of positions) this.#try(position);
  };

  #try(position: number): void {
    const { rules, tried } = this.#current;
    const rule = rules[position];
    if (rule === undefined || tried[position] === this.#turn) return;
    tried[position] = this.#turn;
    if (holds(rule.predicate, this.#view)) this.#hits.push(position);
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
    for (const key of keys) file(bucket, key, position);
  });
  return bucket;
}

function file({ indexed }: Bucket, { slot, by, value }: IndexKey, position: number): void {
  let field = indexed.find((one) => one.slot === slot);
  if (field === undefined) {
    field = { slot, equals: null, basename: null, holds: null };
    indexed.push(field);
  }
  switch (by) {
    case "holds":
      field.holds ??= new LiteralIndex();
      field.holds.add(value, position);
      return;
    case "equals":
    case "basename": {
      const positions = (field[by] ??= new Map<string, number[]>());
      const known = positions.get(value);
      if (known === undefined) positions.set(value, [position]);
      else known.push(position);
      return;
    }
    default:
      assertNever(by, "rules are filed in these ways only");
  }
}
