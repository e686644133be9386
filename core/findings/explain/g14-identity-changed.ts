import { clause, type Explainer, lastPart, lastStart, programOf } from "./explanation.ts";
import { explainStopped, stopOf } from "./stopped.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";
import { writtenSentence } from "./written.ts";

/** G14: what runs at a known place is no longer signed by who signed it before. */
export const explainIdentityChanged: Explainer = (input) => {
  const stop = stopOf(input);
  if (stop !== null) return explainStopped(input, stop);
  const start = lastStart(input) ?? lastPart(input);
  const { identity, formerTeam, trust, team } = start.note;
  const other = identity === "team-changed";
  const name = programOf(start);
  return [
    clause(
      "verdict",
      other
        ? `${name} ran with the signature of another team than before.`
        : `${name} ran without the developer's signature that it had before.`,
      start,
    ),
    clause(
      "why",
      formerTeam === undefined
        ? "When it ran before, a developer vouched for it."
        : `When it ran before, it was signed by team ${formerTeam}.`,
      start,
    ),
    clause("why", signatureSentence(trust, team), start),
    writtenSentence(start),
    whyItRan(input, start),
    notChecked(start),
    clause(
      "next",
      other
        ? "A maker that was bought or renamed signs anew. If you know of no such thing, ask its maker before you run it again."
        : "If you did not change it yourself, quit it, and get it again from its maker.",
    ),
  ];
};
