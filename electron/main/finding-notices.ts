import { type Clock, type Micros, SECOND } from "#core/base/clock.ts";
import type { Finding } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import { URGENCY } from "./open-findings.ts";

/** What to show. A notice with the tag of an earlier one takes its place. */
export interface Notice {
  tag: string;
  title: string;
  body: string;
  /** True when it only brings an earlier notice up to date. */
  silent: boolean;
}

/** Findings that come closer together than this share one notice. */
const TOGETHER = 10 * SECOND;
const REMEMBERED = 5_000;
const BODY_MAX = 300;
/** Titles a shared notice lists, newest first; its own title says how many there are. */
const LISTED = 4;

interface Burst {
  tag: string;
  last: Micros;
  titles: string[];
}

/** Decides what to notify about: each urgent finding once, those that come together as one notice. */
export class FindingNotices {
  readonly #clock: Clock;
  readonly #told = new Set<number>();
  #burst: Burst | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** These are known already, e.g. from before the app started. */
  alreadyTold(findings: readonly Finding[]): void {
    for (const finding of findings) if (isUrgent(finding)) this.#remember(finding.id);
  }

  /** @param findings new or updated ones; an update of what was told says nothing */
  next(findings: readonly Finding[]): Notice | null {
    const fresh = findings.filter((finding) => isUrgent(finding) && !this.#told.has(finding.id));
    const first = fresh[0];
    if (first === undefined) return null;
    for (const finding of fresh) this.#remember(finding.id);
    const now = this.#clock.now();
    const running = this.#burst !== null && now - this.#burst.last <= TOGETHER ? this.#burst : null;
    const burst = running ?? { tag: `finding-${first.id}`, last: now, titles: [] };
    burst.last = now;
    burst.titles.push(...fresh.map((finding) => cut(finding.title)));
    this.#burst = burst;
    const silent = running !== null;
    if (burst.titles.length === 1) {
      return { tag: burst.tag, title: cut(first.title), body: cut(first.clauses[0]?.text ?? ""), silent };
    }
    const title = `${burst.titles.length} findings need action`;
    return { tag: burst.tag, title, body: burst.titles.slice(-LISTED).toReversed().join("\n"), silent };
  }

  #remember(id: number): void {
    this.#told.add(id);
    for (const old of this.#told) {
      if (this.#told.size <= REMEMBERED) break;
      this.#told.delete(old);
    }
  }
}

function isUrgent(finding: Finding): boolean {
  return finding.state === "open" && URGENCY[finding.severity] === "alert";
}

/** Bounded, and with what would hide or reorder the text made visible: titles name what ran. */
function cut(hostile: string): string {
  const text = visibleText(hostile.slice(0, BODY_MAX));
  return text.length <= BODY_MAX ? text : `${text.slice(0, BODY_MAX - 1)}…`;
}
