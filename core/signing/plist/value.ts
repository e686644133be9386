/** Whole numbers too large for an exact `number` are `bigint`. Dictionaries and arrays of one list may be the same object. */
export type PlistValue =
  | string
  | number
  | bigint
  | boolean
  | Buffer
  | PlistDate
  | readonly PlistValue[]
  | ReadonlyMap<string, PlistValue>;

export type PlistDict = ReadonlyMap<string, PlistValue>;

/** Its own class, so that a date is never taken for text. */
export class PlistDate {
  /** As written in XML; from a binary list in the same form, with milliseconds when there are any. */
  readonly iso: string;
  constructor(iso: string) {
    this.iso = iso;
  }
}

export function asDict(value: PlistValue | undefined): PlistDict | null {
  return value instanceof Map ? value : null;
}

export function asArray(value: PlistValue | undefined): readonly PlistValue[] | null {
  return Array.isArray(value) ? value : null;
}

export function asText(value: PlistValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

export function asBytes(value: PlistValue | undefined): Buffer | null {
  return Buffer.isBuffer(value) ? value : null;
}

export function asBoolean(value: PlistValue | undefined): boolean | null {
  return typeof value === "boolean" ? value : null;
}

/** Null also for whole numbers that a `number` cannot hold exactly. */
export function asNumber(value: PlistValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

export function asDate(value: PlistValue | undefined): PlistDate | null {
  return value instanceof PlistDate ? value : null;
}
