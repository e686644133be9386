import { CHECK_WORDS } from "#contract/inspection-words.ts";
import type { BundleInspection, Inspection, Problem, SliceInspection } from "#contract/inspection.ts";
import { visibleText } from "#contract/visible-text.ts";
import { trustWord } from "#renderer/ui/trust-glyph.tsx";
import { bundleFacts, identityFacts, notYetSaid } from "./inspection-facts.ts";
import { fileName, isOnlyClaimed, nextStep, SEALED_WORDS, verdictSentence } from "./inspection-words.ts";

/** More than this nobody reads in a ticket; how many are left out is said. */
const LISTED_MAX = 200;

/** An inspection as text that reads well in a ticket: verdict first, times in UTC, nothing in it that hides or reorders. */
export function inspectionText(inspection: Inspection): string {
  const { path, verdict, slices, bundle, checked, notChecked } = inspection;
  const next = nextStep(inspection);
  return [
    `[${trustWord(verdict.class)}] ${visibleText(fileName(path))}`,
    visibleText(verdictSentence(inspection)),
    `Path: ${visibleText(path)}`,
    ...listed("Why", messages(verdict.problems)),
    ...listed("Notes", messages(verdict.notes)),
    ...(next === null ? [] : ["", `Next: ${visibleText(next)}`]),
    ...slices.flatMap((slice) => sliceText(slice, verdict)),
    ...(bundle === null ? [] : bundleText(bundle, verdict)),
    ...listed(
      "Checked",
      checked.map((check) => CHECK_WORDS[check]),
    ),
    ...listed(
      "Not checked",
      notChecked.map(({ check, why }) => `${CHECK_WORDS[check]}: ${visibleText(why)}`),
    ),
  ].join("\n");
}

function sliceText(slice: SliceInspection, said: Inspection["verdict"]): string[] {
  const { timestamp } = slice;
  const claimed = isOnlyClaimed(slice.class) && slice.identifier !== null ? " (identity as claimed)" : "";
  const signers = slice.authorities.map(
    ({ commonName, issuer, notBefore, notAfter }) =>
      `${visibleText(commonName ?? "Without a name")}, issued by ${visibleText(issuer)}, valid ${notBefore} to ${notAfter}`,
  );
  return [
    ...listed(`${visibleText(slice.arch)}: ${trustWord(slice.class)}${claimed}`, [
      ...identityFacts(slice).map(({ label, value }) => `${label}: ${visibleText(value)}`),
      ...(slice.requirement === null ? [] : [`Requirement: ${visibleText(slice.requirement)}`]),
      ...messages(notYetSaid(slice.problems, said.problems)),
      ...messages(notYetSaid(slice.notes, said.notes)),
    ]),
    ...listed(slice.class === "invalid" ? "Claims to be signed by" : "Signed by", signers),
    ...(timestamp === null
      ? []
      : [`Time of signing: ${timestamp.at}, ${timestamp.status === "ok" ? "proved by a timestamp" : "not proved"}`]),
    ...listed(
      "Entitlements",
      slice.entitlements.map(
        ({ key, value, weakens }) =>
          `${visibleText(key)} = ${visibleText(value)}${weakens === null ? "" : ` (${visibleText(weakens)})`}`,
      ),
    ),
  ];
}

function bundleText(bundle: BundleInspection, said: Inspection["verdict"]): string[] {
  return [
    ...listed("Bundle", [
      ...bundleFacts(bundle).map(({ label, value }) => `${label}: ${visibleText(value)}`),
      ...messages(notYetSaid(bundle.problems, said.problems)),
      ...messages(notYetSaid(bundle.notes, said.notes)),
    ]),
    ...listed(
      "Code inside",
      bundle.nested.map(({ path, class: trust, sealed, problems }) =>
        [
          `${visibleText(path)}: ${trustWord(trust)}, ${SEALED_WORDS[sealed].toLowerCase()}`,
          ...messages(problems),
        ].join(". "),
      ),
    ),
  ];
}

function messages(problems: readonly Problem[]): string[] {
  return problems.map(({ message }) => visibleText(message));
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const left = lines.length - LISTED_MAX;
  return [
    "",
    `${title}:`,
    ...lines.slice(0, LISTED_MAX).map((line) => `- ${line}`),
    ...(left > 0 ? [`- and ${left.toLocaleString("en-US")} more`] : []),
  ];
}
