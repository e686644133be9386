export type Section = "timeline" | "findings" | "posture" | "coverage" | "settings";

/** What the inspector shows. */
export type Selection =
  | { kind: "event"; rowId: number }
  | { kind: "finding"; id: number }
  /** A file or bundle of this Mac, absolute. It belongs to no recording. */
  | { kind: "file"; path: string };

interface Place {
  section: Section;
  selection: Selection | null;
}

export interface History {
  here: Place;
  back: readonly Place[];
  forward: readonly Place[];
}

const REMEMBERED = 100;

export const startOfHistory: History = { here: { section: "timeline", selection: null }, back: [], forward: [] };

function samePlace(a: Place, b: Place): boolean {
  return a.section === b.section && JSON.stringify(a.selection) === JSON.stringify(b.selection);
}

/** Goes somewhere that Back should lead away from. */
export function visit(history: History, place: Place): History {
  if (samePlace(history.here, place)) return history;
  return { here: place, back: [...history.back, history.here].slice(-REMEMBERED), forward: [] };
}

/** Moves within a place (arrowing through rows) without filling the history. */
export function move(history: History, selection: Selection | null): History {
  return { ...history, here: { ...history.here, selection } };
}

export function goBack(history: History): History {
  const place = history.back.at(-1);
  if (place === undefined) return history;
  return { here: place, back: history.back.slice(0, -1), forward: [history.here, ...history.forward] };
}

export function goForward(history: History): History {
  const [place, ...rest] = history.forward;
  if (place === undefined) return history;
  return { here: place, back: [...history.back, history.here], forward: rest };
}
