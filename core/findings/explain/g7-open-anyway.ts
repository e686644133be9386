import { span } from "#core/enrich/words.ts";
import { clause, type Explainer, lastPart, lastStart, nameOf, partWithRole } from "./explanation.ts";
import { explainStopped, isOnlyStopped, stopOf } from "./stopped.ts";
import { signatureSentence } from "./why-it-ran.ts";

/** G7: the user chose Open Anyway. */
export const explainOpenAnyway: Explainer = (input) => {
  const override = partWithRole(input, "opened anyway") ?? lastPart(input);
  const start = lastStart(input);
  const stop = stopOf(input);
  if (stop !== null && isOnlyStopped(input)) {
    return explainStopped(input, stop, [clause("why", "Someone had chosen Open Anyway for it.", override)]);
  }
  const name = nameOf(start ?? override);
  const clauses = [
    clause(
      "verdict",
      `${name} was ${start === null ? "allowed to open" : "opened"} although Gatekeeper had stopped it.`,
      override,
    ),
    clause("why", "Someone chose Open Anyway for it, and macOS follows that choice.", override),
  ];
  if (start !== null && start !== override) {
    clauses.push(
      clause(
        "why",
        `It ran ${span(start.time - override.time)} later. ${signatureSentence(start.note.trust, start.note.team)}`,
        start,
      ),
    );
  } else clauses.push(clause("unknown", "When this was noted, it had not run since."));
  clauses.push(
    clause("unknown", "Why Gatekeeper had stopped it is not in the record."),
    clause("next", "If a website or a person told you to choose Open Anyway, quit the app and remove it."),
  );
  return clauses;
};
