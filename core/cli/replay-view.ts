import { basename } from "node:path";
import type { Finding } from "#contract/finding.ts";
import { severityRank } from "#contract/severity.ts";
import type { TimelineRow } from "#contract/timeline.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { StoreCounts } from "#core/pipeline/monitor-store.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import { findingBlock, isTold, rowLine } from "./row-line.ts";
import type { Terminal } from "./terminal.ts";
import type { ToldNotices } from "./told-notices.ts";

/** Notifications and digest lines that the end lists. */
const TOLD_SHOWN = 12;

interface Ending {
  counts: StoreCounts;
  duplicates: number;
  /** Records that retention removed. */
  pruned: number;
  ms: number;
  findings: readonly Finding[];
  /** What the app would have told of them. */
  told: ToldNotices;
  db: string | null;
}

/** The replay as a person reads it: rows as they come, a line when a finding is made, the findings in full at the end. */
export class ReplayView {
  readonly #terminal: Terminal;
  readonly #all: boolean;
  #day = "";
  #untold = 0;
  readonly #announced = new Map<number, Finding>();

  constructor(terminal: Terminal, all: boolean) {
    this.#terminal = terminal;
    this.#all = all;
  }

  /** The findings of this replay, in the order they were made. */
  get findingIds(): number[] {
    return [...this.#announced.keys()];
  }

  begin(files: readonly string[], library: RuleLibrary): void {
    const names = files.map((file) => visibleText(basename(file))).join(", ");
    this.#write(
      "bold",
      `Sealbar is reading ${names} with ${library.rules.length + library.correlations.length} rules.`,
    );
    const skipped = library.problems.length;
    if (skipped > 0) this.#write("yellow", `${skipped} rules cannot run: “sealbar rules check DIR” says why.`);
    this.#write("dim", "Times are UTC.");
  }

  beginLive(library: RuleLibrary): void {
    const rules = library.rules.length + library.correlations.length;
    this.#write("bold", `Sealbar is watching this Mac with ${rules} rules. Ctrl-C ends it.`);
    this.#write("dim", "Times are UTC.");
  }

  show(rows: readonly TimelineRow[], findings: readonly Finding[]): void {
    for (const row of rows) {
      if (!this.#all && !isTold(row)) {
        this.#untold += 1;
        continue;
      }
      const day = row.at.slice(0, 10);
      if (day !== this.#day) {
        this.#day = day;
        this.#write("bold", `\n${day}`);
      }
      this.#terminal.write(rowLine(row, this.#terminal));
    }
    for (const finding of findings) {
      const before = this.#announced.get(finding.id);
      this.#announced.set(finding.id, finding);
      if (before !== undefined && severityRank(before.severity) >= severityRank(finding.severity)) continue;
      for (const line of findingBlock(finding, this.#terminal)) this.#terminal.write(line);
    }
  }

  end({ counts, duplicates, pruned, ms, findings, told, db }: Ending): void {
    const { bySource, faults } = counts;
    const sources = [...bySource].filter(([, count]) => count.events > 0);
    const events = sources.reduce((sum, [, count]) => sum + count.events, 0);
    this.#terminal.write("");
    this.#write(
      "bold",
      findings.length === 0
        ? "Nothing to report."
        : `${findings.length} ${findings.length === 1 ? "finding" : "findings"}:`,
    );
    for (const finding of [...findings].sort((a, b) => severityRank(b.severity) - severityRank(a.severity))) {
      for (const line of findingBlock(finding, this.#terminal).slice(0, 1)) this.#terminal.write(line);
    }
    this.#showTold(told);
    const shares = sources.map(([source, count]) => `${source} ${count.events.toLocaleString("en")}`).join(", ");
    this.#write(
      "dim",
      `${events.toLocaleString("en")} events${shares === "" ? "" : ` (${shares})`} in ${(ms / 1000).toFixed(1)} s.`,
    );
    if (this.#untold > 0)
      this.#write(
        "dim",
        `${this.#untold.toLocaleString("en")} records (forks, exits, file and log lines) were not shown one by one; --all shows them.`,
      );
    if (duplicates > 0)
      this.#write("dim", `${duplicates.toLocaleString("en")} records were already known and added nothing.`);
    if (pruned > 0)
      this.#write(
        "dim",
        `${pruned.toLocaleString("en")} records past the retention limits were removed; their findings stay.`,
      );
    for (const line of missing(counts)) this.#write("magenta", line);
    if (faults > 0)
      this.#write(
        "magenta",
        `${faults.toLocaleString("en")} records could not be read; they are in the timeline as such.`,
      );
    if (db !== null) this.#write("dim", `Stored in ${visibleText(db)}.`);
  }

  #showTold({ notifications, digest, leftOut }: ToldNotices): void {
    if (notifications.length === 0 && digest.length === 0) return;
    const count = notifications.length;
    const raised = count === 0 ? "no notification" : `${count} ${count === 1 ? "notification" : "notifications"}`;
    this.#write("bold", `The app would have raised ${raised}.`);
    for (const { at, title } of notifications.slice(0, TOLD_SHOWN))
      this.#terminal.write(`  ${at.slice(11, 19)} ${title}`);
    for (const { day, title } of digest.slice(0, TOLD_SHOWN)) this.#write("dim", `  digest of ${day}: ${title}`);
    const more = leftOut + Math.max(0, count - TOLD_SHOWN) + Math.max(0, digest.length - TOLD_SHOWN);
    if (more > 0) this.#write("dim", `  and ${more.toLocaleString("en")} more; --json lists them.`);
  }

  #write(style: Parameters<Terminal["style"]>[0], text: string): void {
    this.#terminal.write(this.#terminal.style(style, text));
  }
}

function missing({ bySource }: StoreCounts): string[] {
  return [...bySource].flatMap(([source, { lost, shed, unknown }]) => {
    const parts = [
      lost > 0 ? `${lost.toLocaleString("en")} lost by macOS` : "",
      shed > 0 ? `${shed.toLocaleString("en")} shed` : "",
      unknown > 0 ? `an unknown number ${unknown === 1 ? "once" : `${unknown.toLocaleString("en")} times`}` : "",
    ].filter((part) => part !== "");
    return parts.length === 0 ? [] : [`Not seen of ${source}: ${parts.join(", ")}.`];
  });
}
