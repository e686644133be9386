import {
  clause,
  commandSentence,
  type Explainer,
  lastPart,
  lastStart,
  partWithRole,
  programOf,
} from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";

/** S2: somebody asked whether SIP is on. */
export const explainSipAsked: Explainer = (input) => {
  const question = partWithRole(input, "SIP query") ?? lastPart(input);
  const asker = lastStart(input);
  const how = clause("why", commandSentence(question, "csrutil status"), question);
  const harmless = clause(
    "why",
    "It changes nothing. Malware asks so that it knows where it is; so do system reports.",
    question,
  );
  if (asker === null || asker === question) {
    return [
      clause("verdict", "Someone asked whether System Integrity Protection (SIP) is on.", question),
      how,
      harmless,
      clause("unknown", "Why it was asked is not known."),
      clause("next", "Nothing to do, unless other findings of the same time make it part of a story."),
    ];
  }
  return [
    clause("verdict", `${programOf(asker)} asked whether System Integrity Protection (SIP) is on.`, asker, question),
    how,
    clause("why", signatureSentence(asker.note.trust, asker.note.team), asker),
    harmless,
    clause("unknown", "What it did with the answer is not known."),
    clause("next", `If you do not know ${programOf(asker)}, find out where it came from.`),
  ];
};
