import type { RibbonMark } from "#contract/ribbon.ts";
import type { Severity } from "#contract/severity.ts";

/** Where a time lies in a stretch, in percent of its width; never outside. */
export function percentOf(time: number, from: number, to: number): number {
  return Math.min(100, Math.max(0, ((time - from) / Math.max(1, to - from)) * 100));
}

/** The time below a place, 0 to 1 from the left. */
export function timeAt(place: number, from: number, to: number): number {
  return Math.round(from + Math.min(1, Math.max(0, place)) * (to - from));
}

/** Findings too near to one another to be told apart: the worst stands for all. */
export interface MarkGroup {
  at: number;
  worst: RibbonMark;
  marks: readonly RibbonMark[];
}

const RANK: Record<Severity, number> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

/** @param marks in the order of time; @param room how many groups fit side by side */
export function groupMarks(marks: readonly RibbonMark[], from: number, to: number, room: number): MarkGroup[] {
  const width = (to - from) / Math.max(1, room);
  const groups: RibbonMark[][] = [];
  for (const mark of marks) {
    const last = groups.at(-1);
    if (last !== undefined && mark.at - (last[0]?.at ?? 0) < width) last.push(mark);
    else groups.push([mark]);
  }
  return groups.flatMap((group) => {
    const worst = group.reduce((a, b) => (RANK[b.severity] > RANK[a.severity] ? b : a));
    return { at: worst.at, worst, marks: group };
  });
}

const STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
] as const;
const MICROS = 1_000_000;

/** Times worth a label: round ones in the user's zone, at most `most` of them. @param zone minutes east of UTC */
export function ticks(from: number, to: number, most: number, zone: number): number[] {
  const seconds = (to - from) / MICROS;
  const last = STEPS_S.at(-1) ?? 1;
  const step = STEPS_S.find((candidate) => seconds / candidate <= most) ?? Math.ceil(seconds / most / last) * last;
  const shift = zone * 60;
  const first = Math.ceil((from / MICROS + shift) / step) * step - shift;
  const found: number[] = [];
  for (let time = first; time * MICROS < to && found.length <= most; time += step) found.push(time * MICROS);
  return found;
}
