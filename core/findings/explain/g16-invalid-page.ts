import { clause, type Explainer, lastPart, partWithRole } from "./explanation.ts";
import { explainStopped, runnerOf, stopOf } from "./stopped.ts";
import { signatureSentence, weakenedSentence, whyNotEnded } from "./why-it-ran.ts";

/** G16: code in memory no longer matches its signature, and the program goes on; or macOS stopped it. */
export const explainInvalidPage: Explainer = (input) => {
  const page = partWithRole(input, "signature became invalid") ?? lastPart(input);
  const stop = stopOf(input);
  if (stop !== null) return explainStopped(input, stop);
  const { trust, team, kind } = page.note;
  return [
    clause("verdict", `${runnerOf(page)} went on running although its code in memory was changed.`, page),
    clause("why", "A page of its code no longer matched what was signed.", page),
    // The kernel's text names no signature; and a process without its valid mark says nothing of who signed it.
    ...(kind === "log" || trust === "invalid" || trust === undefined
      ? []
      : [clause("why", signatureSentence(trust, team), page)]),
    whyNotEnded(page),
    ...weakenedSentence(input),
    clause("unknown", "What was changed, and by whom, is not in the record."),
    clause(
      "next",
      "If you were debugging it, or it was just updated, this is expected. Otherwise, quit it and get it again from its maker.",
    ),
  ];
};
