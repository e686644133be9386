import type { Finding } from "#contract/finding.ts";
import type { Severity } from "#contract/severity.ts";

export interface OpenFindings {
  /** Open findings that ask for action. */
  alert: number;
  /** Open findings to look at. */
  attention: number;
}

export type Urgency = "alert" | "attention" | "none";

export const URGENCY: Record<Severity, Urgency> = {
  critical: "alert",
  high: "alert",
  medium: "attention",
  low: "attention",
  info: "none",
};

/** More open findings than this are not told apart in the menu bar; the oldest known is forgotten. */
const REMEMBERED = 5_000;

/** Counts the open findings by how urgent they are, from a snapshot and the changes after it. */
export class OpenFindingsCount {
  #urgencies = new Map<number, Exclude<Urgency, "none">>();

  reset(findings: readonly Finding[]): void {
    this.#urgencies.clear();
    this.apply(findings);
  }

  apply(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const urgency = finding.state === "open" ? URGENCY[finding.severity] : "none";
      if (urgency === "none") this.#urgencies.delete(finding.id);
      else this.#urgencies.set(finding.id, urgency);
    }
    for (const id of this.#urgencies.keys()) {
      if (this.#urgencies.size <= REMEMBERED) break;
      this.#urgencies.delete(id);
    }
  }

  count(): OpenFindings {
    const all = [...this.#urgencies.values()];
    const alert = all.filter((urgency) => urgency === "alert").length;
    return { alert, attention: all.length - alert };
  }
}
