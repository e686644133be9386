import type { BundleInspection, Problem } from "#contract/inspection.ts";
import { type BundleNoteId, type BundleProblemId, bundleNote, bundleProblem } from "./problems.ts";

/** Problems named one by one; beyond, they are counted. */
const MAX_NAMED = 20;

/** What a check of a bundle has come upon so far. Counts are exact; only the naming is capped. */
export class Findings {
  readonly counts: BundleInspection["counts"] = { sealed: 0, altered: 0, missing: 0, added: 0, nested: 0 };
  readonly #problems: Problem[] = [];
  readonly #notes: Problem[] = [];
  readonly #cases = new Map<BundleNoteId, number>();
  #further = 0;
  #incomplete = false;

  /** `path` relative to the bundle's root. */
  problem(id: BundleProblemId, path: string): void {
    this.problems([bundleProblem(id, path)]);
  }

  problems(problems: readonly Problem[]): void {
    const room = Math.max(0, MAX_NAMED - this.#problems.length);
    this.#problems.push(...problems.slice(0, room));
    this.#further += Math.max(0, problems.length - room);
  }

  notes(notes: readonly Problem[]): void {
    this.#notes.push(...notes);
  }

  /** Notes of one kind become one, with their number. */
  note(id: BundleNoteId, cases = 1): void {
    if (cases > 0) this.#cases.set(id, (this.#cases.get(id) ?? 0) + cases);
  }

  /** As `note`, for something that was not checked: the result is then never "ok". */
  unchecked(id: BundleNoteId, cases = 1): void {
    if (cases > 0) this.#incomplete = true;
    this.note(id, cases);
  }

  result(): { status: "ok" | "bad" | "not-checked"; problems: Problem[]; notes: Problem[] } {
    if (this.#further > 0) this.note("more-problems", this.#further);
    const notes = [...this.#notes, ...[...this.#cases].map(([id, count]) => bundleNote(id, count))];
    const good = this.#incomplete ? "not-checked" : "ok";
    return { status: this.#problems.length > 0 ? "bad" : good, problems: this.#problems, notes };
  }
}
