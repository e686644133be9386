import { span } from "#core/enrich/words.ts";
import { byTool, clause, type Explainer, lastPart, lastStart, nameOf, partWithRole, programOf } from "./explanation.ts";
import { explainStopped, isOnlyStopped, stopOf } from "./stopped.ts";
import { signatureSentence, whyItRan } from "./why-it-ran.ts";

/** G13: an app's signature was replaced or removed, and then (if seen) it ran. */
export const explainSignedAnew: Explainer = (input) => {
  const signing = partWithRole(input, "signed anew", "signature removed") ?? lastPart(input);
  const start = lastStart(input);
  const stop = stopOf(input);
  const removed = signing.note.role === "signature removed";
  const done = removed ? "had its signature removed" : "was given a new signature";
  if (stop !== null && start !== null && isOnlyStopped(input)) {
    return explainStopped(input, stop, [
      clause("why", `It ${done}${byTool(signing)}, ${span(start.time - signing.time)} before that.`, signing),
    ]);
  }
  if (start === null) {
    return [
      clause("verdict", `${nameOf(signing)} ${done}${byTool(signing)}.`, signing),
      clause(
        "why",
        "The signature it had before, and with it its developer's name, no longer vouches for it.",
        signing,
      ),
      clause("unknown", "When this was noted, it had not run since."),
      clause(
        "next",
        "This is normal while building software. Otherwise, do not open it, and get it again from its maker.",
      ),
    ];
  }
  return [
    clause("verdict", `${programOf(start)} ${done} and then ran.`, signing, start),
    clause(
      "why",
      `${removed ? "The signature was removed" : "It was signed"}${byTool(signing)}, ${span(start.time - signing.time)} before it ran.`,
      signing,
    ),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    whyItRan(input, start),
    clause("next", "This is normal while building software. Otherwise, quit it and get it again from its maker."),
  ];
};
