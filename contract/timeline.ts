import { z } from "zod";
import { Severity } from "./severity.ts";
import { EventId, Origin } from "./source.ts";
import { TrustClass } from "./trust.ts";

export const PAGE_LIMIT = 200;
export const SEARCH_MAX = 200;

/** One line of the timeline. Text is data from whatever ran: shown as text, never as markup. */
export const TimelineRow = z.object({
  rowId: z.number().int(),
  id: EventId,
  /** RFC 3339 UTC with microseconds. */
  at: z.string(),
  origin: Origin,
  /** The event's kind, e.g. `exec`, `deleteextattr`, `posture_change`, `gap`, `fault`. */
  kind: z.string(),
  /** Verb phrase, e.g. "Ran Invoice Viewer". */
  title: z.string(),
  /** Second half: path, command line or message. */
  detail: z.string(),
  path: z.string().nullable(),
  trust: TrustClass.nullable(),
  /** The worst severity among the findings this record is evidence of. */
  severity: Severity.nullable(),
});
export type TimelineRow = z.infer<typeof TimelineRow>;

/** Keyset position: newest first, by (time, rowId). */
export const TimelineCursor = z.object({ time: z.number().int(), rowId: z.number().int() });
export type TimelineCursor = z.infer<typeof TimelineCursor>;

export const TimelineFilter = z.object({
  origins: z.array(Origin).max(16).default([]),
  /** Rows that belong to a finding of at least this severity; null: all rows. */
  minSeverity: Severity.nullable().default(null),
  /** Substring, case-insensitive, over paths, command lines, messages and signing identities. */
  text: z.string().max(SEARCH_MAX).default(""),
  /** Only rows of this time: microseconds since the epoch, `to` exclusive. Left out or null: all times. */
  range: z.object({ from: z.number().int(), to: z.number().int() }).nullable().optional(),
});
export type TimelineFilter = z.infer<typeof TimelineFilter>;

export const TimelineQuery = z.object({
  filter: TimelineFilter,
  before: TimelineCursor.nullable().default(null),
  limit: z.number().int().min(1).max(PAGE_LIMIT),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

export const TimelinePage = z.object({
  rows: z.array(TimelineRow),
  next: TimelineCursor.nullable(),
  /** All rows, whatever the filter. */
  total: z.number().int(),
  /** Rows the filter lets through, counted up to a limit; null past it ("more than …"). */
  matching: z.number().int().nullable(),
  revision: z.number().int(),
});
export type TimelinePage = z.infer<typeof TimelinePage>;

/** A labelled fact of the detail pane, in reading order. `code`: a path, hash, command or flag word. */
export const EventFact = z.object({ label: z.string(), value: z.string(), code: z.boolean() });
export type EventFact = z.infer<typeof EventFact>;

export const EventDetail = z.object({
  row: TimelineRow,
  facts: z.array(EventFact),
  /** The source's own record, verbatim; cut at a limit, then `rawTruncated`. */
  raw: z.string(),
  rawTruncated: z.boolean(),
  findings: z.array(z.number().int()),
});
export type EventDetail = z.infer<typeof EventDetail>;
