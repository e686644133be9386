import type { Evidence, Finding } from "./finding.ts";

/** What a record's part in the story was: who tried what, what was changed, what came of it, what ran, what was stopped. */
export const CHAIN_PARTS = ["attempt", "override", "change", "state", "execution", "stopped", "other"] as const;
export type ChainPart = (typeof CHAIN_PARTS)[number];

export type ChainStep =
  | {
      kind: ChainPart;
      /** Index into the finding's evidence. */
      evidence: number;
      at: string;
      role: string;
      summary: string;
      /** Records in a row that say the same; the first one is shown. */
      times: number;
    }
  /** The Mac restarted here; `evidence` where a record says so itself, `restarts` 0 where it alone does. */
  | { kind: "restart"; evidence: number | null; restarts: number }
  /** Steps left out, to stay readable. */
  | { kind: "more"; count: number };

type Told = Extract<ChainStep, { times: number }>;
type Placed = { step: Told | Extract<ChainStep, { kind: "restart" }>; boot: number | null };

const SHOWN_FIRST = 4;
const SHOWN_LAST = 4;

const PARTS: Readonly<Record<string, ChainPart>> = {
  posture_change: "state",
  gatekeeper_user_override: "override",
  kextload: "execution",
  deleteextattr: "change",
  setextattr: "change",
  fs_change: "change",
  create: "change",
  rename: "change",
  close: "change",
  write: "change",
  unlink: "change",
  copyfile: "change",
  link: "change",
  setmode: "change",
  setacl: "change",
  setflags: "change",
  cs_invalidated: "change",
};

/** For records whose kind says too little; the first that fits counts. */
const ROLE_PARTS: readonly (readonly [ChainPart, readonly string[]])[] = [
  ["other", ["query", "restart"]],
  ["state", ["protection"]],
  ["override", ["opened anyway", "override"]],
  ["stopped", ["refused", "stopped by"]],
  ["execution", ["program started", "ran "]],
  [
    "change",
    [
      "quarantine removed",
      "quarantine written",
      "quarantine set",
      "attribute",
      "signed anew",
      "signature",
      "file changed",
    ],
  ],
  ["attempt", ["attempt", "command", "rule", "arguments"]],
];

function partOfRole(role: string): ChainPart | null {
  const words = `${role.toLowerCase()} `;
  return ROLE_PARTS.find(([, known]) => known.some((word) => words.includes(word)))?.[0] ?? null;
}

/** A program that was started is an execution, unless it is a tool: then what it does is an attempt or a change. */
function partOf({ kind, role }: Evidence): ChainPart {
  const known = kind === undefined || !Object.hasOwn(PARTS, kind) ? undefined : PARTS[kind];
  if (known !== undefined) return known;
  const told = partOfRole(role);
  if (kind !== "exec" && kind !== "process_snapshot") return told ?? "other";
  return told ?? "attempt";
}

function restartsBetween(before: number | null, after: number | null): number {
  // Boot 0 is the time before any boot was known.
  return before === null || after === null || before < 1 ? 0 : Math.max(0, after - before);
}

/** In the order of time, with records that say the same in a row as one. */
function placed(evidence: readonly Evidence[]): Placed[] {
  const order = evidence.map((one, index) => ({ one, index }));
  order.sort((a, b) => (a.one.at < b.one.at ? -1 : a.one.at > b.one.at ? 1 : a.index - b.index));
  const steps: Placed[] = [];
  for (const { one, index } of order) {
    const boot = one.boot ?? null;
    if (one.kind === "session_start") {
      steps.push({ step: { kind: "restart", evidence: index, restarts: 0 }, boot });
      continue;
    }
    const { at, role, summary } = one;
    const kind = partOf(one);
    const last = steps.at(-1);
    const again =
      last !== undefined && last.boot === boot && last.step.kind === kind && last.step.role === role
        ? last.step.summary === summary
        : false;
    if (again && last !== undefined && "times" in last.step) last.step.times += 1;
    else steps.push({ step: { kind, evidence: index, at, role, summary, times: 1 }, boot });
  }
  return steps;
}

/**
 * How it came to a finding: its records in the order of time, a restart wherever the Mac restarted between two of them.
 * A long story keeps its beginning and its end, with the number of steps between. Findings of an older Sealbar say neither
 * what kind a record is of nor in which boot it was: their records' roles decide, and no restart is known.
 */
export function chainOf({ evidence }: Pick<Finding, "evidence">): ChainStep[] {
  const steps = placed(evidence);
  const hidden = steps.length - SHOWN_FIRST - SHOWN_LAST;
  const chain: ChainStep[] = [];
  let before: Placed | null = null;
  for (const [index, now] of steps.entries()) {
    // One hidden step would take the room of the line that says so.
    const isHidden = hidden > 1 && index >= SHOWN_FIRST && index < SHOWN_FIRST + hidden;
    if (isHidden) {
      if (index === SHOWN_FIRST) chain.push({ kind: "more", count: hidden });
      continue;
    }
    const restarts: number = restartsBetween(before?.boot ?? null, now.boot);
    const told = before?.step.kind === "restart" || now.step.kind === "restart";
    if (restarts > 0 && !told) chain.push({ kind: "restart", evidence: null, restarts });
    chain.push(now.step);
    before = now;
  }
  return chain;
}
