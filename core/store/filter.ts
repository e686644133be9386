import { ORIGINS } from "#contract/source.ts";
import type { TimelineFilter } from "#contract/timeline.ts";
import { ORIGIN_CODES, severityCodesFrom } from "./codes.ts";
import { allRows, type ReadDb } from "./handle.ts";
import { rememberedCount } from "./match-count.ts";
import { readMeta } from "./meta.ts";
import {
  type EventKey,
  eventsAlong,
  mergedNewestFirst,
  NEWEST,
  newerFirst,
  type Path,
  type Position,
} from "./newest-first.ts";
import { foldForSearch } from "./search-text.ts";
import { containsText, type FewMatches, fewMatches } from "./text-match.ts";

/** Matching rows are counted up to here. */
export const MATCH_LIMIT = 10_000;
/** Most rows looked at for one page, so that a filter that lets almost nothing through still answers soon. */
const LOOK_LIMIT = 20_000;
const WALKED_MATCH_LIMIT = 1000;
const WALKED_LOOK_LIMIT = 5000;
const STEP = 256;

/** A page's rows; `resume` is where the next page begins, null at the end of the timeline. */
export interface Selection {
  events: EventKey[];
  resume: Position | null;
}

type Test = (event: EventKey) => boolean;

/** How a filter is answered. `pick`: gather from the few that match. `walk`: go down the timeline and test each row. */
type Plan = { by: "pick"; matches: FewMatches; test: Test } | { by: "walk"; paths: Path[]; test: Test | null };

function planFor(db: ReadDb, filter: TimelineFilter): Plan {
  const origins = new Set(filter.origins.map((origin) => ORIGIN_CODES[origin]));
  const everyOrigin = origins.size === 0 || origins.size === ORIGINS.length;
  const fromOrigin: Test = (event) => everyOrigin || origins.has(event.origin);
  const folded = foldForSearch(filter.text);
  if (filter.minSeverity !== null) {
    const paths = severityCodesFrom(filter.minSeverity).map((value): Path => ({ by: "severity", value }));
    if (folded === "") return { by: "walk", paths, test: everyOrigin ? null : fromOrigin };
    const hasText = containsText(db, folded);
    return { by: "walk", paths, test: (event) => fromOrigin(event) && hasText(event) };
  }
  const paths: Path[] = everyOrigin ? [{ by: "all" }] : Array.from(origins, (value): Path => ({ by: "origin", value }));
  if (folded === "") return { by: "walk", paths, test: null };
  const matches = fewMatches(db, folded);
  if (matches === null) return { by: "walk", paths, test: containsText(db, folded) };
  return { by: "pick", matches, test: fromOrigin };
}

/**
 * The events after `from` that the filter lets through, newest first. A walk that has looked at its limit of rows stops
 * with what it has: fewer than `limit` events with a place to resume from.
 */
export function selectEvents(db: ReadDb, filter: TimelineFilter, from: Position, limit: number): Selection {
  return follow(db, filter, from, limit, LOOK_LIMIT);
}

function follow(db: ReadDb, filter: TimelineFilter, from: Position, limit: number, looks: number): Selection {
  const plan = planFor(db, filter);
  const { range } = filter;
  if (range == null) return plan.by === "pick" ? pick(db, plan, from, limit) : walk(db, plan, from, limit, looks);
  // Rows older than the range's end: no row has a smaller id than this.
  const start = from.time < range.to ? from : { time: range.to, rowId: 0 };
  if (plan.by === "walk") return walk(db, plan, start, limit, looks, range.from);
  return pick(db, { ...plan, test: (event) => event.time >= range.from && plan.test(event) }, start, limit);
}

function walk(
  db: ReadDb,
  plan: Extract<Plan, { by: "walk" }>,
  from: Position,
  limit: number,
  looks: number,
  oldest = Number.MIN_SAFE_INTEGER,
): Selection {
  const events: EventKey[] = [];
  const step = plan.test === null ? Math.min(STEP, limit + 1) : STEP;
  let looked = 0;
  for (const event of mergedNewestFirst(db, plan.paths, from, step)) {
    if (event.time < oldest) break;
    looked += 1;
    if (plan.test === null || plan.test(event)) events.push(event);
    if (events.length === limit || looked === looks) {
      return { events, resume: { time: event.time, rowId: event.row_id } };
    }
  }
  return { events, resume: null };
}

function pick(db: ReadDb, plan: Extract<Plan, { by: "pick" }>, from: Position, limit: number): Selection {
  let best = new Map<number, EventKey>();
  for (const path of pathsOf(plan.matches)) {
    for (const event of pickAlong(db, path, from, limit, plan.test)) best.set(event.row_id, event);
    if (best.size > 4 * limit + STEP) best = new Map(newest(best, limit).map((event) => [event.row_id, event]));
  }
  const events = newest(best, limit);
  const last = events.length === limit ? events.at(-1) : undefined;
  return { events, resume: last === undefined ? null : { time: last.time, rowId: last.row_id } };
}

/** The newest `limit` along one path that pass the test, within the limit on rows looked at. */
function pickAlong(db: ReadDb, path: Path, from: Position, limit: number, test: Test): EventKey[] {
  const first = eventsAlong(db, path, from, limit);
  const passed = first.filter(test);
  if (first.length < limit || passed.length === limit) return passed;
  const events: EventKey[] = [];
  let looked = 0;
  for (const event of mergedNewestFirst(db, [path], from, STEP)) {
    looked += 1;
    if (test(event)) events.push(event);
    if (events.length === limit || looked === LOOK_LIMIT) break;
  }
  return events;
}

function newest(events: Map<number, EventKey>, limit: number): EventKey[] {
  return Array.from(events.values()).sort(newerFirst).slice(0, limit);
}

function pathsOf(matches: FewMatches): Path[] {
  return [
    ...matches.strings.map((value): Path => ({ by: "detail", value })),
    ...matches.subjects.map((value): Path => ({ by: "subject", value })),
  ];
}

/** How many rows the filter lets through; null when they are more than {@link MATCH_LIMIT} or not soon counted. */
export function countMatching(db: ReadDb, filter: TimelineFilter): number | null {
  const meta = readMeta(db);
  if (filter.text === "" && filter.minSeverity === null && filter.range == null) {
    return filter.origins.length === 0 ? meta.rows : countOrigins(db, filter);
  }
  return rememberedCount(db, `${meta.commits} ${JSON.stringify(filter)}`, () => {
    // Walking to test texts costs time, and whoever searches for something that common is not after the number.
    const reads = filter.text !== "" && planFor(db, filter).by === "walk";
    const limit = reads ? WALKED_MATCH_LIMIT : MATCH_LIMIT;
    const looks = reads ? WALKED_LOOK_LIMIT : LOOK_LIMIT;
    const { events, resume } = follow(db, filter, NEWEST, limit, looks);
    return resume === null ? events.length : null;
  });
}

/** Kept as counts, so exact however many they are. */
function countOrigins(db: ReadDb, filter: TimelineFilter): number {
  const wanted = new Set(filter.origins.map((origin) => ORIGIN_CODES[origin]));
  return allRows<{ origin: number; rows: number }>(db, "SELECT origin, rows FROM origin_rows")
    .filter((row) => wanted.has(row.origin))
    .reduce((sum, row) => sum + row.rows, 0);
}
