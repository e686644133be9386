import {
  type PostureSpan,
  type Ribbon,
  RIBBON_MARKS_MAX,
  RIBBON_SPANS_MAX,
  type RibbonQuery,
  type SourceSpan,
} from "#contract/ribbon.ts";
import { SOURCES } from "#contract/source.ts";
import type { Micros } from "#core/base/clock.ts";
import { findingMarks } from "#core/store/finding-marks.ts";
import type { ReadDb } from "#core/store/handle.ts";
import { timeExtent } from "#core/store/time-extent.ts";
import type { RibbonMarks, Stretch } from "./ribbon-marks.ts";

interface Span<S> {
  from: Micros;
  to: Micros;
  state: S;
  words: string;
}

/** Which state is shown where several share a place too small to show them all; the later the worse. */
const SOURCE_ORDER: readonly SourceSpan["state"][] = ["off", "running", "asleep", "degraded", "gap"];
const POSTURE_ORDER: readonly PostureSpan["state"][] = ["strong", "unknown", "weakened"];

/** The timeline, or a part of it, at a glance. An empty database gives an empty ribbon at time 0. */
export function ribbonOf(db: ReadDb, marks: RibbonMarks, query: RibbonQuery): Ribbon {
  const extent = timeExtent(db);
  const from = query.from ?? extent?.first ?? 0;
  const to = Math.max(from + 1, query.to ?? (extent === null ? from : extent.last + 1));
  const stretches = new Map<Stretch["track"], Stretch[]>();
  for (const stretch of marks.between(from, to)) {
    const ofTrack = stretches.get(stretch.track);
    if (ofTrack === undefined) stretches.set(stretch.track, [stretch]);
    else ofTrack.push(stretch);
  }
  const { findings, total } = findingMarks(db, from, to, RIBBON_MARKS_MAX);
  return {
    from,
    to,
    posture: spansOf(stretches.get("posture") ?? [], from, to, "unknown", POSTURE_ORDER),
    sources: SOURCES.flatMap((source) => {
      const ofSource = stretches.get(source);
      return ofSource === undefined ? [] : [{ source, spans: spansOf(ofSource, from, to, "off", SOURCE_ORDER) }];
    }),
    boots: marks.boots(from, to).slice(-RIBBON_MARKS_MAX),
    findings,
    moreFindings: total - findings.length,
  };
}

/** Lays the stretches over one another, in the order they were noted: a closed one covers what it lies in, an open one all that follows. */
export function spansOf<S extends Stretch["state"]>(
  stretches: readonly Stretch[],
  from: Micros,
  to: Micros,
  unknown: S,
  order: readonly S[],
): Span<S>[] {
  const isState = (state: Stretch["state"]): state is S => (order as readonly Stretch["state"][]).includes(state);
  const open = stretches.filter((one) => one.to === null && isState(one.state)).sort((a, b) => a.from - b.from);
  const spans: Span<S>[] = [{ from, to, state: unknown, words: "" }];
  for (const one of open) cover(spans, { ...one, to, state: one.state as S });
  for (const one of stretches)
    if (one.to !== null && isState(one.state)) cover(spans, { ...one, to: one.to, state: one.state });
  return coarsened(joined(spans), from, to, order);
}

function cover<S>(spans: Span<S>[], over: Span<S>): void {
  const first = spans[0]?.from ?? 0;
  const last = spans.at(-1)?.to ?? 0;
  const from = Math.max(over.from, first);
  const to = Math.min(over.to, last);
  if (from >= to) return;
  const start = lastAtOrBefore(spans, from);
  const before = spans[start];
  let end = start;
  while (end < spans.length && (spans[end]?.from ?? to) < to) end += 1;
  const after = spans[end - 1];
  if (before === undefined || after === undefined) return;
  const pieces: Span<S>[] = [{ from, to, state: over.state, words: over.words }];
  if (before.from < from) pieces.unshift({ ...before, to: from });
  if (after.to > to) pieces.push({ ...after, from: to });
  spans.splice(start, end - start, ...pieces);
}

function lastAtOrBefore<S>(spans: readonly Span<S>[], time: Micros): number {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((spans[middle]?.from ?? 0) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

function joined<S>(spans: readonly Span<S>[]): Span<S>[] {
  const result: Span<S>[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last !== undefined && last.state === span.state && last.words === span.words) last.to = span.to;
    else result.push({ ...span });
  }
  return result;
}

/** Too many pieces for the width of a screen: of those that share a place the worst is shown. */
function coarsened<S>(spans: Span<S>[], from: Micros, to: Micros, order: readonly S[]): Span<S>[] {
  if (spans.length <= RIBBON_SPANS_MAX) return spans;
  const width = Math.ceil((to - from) / RIBBON_SPANS_MAX);
  const cells: Span<S>[] = [];
  for (const span of spans) {
    for (let cell = Math.floor((span.from - from) / width); from + cell * width < span.to; cell += 1) {
      const known = cells[cell];
      const start = from + cell * width;
      const end = Math.min(to, start + width);
      if (known === undefined) cells[cell] = { ...span, from: start, to: end };
      else if (order.indexOf(span.state) > order.indexOf(known.state)) cells[cell] = { ...span, from: start, to: end };
    }
  }
  return joined(cells.filter((cell) => cell !== undefined));
}
