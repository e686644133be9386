import { clause, type Explainer, lastPart, lastStart, nameOf, partWithRole } from "./explanation.ts";
import { explainQuarantineRemoved } from "./g1-quarantine-removed.ts";
import { byWhom, changerClauses } from "./who-changed.ts";

/** G2: the mark was removed without the tool for it. With the run that followed, it is told as G1. */
export const explainRemovedWithoutTool: Explainer = (input) => {
  if (lastStart(input) !== null) return explainQuarantineRemoved(input);
  const removal = partWithRole(input, "quarantine removed") ?? lastPart(input);
  return [
    clause("verdict", `The quarantine mark of ${nameOf(removal)} was removed${byWhom(removal)}.`, removal),
    clause("why", "Gatekeeper checks only files that carry this mark, so without it an app opens unchecked.", removal),
    clause(
      "why",
      "It was done without the command that is meant for it, as scripts do that do not want to show.",
      removal,
    ),
    ...changerClauses(removal),
    clause("unknown", "When this was noted, it had not run since."),
    clause("next", "If you did not do this on purpose, do not open it before you know where it came from."),
  ];
};
