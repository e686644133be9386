import { clause, code, type Explainer, lastPart, lastStart, programOf, starter } from "./explanation.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

/** G17: something ran that nobody Apple knows vouches for. */
export const explainUntrustedLaunch: Explainer = (input) => {
  const start = lastStart(input) ?? lastPart(input);
  const first = input.enriched.firstSeen === true ? " for the first time" : "";
  const from = starter(start);
  return [
    clause("verdict", `${programOf(start)} ran${first}, and no developer known to Apple vouches for it.`, start),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    clause(
      "why",
      `It lies at ${code(start.note.image ?? "an unknown place")}${from === null ? "" : ` and was started ${from}`}.`,
      start,
    ),
    whyItRan(input, start),
    notChecked(start),
    clause(
      "next",
      "If you built it yourself, this is expected. Otherwise, find out where it came from before you run it again.",
    ),
  ];
};
