import type { Finding } from "#contract/finding.ts";
import type { TimelineRow } from "#contract/timeline.ts";

function evidenceOf(rows: readonly TimelineRow[], kind: string, title: string, role: string) {
  const row = rows.find((candidate) => candidate.kind === kind && candidate.title === title);
  const restarted = rows.find((candidate) => candidate.title === "Mac restarted");
  const boot = restarted !== undefined && row !== undefined && row.at >= restarted.at ? 2 : 1;
  return row === undefined
    ? []
    : [{ id: row.id, rowId: row.rowId, at: row.at, role, summary: `${row.title}: ${row.detail}`, kind, boot }];
}

/** Constructed findings over the story's rows. */
export function storyFindings(rows: readonly TimelineRow[]): Finding[] {
  const viewer = [
    ...evidenceOf(rows, "deleteextattr", "Quarantine mark removed", "quarantine removed"),
    ...evidenceOf(rows, "exec", "Ran xattr", "quarantine removed"),
    ...evidenceOf(rows, "exec", "Ran Invoice Viewer", "program started"),
  ];
  const sip = [
    ...evidenceOf(rows, "exec", "Ran csrutil", "SIP command"),
    ...evidenceOf(rows, "posture_change", "SIP is partly off", "protection changed"),
  ];
  const relay = [
    ...evidenceOf(rows, "exec", "Ran csrutil", "SIP command"),
    ...evidenceOf(rows, "posture_change", "SIP is partly off", "protection changed"),
    ...evidenceOf(rows, "exec", "Ran relay", "program started"),
  ];
  const override = [
    ...evidenceOf(rows, "gatekeeper_user_override", "“Open Anyway” used", "opened anyway"),
    ...evidenceOf(rows, "exec", "Ran Tidy Fonts", "program started"),
  ];
  const common = { count: 1, state: "open" as const, key: "" };
  const told: Omit<Finding, "firstSeen" | "lastSeen">[] = [
    {
      ...common,
      id: 1,
      rule: "quarantine-removed-then-run",
      behaviours: ["G1"],
      analytics: ["AN0644"],
      techniques: ["T1553.001"],
      severity: "high",
      title: "“Invoice Viewer” ran without being checked",
      clauses: [
        { kind: "verdict", text: "“Invoice Viewer” ran without being checked by Gatekeeper.", evidence: [2] },
        {
          kind: "why",
          text: "Its quarantine mark was removed 41 seconds earlier by `xattr`, started from Terminal.",
          evidence: [0, 1],
        },
        { kind: "why", text: "It has an ad hoc signature, which names no developer.", evidence: [2] },
        { kind: "unknown", text: "Where it was downloaded from: the mark that said so is gone.", evidence: [] },
        {
          kind: "next",
          text: "Ask ana whether she removed the mark herself. If not, quit Invoice Viewer and keep a copy of it before deleting it.",
          evidence: [],
        },
      ],
      subject: {
        path: "/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer",
        cdhash: "3f1c9a0be77d42118c5d60f2a9e4b7710d2c8e55",
        teamId: null,
        signingId: "Invoice-Viewer-5555494441",
      },
      evidence: viewer,
    },
    {
      ...common,
      id: 2,
      rule: "gatekeeper-override",
      behaviours: ["G7"],
      analytics: ["AN0644"],
      techniques: ["T1553.001"],
      severity: "medium",
      title: "Gatekeeper’s refusal of “Tidy Fonts” was overridden",
      clauses: [
        {
          kind: "verdict",
          text: "Someone chose “Open Anyway” for “Tidy Fonts”, and it ran 4 seconds later.",
          evidence: [0, 1],
        },
        {
          kind: "why",
          text: "It has no code signature, so nobody can say who made it or whether it was changed.",
          evidence: [1],
        },
        { kind: "next", text: "If you meant to open it, nothing needs doing.", evidence: [] },
      ],
      subject: { path: "/Users/ana/Downloads/Tidy Fonts.app", cdhash: null, teamId: null, signingId: null },
      evidence: override,
    },
    {
      ...common,
      id: 3,
      rule: "sip-weakened-after-attempt",
      behaviours: ["S1", "S4"],
      analytics: ["AN1447"],
      techniques: ["T1553.006"],
      severity: "critical",
      title: "System Integrity Protection is partly off since the last restart",
      clauses: [
        {
          kind: "verdict",
          text: "System Integrity Protection (SIP) has been partly off since this Mac restarted.",
          evidence: [1],
        },
        {
          kind: "why",
          text: "`csrutil disable` was run as root before the restart. On its own it cannot change SIP; a change needs recoveryOS.",
          evidence: [0],
        },
        { kind: "unknown", text: "Who started recoveryOS: nothing is recorded there.", evidence: [] },
        {
          kind: "next",
          text: "Restart into recoveryOS and run `csrutil enable`, unless this change was approved.",
          evidence: [],
        },
      ],
      subject: { path: "/usr/bin/csrutil", cdhash: null, teamId: null, signingId: "com.apple.csrutil" },
      evidence: sip,
    },
    {
      ...common,
      id: 4,
      count: 3,
      rule: "unsigned-while-weakened",
      behaviours: ["S16"],
      analytics: ["AN1447"],
      techniques: ["T1553.006", "T1036.001"],
      severity: "critical",
      title: "Unsigned “relay” ran while SIP was weakened",
      clauses: [
        {
          kind: "verdict",
          text: "“relay”, which has no code signature, ran 20 minutes after SIP was weakened.",
          evidence: [2],
        },
        { kind: "why", text: "With filesystem protections off, nothing keeps it from changing macOS.", evidence: [1] },
        { kind: "next", text: "Find out who put it into /usr/local/libexec.", evidence: [] },
      ],
      subject: { path: "/usr/local/libexec/relay", cdhash: null, teamId: null, signingId: null },
      evidence: relay,
    },
  ];
  return told.map((finding) => {
    const times = finding.evidence.map(({ at }) => at).sort();
    const key = JSON.stringify([finding.rule, finding.subject.path, 1]);
    return { ...finding, key, firstSeen: times[0] ?? "", lastSeen: times.at(-1) ?? "" };
  });
}
