import type { Coverage, CoverageState, HelperStatus, SourceCoverage } from "#contract/coverage.ts";
import { isAllGood, isInTier } from "#contract/coverage.ts";
import type { SourceName } from "#contract/source.ts";
import { visibleText } from "#contract/visible-text.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { strictJson } from "./json-lines.ts";
import { type Terminal, wrap } from "./terminal.ts";

type Style = Parameters<Terminal["style"]>[0];

const NAMES: Readonly<Record<SourceName, string>> = {
  es: "Endpoint Security",
  log: "Unified log",
  fs: "File changes",
  proc: "Process snapshots",
  probe: "Protection settings",
};

/** `good`: every source of the tier has proved itself. `blind`: none has, so nothing at all is seen. */
export function standingOf(coverage: Coverage): "good" | "degraded" | "blind" {
  if (isAllGood(coverage)) return "good";
  const sees = coverage.sources.some(({ state, source }) => state === "running" && source !== "probe");
  return sees ? "degraded" : "blind";
}

export function helperWords(helper: HelperStatus | undefined): string {
  if (helper === undefined) return "no helper";
  switch (helper.phase) {
    case "connected":
      return helper.tier === "full"
        ? "full tier: the helper runs from boot, as root"
        : "standard tier: as you, for now";
    case "connecting":
      return "connecting to the helper";
    case "waiting":
      return `no helper: ${helper.reason ?? ""}`;
    case "refused":
      return `no helper: ${helper.reason ?? ""}`;
    default:
      return assertNever(helper.phase, "every phase of the helper has words");
  }
}

/** One line that says what sees and what does not; the same text as long as nothing changes. */
export function coverageLine(coverage: Coverage, terminal: Terminal): string {
  const parts = coverage.sources
    .filter(isInTier)
    .map(({ source, state }) => terminal.style(styleOf(state), `${markOf(state)} ${source} ${state}`));
  const sources = parts.length === 0 ? "no source" : parts.join("  ");
  return `${terminal.style("bold", "Coverage:")} ${sources} ${terminal.style("dim", `(${visibleText(helperWords(coverage.helper))})`)}`;
}

/** A block a source: state, what was lost, what is blind, what to do. */
export function coverageBlock(coverage: Coverage, terminal: Terminal): string[] {
  const lines = coverage.sources.flatMap((source) => sourceLines(source, terminal));
  for (const change of coverage.formatChanges ?? [])
    lines.push(
      ...wrap(visibleText(change.sentence), terminal.columns - 4).map((line) => terminal.style("red", `  ! ${line}`)),
    );
  return lines;
}

function sourceLines(source: SourceCoverage, terminal: Terminal): string[] {
  const { state, reason, detail, blind, nextStep, blindBehaviours = [] } = source;
  const why = [reason, detail].filter((text) => text !== null && text !== "").join(": ");
  const head = `${markOf(state)} ${NAMES[source.source].padEnd(20)} ${state.padEnd(10)}`;
  const more = [
    source.provedAt == null ? "" : `seen ${source.provedAt.slice(11, 19)} UTC`,
    source.ratePerMinute == null ? "" : `${source.ratePerMinute.toLocaleString("en")}/min`,
    ...lossesOf(source),
  ].filter((text) => text !== "");
  const width = Math.max(40, terminal.columns - 6);
  const ids = blindBehaviours.map(({ id }) => id).join(" ");
  return [
    `  ${terminal.style(styleOf(state), head)} ${terminal.style("dim", more.join(", "))}`.trimEnd(),
    ...(why === "" || state === "absent" ? [] : wrap(visibleText(why), width).map((line) => `      ${line}`)),
    ...(blind === null
      ? []
      : wrap(`Blind${ids === "" ? "" : ` (${ids})`}: ${blind}`, width).map((line) => `      ${line}`)),
    ...(nextStep === null || state === "starting" ? [] : wrap(nextStep, width).map((line) => `      ${line}`)),
  ];
}

function lossesOf({ gaps }: SourceCoverage): string[] {
  const count = (value: number, words: string) => (value === 0 ? [] : [`${value.toLocaleString("en")} ${words}`]);
  const byUs = gaps.shedByUs ?? 0;
  return [
    ...count(gaps.lost, "lost by macOS"),
    ...count(gaps.shed - byUs, "shed by the helper"),
    ...count(byUs, "shed by Sealbar"),
    ...count(gaps.unreadable, "unreadable"),
    ...count(gaps.unknown, gaps.unknown === 1 ? "loss of unknown size" : "losses of unknown size"),
  ];
}

/** `watch --json` prints one whenever a state changes, `doctor --json` as a part of its answer. */
export function coverageJson(coverage: Coverage): object {
  const { helper, sources, formatChanges = [], looks } = coverage;
  return { standing: standingOf(coverage), helper: helper ?? null, sources, formatChanges, looks: looks ?? null };
}

export const coverageJsonLine = (coverage: Coverage): string =>
  strictJson({ t: "coverage", ...coverageJson(coverage) });

/** What a line has to be printed again for. */
export function coverageKey({ sources, helper, formatChanges = [] }: Coverage): string {
  const states = sources.map(({ source, state, reason }) => [source, state, reason]);
  return JSON.stringify([states, helper?.phase, helper?.tier, helper?.reason, formatChanges.length]);
}

function markOf(state: CoverageState): string {
  switch (state) {
    case "running":
      return "●";
    case "starting":
    case "restarting":
      return "◌";
    case "silent":
    case "denied":
    case "failed":
      return "✕";
    case "stopped":
    case "absent":
      return "○";
    default:
      return assertNever(state, "every coverage state has a mark");
  }
}

function styleOf(state: CoverageState): Style {
  switch (state) {
    case "running":
      return "green";
    case "starting":
    case "restarting":
      return "yellow";
    case "silent":
    case "denied":
    case "failed":
      return "magenta";
    case "stopped":
    case "absent":
      return "dim";
    default:
      return assertNever(state, "every coverage state has a style");
  }
}
