import type { Finding } from "#contract/finding.ts";
import { type Severity, severityRank } from "#contract/severity.ts";
import type { Micros } from "#core/base/clock.ts";
import { play } from "./play.ts";

const ids = (letter: string, count: number) => Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

/** The catalogue: what AN0644 and AN1447 must see. */
export const BEHAVIOURS: readonly string[] = [...ids("G", 24), ...ids("S", 18)];

/** Captures of harmless days, with the most notifications each may raise. */
export const NOISE: Readonly<Record<string, number>> = {
  "noise-developer-build": 0,
  "noise-update-day": 1,
  "noise-mdm-enrolment": 0,
  "noise-debugger-day": 0,
  "noise-weakened-baseline": 0,
  "noise-ordinary-day": 0,
  "noise-admin-day": 0,
};
const DIGEST_LINES_MAX = 1;

export interface BehaviourCheck {
  id: string;
  /** What is wrong with the must-fire capture; null: it fires. */
  firesProblem: string | null;
  quietProblem: string | null;
  /** Of the finding it fires; null when it does not. */
  severity: Severity | null;
  /** Event time from the story's first record until the finding was complete. */
  delay: Micros | null;
  /** Notifications that the must-fire capture raised. */
  notifications: number;
}

export interface NoiseCheck {
  name: string;
  problem: string | null;
  notifications: number;
  digestLines: number;
}

/** Plays both captures of a behaviour. */
export function checkBehaviour(id: string): BehaviourCheck {
  const name = id.toLowerCase();
  const fires = play(`${name}-fires`);
  const severity = fires === null ? null : worstOf(fires.findings, id);
  return {
    id,
    firesProblem: fires === null ? "no capture" : severity === null ? "no finding" : null,
    quietProblem: quietProblem(play(`${name}-quiet`)?.findings ?? null, id, severity),
    severity,
    delay: fires?.delays.get(id)?.delay ?? null,
    notifications: fires?.told.notifications.length ?? 0,
  };
}

export function checkNoise(name: string): NoiseCheck {
  const played = play(name);
  if (played === null) return { name, problem: "no capture", notifications: 0, digestLines: 0 };
  const { notifications, digest } = played.told;
  const most = NOISE[name] ?? 0;
  const told = [...notifications, ...digest].map(({ title }) => title).join("; ");
  const tooMuch = notifications.length > most || digest.length > DIGEST_LINES_MAX;
  return {
    name,
    problem: tooMuch ? `too much is told: ${told}` : null,
    notifications: notifications.length,
    digestLines: digest.length,
  };
}

/**
 * Quiet: nothing of this behaviour but what macOS stopped, and nothing severe of any other. Where the behaviour itself is
 * only worth a remark, not even that.
 */
function quietProblem(findings: readonly Finding[] | null, id: string, fires: Severity | null): string | null {
  if (findings === null) return "no capture";
  const own = worstOf(findings, id);
  if (own !== null && (own !== "info" || fires === "info")) return `a finding of ${id}, ${own}`;
  const severe = findings.find(({ severity }) => severityRank(severity) >= severityRank("high"));
  return severe === undefined ? null : `${severe.severity}: ${severe.title}`;
}

function worstOf(findings: readonly Finding[], id: string): Severity | null {
  const own = findings.filter(({ behaviours }) => behaviours.includes(id)).map(({ severity }) => severity);
  return own.reduce<Severity | null>(
    (worst, next) => (worst === null || severityRank(next) > severityRank(worst) ? next : worst),
    null,
  );
}
