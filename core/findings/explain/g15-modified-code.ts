import { span } from "#core/enrich/words.ts";
import { clause, type Explainer, lastPart, lastStart, partWithRole, programOf } from "./explanation.ts";
import { explainStopped, stopOf } from "./stopped.ts";
import { notChecked, signatureSentence, weakenedSentence, whyItRan, whyNotEnded } from "./why-it-ran.ts";
import { writtenSentence } from "./written.ts";

/** G15: code ran whose signature no longer fits it; or macOS stopped it. */
export const explainModifiedCode: Explainer = (input) => {
  const stop = stopOf(input);
  if (stop !== null) return explainStopped(input, stop);
  const start = lastStart(input) ?? lastPart(input);
  const check = partWithRole(input, "signature check failed");
  const about =
    start.note.trust === "invalid"
      ? "its signature does not fit its code"
      : "macOS had found that its signature does not hold";
  return [
    clause("verdict", `${programOf(start)} ran although ${about}.`, start, check),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    ...(check === null
      ? []
      : [clause("why", `The check had failed ${span(start.time - check.time)} before it was noted.`, check)]),
    writtenSentence(start),
    clause("why", "Nothing stopped it: neither a word of the kernel nor a sudden end was seen.", start),
    ...(start.note.trust === "invalid" ? [whyNotEnded(start)] : []),
    ...weakenedSentence(input),
    whyItRan(input, start),
    notChecked(start),
    clause("next", "If you patched it yourself, this is expected. Otherwise, quit it and get it again from its maker."),
  ];
};
