import { span } from "#core/enrich/words.ts";
import {
  clause,
  commandSentence,
  type Explainer,
  lastPart,
  lastStart,
  partWithRole,
  programOf,
} from "./explanation.ts";
import { byWhom, changerClauses } from "./who-changed.ts";
import { notChecked, signatureSentence } from "./why-it-ran.ts";
import { writtenSentence } from "./written.ts";

/** G12: where downloads came from was forgotten, and (if seen) something unmarked ran around that time. */
export const explainHistoryErased: Explainer = (input) => {
  const erased = partWithRole(input, "download history erased", "file changed") ?? lastPart(input);
  const start = lastStart(input);
  const how =
    erased.note.args === undefined
      ? clause("why", `Its file was changed or removed${byWhom(erased)}.`, erased)
      : clause("why", commandSentence(erased, "sqlite3"), erased);
  const effect = clause("why", "It takes no check away. It hides from where something came.", erased);
  const next = clause(
    "next",
    "Cleaning tools do this. If you use none, find out what did it, and what came just before.",
  );
  if (start === null || start === erased) {
    return [
      clause("verdict", "The list of where downloads came from was erased.", erased),
      how,
      ...changerClauses(erased),
      effect,
      clause("unknown", "What the list held is not known."),
      next,
    ];
  }
  const apart = start.time - erased.time;
  const when = apart < 0 ? `${span(-apart)} after it ran` : `${span(apart)} before it ran`;
  return [
    clause(
      "verdict",
      `${programOf(start)} ran without a quarantine mark, and the list of downloads was erased.`,
      start,
      erased,
    ),
    clause("why", `The list was erased ${when}.`, erased),
    how,
    effect,
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    clause("why", "Gatekeeper checks only files that carry the mark, so macOS let it start.", start),
    writtenSentence(start),
    notChecked(start),
    next,
  ];
};
