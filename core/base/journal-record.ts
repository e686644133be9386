import type { JournalEntry } from "#contract/posture.ts";
import type { Micros } from "./clock.ts";

/** One line of the posture journal before the store has given it its number and its hash. All texts are bounded. */
export interface JournalRecord extends Omit<JournalEntry, "seq" | "hash" | "at"> {
  at: Micros;
}
