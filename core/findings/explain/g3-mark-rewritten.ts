import { span } from "#core/enrich/words.ts";
import { clause, type Explainer, lastPart, lastStart, nameOf, partWithRole, programOf } from "./explanation.ts";
import { byWhom, changerClauses } from "./who-changed.ts";
import { notChecked, signatureSentence } from "./why-it-ran.ts";

/** G3: the mark was not removed but written anew, and then (if seen) it ran. */
export const explainMarkRewritten: Explainer = (input) => {
  const change = partWithRole(input, "quarantine written", "quarantine set") ?? lastPart(input);
  const start = lastStart(input);
  if (start === null) {
    return [
      clause("verdict", `The quarantine mark of ${nameOf(change)} was rewritten${byWhom(change)}.`, change),
      clause("why", "The mark also says whether someone has chosen to open the file. Gatekeeper believes it.", change),
      ...changerClauses(change),
      clause("unknown", "When this was noted, it had not run since."),
      clause("next", "If you did not do this on purpose, do not open it before you know where it came from."),
    ];
  }
  const approved = start.note.quarantine === "approved";
  return [
    clause("verdict", `${programOf(start)} ran after its quarantine mark was rewritten.`, start),
    clause("why", `The mark was rewritten ${span(start.time - change.time)} earlier${byWhom(change)}.`, change),
    approved
      ? clause("why", "It then said that someone had chosen to open it, so Gatekeeper did not ask.", start)
      : clause("unknown", "What the mark said then is not reported. It may be why Gatekeeper did not ask.", change),
    ...changerClauses(change),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    notChecked(start),
    clause("next", `If you did not do this on purpose, quit ${programOf(start)} and find out where it came from.`),
  ];
};
