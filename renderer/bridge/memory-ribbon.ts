import type { Coverage } from "#contract/coverage.ts";
import type { Finding } from "#contract/finding.ts";
import type { PostureSnapshot } from "#contract/posture.ts";
import type { Ribbon, RibbonQuery, SourceSpan } from "#contract/ribbon.ts";
import type { TimelineRow } from "#contract/timeline.ts";

interface Shown {
  rows: readonly TimelineRow[];
  findings: readonly Finding[];
  posture: PostureSnapshot;
  coverage: Coverage;
}

const micros = (at: string): number => Date.parse(at) * 1000;

/** A ribbon over a scenario: its rows' time, protection as the posture tells, and a gap wherever a row tells of one. */
export function ribbonOver({ rows, findings, posture, coverage }: Shown, query: RibbonQuery): Ribbon {
  const times = rows.map(({ at }) => micros(at));
  const from = query.from ?? (times.length === 0 ? 0 : Math.min(...times));
  const to = query.to ?? (times.length === 0 ? 1 : Math.max(...times) + 1);
  const inside = (at: number) => at >= from && at < to;
  const gaps = rows.filter(({ kind }) => kind === "gap").map(({ at, title }) => ({ at: micros(at), title }));
  const since = posture.weakenedSince === null ? to : Math.min(to, Math.max(from, micros(posture.weakenedSince)));
  return {
    from,
    to,
    posture: [
      { from, to: since, state: "strong" as const, words: "" },
      { from: since, to, state: "weakened" as const, words: "SIP is partly off" },
    ].filter((span) => span.to > span.from),
    sources: coverage.sources
      .filter(({ state }) => state !== "absent")
      .map(({ source, state }) => {
        const running: SourceSpan = { from, to, state: state === "running" ? "running" : "degraded", words: "" };
        const gap = source === "es" ? gaps.find(({ at }) => inside(at)) : undefined;
        if (gap === undefined) return { source, spans: [running] };
        const end = Math.min(to, gap.at + Math.ceil((to - from) / 60));
        const spans: SourceSpan[] = [
          { ...running, to: gap.at },
          { from: gap.at, to: end, state: "gap", words: gap.title },
          { ...running, from: end },
        ];
        return { source, spans: spans.filter((span) => span.to > span.from) };
      }),
    boots: rows
      .filter(({ title }) => title === "The Mac restarted")
      .map(({ at }) => micros(at))
      .filter(inside),
    findings: findings
      .map(({ id, lastSeen, severity, title }) => ({ findingId: id, at: micros(lastSeen), severity, title }))
      .filter(({ at }) => inside(at))
      .sort((a, b) => a.at - b.at),
    moreFindings: 0,
  };
}
