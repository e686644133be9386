import type { TelemetryEvent } from "#contract/event.ts";
import { type Context, EnrichedEvent } from "./enriched-event.ts";

/** An enriched event as plain data. */
export interface StoredEvent {
  event: TelemetryEvent;
  context: Context;
}

const MAX_TEXT = 1024;
const MAX_ITEMS = 64;
const MAX_DEPTH = 8;

/** A copy to keep, with long texts and lists cut: a command line may have a megabyte. */
export function storeEvent({ event, context }: EnrichedEvent): StoredEvent {
  return { event: bounded(event, 0) as TelemetryEvent, context: bounded(context, 0) as Context };
}

export function reviveEvent({ event, context }: StoredEvent): EnrichedEvent {
  return new EnrichedEvent(event, context);
}

/** Null when the text is not what `JSON.stringify` made of a stored event. */
export function parseStoredEvent(text: string): StoredEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isStoredEvent(value) ? value : null;
}

function isStoredEvent(value: unknown): value is StoredEvent {
  if (!isObject(value) || !isObject(value["event"]) || !isObject(value["context"])) return false;
  return typeof value["event"]["kind"] === "string" && isObject(value["context"]["posture"]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bounded(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.length <= MAX_TEXT ? value : value.slice(0, MAX_TEXT);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => bounded(item, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) copy[key] = bounded(inner, depth + 1);
  return copy;
}
