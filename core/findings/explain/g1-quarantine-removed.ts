import { span } from "#core/enrich/words.ts";
import { byTool, clause, type Explainer, lastPart, lastStart, nameOf, partWithRole, programOf } from "./explanation.ts";
import { explainStopped, isOnlyStopped, stopOf } from "./stopped.ts";
import { changerClauses } from "./who-changed.ts";
import { notChecked, signatureSentence } from "./why-it-ran.ts";

/** G1: the quarantine mark was removed, and then (if seen) it ran. */
export const explainQuarantineRemoved: Explainer = (input) => {
  const removal = partWithRole(input, "quarantine removed") ?? lastPart(input);
  const start = lastStart(input);
  const stop = stopOf(input);
  if (stop !== null && start !== null && isOnlyStopped(input)) {
    return explainStopped(input, stop, [
      clause(
        "why",
        `Its quarantine mark was removed ${span(start.time - removal.time)} earlier${byTool(removal)}.`,
        removal,
      ),
    ]);
  }
  if (start === null) {
    return [
      clause("verdict", `The quarantine mark of ${nameOf(removal)} was removed${byTool(removal)}.`, removal),
      clause(
        "why",
        "Gatekeeper checks only files that carry this mark, so without it an app opens unchecked.",
        removal,
      ),
      clause("unknown", "When this was noted, it had not run since."),
      clause("next", "If you did not do this on purpose, do not open it before you know where it came from."),
    ];
  }
  const earlier = span(start.time - removal.time);
  return [
    clause("verdict", `${programOf(start)} ran without being checked.`, start),
    clause("why", `Its quarantine mark was removed ${earlier} earlier${byTool(removal)}.`, removal),
    ...changerClauses(removal),
    clause("why", "Gatekeeper checks only files that carry this mark, so macOS let it start.", removal, start),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    ...(start.note.unlisted === "true"
      ? [clause("why", "That team is not on your list of expected developers.", start)]
      : []),
    notChecked(start),
    clause("next", `If you did not do this on purpose, quit ${programOf(start)} and find out where it came from.`),
  ];
};
