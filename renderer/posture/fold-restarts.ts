import type { JournalEntry } from "#contract/posture.ts";

/** Restarts in a row that changed nothing are one line until somebody wants to see them. */
const FOLDED_FROM = 3;

export type JournalRow =
  | { kind: "entry"; entry: JournalEntry }
  /** Newest first, at least two. */
  | { kind: "restarts"; entries: readonly [JournalEntry, ...JournalEntry[]] };

/** Folds long runs of restarts; everything else stays as it is, and so does a restart after an attempt, which its evidence tells. */
export function foldRestarts(entries: readonly JournalEntry[]): JournalRow[] {
  const rows: JournalRow[] = [];
  let run: JournalEntry[] = [];
  const end = () => {
    const [first, ...rest] = run;
    if (first !== undefined && run.length >= FOLDED_FROM) rows.push({ kind: "restarts", entries: [first, ...rest] });
    else rows.push(...run.map((entry) => ({ kind: "entry" as const, entry })));
    run = [];
  };
  for (const entry of entries) {
    if (entry.kind === "boot" && entry.evidence === "") run.push(entry);
    else {
      end();
      rows.push({ kind: "entry", entry });
    }
  }
  end();
  return rows;
}
