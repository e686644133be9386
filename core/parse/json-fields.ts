import { boundText } from "./bounded-text.ts";

/** A JSON object whose shape is not known yet. */
export type JsonObject = Record<string, unknown>;

/** A record lacks a field without which it says nothing. Caught where the record becomes a fault. */
export class MissingField extends Error {
  constructor(path: string) {
    super(`It lacks a readable "${path}".`);
    this.name = "MissingField";
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All texts are bounded as they are read: they come from whatever ran. */
export function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? boundText(value) : null;
}

/** For fields where a source writes an empty text when it has nothing to say. */
export function nonEmptyOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? boundText(value) : null;
}

/** Integers beyond 2^53 have lost digits in JSON.parse, so they are not numbers that we know. */
export function integerOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

export function booleanOrNull(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

export function textOrEmpty(value: unknown): string {
  return typeof value === "string" ? boundText(value) : "";
}

export function requireText(value: unknown, path: string): string {
  if (typeof value !== "string") throw new MissingField(path);
  return boundText(value);
}

export function requireInteger(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new MissingField(path);
  return value;
}

export function requireBoolean(value: unknown, path: string): boolean {
  if (typeof value !== "boolean") throw new MissingField(path);
  return value;
}

export function requireObject(value: unknown, path: string): JsonObject {
  if (!isJsonObject(value)) throw new MissingField(path);
  return value;
}
