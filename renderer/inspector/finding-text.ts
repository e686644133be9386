import type { Clause, Finding } from "#contract/finding.ts";
import type { EventFact } from "#contract/timeline.ts";
import { visibleText } from "#contract/visible-text.ts";
import { severityWord } from "#renderer/ui/severity-glyph.tsx";

/** Who a finding is about, by the identity ladder: a path alone identifies nothing. */
export function subjectFacts({ subject }: Finding): EventFact[] {
  const facts = [
    { label: "Path", value: subject.path },
    { label: "CDHash", value: subject.cdhash },
    { label: "Signing ID", value: subject.signingId },
    { label: "Team ID", value: subject.teamId },
  ];
  const known = facts.flatMap(({ label, value }) => (value === null ? [] : [{ label, value, code: true }]));
  if (subject.cdhash === null && subject.signingId === null) {
    known.push({ label: "Identity", value: "None that holds: only where it lay is known.", code: false });
  }
  return known;
}

/** A finding as text that reads well in a ticket: verdict first, evidence numbered, times in UTC. */
export function findingText(finding: Finding): string {
  const listed = (title: string, kind: Clause["kind"]): string[] => {
    const clauses = finding.clauses.filter((clause) => clause.kind === kind);
    return clauses.length === 0 ? [] : ["", `${title}:`, ...clauses.map((clause) => `- ${sentence(clause)}`)];
  };
  const verdict = finding.clauses.filter(({ kind }) => kind === "verdict").map(sentence);
  const seen =
    finding.count === 1
      ? `Seen ${finding.firstSeen}`
      : `Seen ${finding.count} times, ${finding.firstSeen} to ${finding.lastSeen}`;
  return [
    `[${severityWord(finding.severity)}] ${visibleText(finding.title)}`,
    ...verdict,
    ...listed("Why", "why"),
    ...listed("Not known", "unknown"),
    ...listed("What to do", "next"),
    "",
    "Subject:",
    ...subjectFacts(finding).map(({ label, value }) => `- ${label}: ${visibleText(value)}`),
    "",
    "Evidence:",
    ...finding.evidence.map(
      ({ at, role, summary }, index) => `${index + 1}. ${at}  ${visibleText(role)}: ${visibleText(summary)}`,
    ),
    "",
    seen,
    `Rule ${[finding.rule, ...finding.behaviours, ...finding.analytics, ...finding.techniques].map(visibleText).join(", ")}`,
  ].join("\n");
}

function sentence({ text, evidence }: Clause): string {
  const refs = evidence.map((index) => `[${index + 1}]`).join("");
  return visibleText(text) + (refs === "" ? "" : ` ${refs}`);
}
