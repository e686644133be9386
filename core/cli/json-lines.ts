import { explanationText, type Finding } from "#contract/finding.ts";
import type { DigestLine } from "#contract/notice.ts";
import { SOURCES } from "#contract/source.ts";
import type { TimelineRow } from "#contract/timeline.ts";
import type { StoreCounts } from "#core/pipeline/monitor-store.ts";
import type { ToldNotification } from "./told-notices.ts";

/** JSON that every reader takes: a lone surrogate, which a hostile name may hold, becomes a replacement character. */
export function strictJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "string" ? inner.toWellFormed() : inner));
}

/** What `watch --json` prints for a record of the timeline. */
export function rowJsonLine({ id, at, origin, kind, title, detail, path, trust, severity }: TimelineRow): string {
  return strictJson({ t: "event", ...id, at, origin, kind, title, detail, path, trust, severity });
}

/** What `replay --json` prints for a finding: one object a line, a stable shape for other tools. */
export function findingLine(finding: Finding): string {
  return strictJson({
    t: "finding",
    key: finding.key,
    rule: finding.rule,
    behaviours: finding.behaviours,
    analytics: finding.analytics,
    techniques: finding.techniques,
    severity: finding.severity,
    title: finding.title,
    explanation: explanationText(finding.clauses),
    subject: finding.subject,
    firstSeen: finding.firstSeen,
    lastSeen: finding.lastSeen,
    count: finding.count,
    state: finding.state,
    evidence: finding.evidence.map(({ id, at, role, summary }) => ({ ...id, at, role, summary })),
  });
}

/** A notification that the app would have raised. `findings` are keys of findings, `updates` how often it was brought up to date. */
export function notificationLine(told: ToldNotification): string {
  const { tag, at, title, body, findings, severity, silent, updates } = told;
  return strictJson({ t: "notification", at, findings, title, body, severity, tag, silent, updates });
}

/** A line of the digest: what called for no notification. */
export function digestLine({ key, day, at, title, body, findings, count, severity }: DigestLine): string {
  return strictJson({ t: "digest", at, day, findings, title, body, count, severity, key });
}

interface Summary {
  counts: StoreCounts;
  findings: number;
  duplicates: number;
  pruned: number;
  ms: number;
}

/** The last line of `replay --json`. Counts are of the sessions that were read, `findings` of the whole database. */
export function summaryLine({ counts, findings, duplicates, pruned, ms }: Summary): string {
  const bySource: Record<string, number> = {};
  const gaps: Record<string, { lost: number; shed: number; unreadable: number; unknown: number }> = {};
  for (const source of SOURCES) {
    const count = counts.bySource.get(source);
    if (count === undefined) continue;
    const { events, lost, shed, unreadable, unknown } = count;
    if (events + lost + shed + unreadable + unknown === 0) continue;
    bySource[source] = events;
    gaps[source] = { lost, shed, unreadable, unknown };
  }
  const events = Object.values(bySource).reduce((sum, count) => sum + count, 0);
  return JSON.stringify({
    t: "summary",
    events,
    bySource,
    faults: counts.faults,
    gaps,
    findings,
    duplicates,
    pruned,
    ms,
  });
}
