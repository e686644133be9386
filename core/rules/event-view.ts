import type { FieldSource, FieldValue } from "#core/base/fields.ts";

/** Gives every field name that any rule asks for a number, so that a record's fields are looked up once. */
export class FieldTable {
  readonly names: string[] = [];
  readonly #slots = new Map<string, number>();

  slot(name: string): number {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slot = this.names.push(name) - 1;
    this.#slots.set(name, slot);
    return slot;
  }
}

type Text = string | readonly string[] | null;

/** One record as the predicates see it: each field fetched and lower-cased at most once. Reused from record to record. */
export class EventView {
  readonly #table: FieldTable;
  #fields: FieldSource | null = null;
  #turn = 0;
  readonly #raw: FieldValue[] = [];
  readonly #rawTurn: number[] = [];
  readonly #lower: Text[] = [];
  readonly #lowerTurn: number[] = [];

  constructor(table: FieldTable) {
    this.#table = table;
  }

  show(fields: FieldSource): void {
    this.#fields = fields;
    this.#turn++;
    while (this.#raw.length < this.#table.names.length) {
      this.#raw.push(undefined);
      this.#rawTurn.push(0);
      this.#lower.push(null);
      this.#lowerTurn.push(0);
    }
  }

  raw(slot: number): FieldValue {
    if (this.#rawTurn[slot] === this.#turn) return this.#raw[slot];
    const value = this.#fields?.get(this.#table.names[slot] ?? "");
    this.#raw[slot] = value;
    this.#rawTurn[slot] = this.#turn;
    return value;
  }

  /** The field as text in lower case; numbers and booleans as Sigma writes them; null where there is nothing. */
  lower(slot: number): Text {
    if (this.#lowerTurn[slot] === this.#turn) return this.#lower[slot] ?? null;
    const text = textOf(this.raw(slot));
    const lower = text === null ? null : typeof text === "string" ? text.toLowerCase() : text.map(lowerCase);
    this.#lower[slot] = lower;
    this.#lowerTurn[slot] = this.#turn;
    return lower;
  }
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

export function textOf(value: FieldValue): Text {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? value : String(value);
}
