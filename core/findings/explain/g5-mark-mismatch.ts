import { span } from "#core/enrich/words.ts";
import { clause, type Explainer, lastPart, lastStart, partWithRole, programOf } from "./explanation.ts";
import { byWhom } from "./who-changed.ts";
import { notChecked, signatureSentence } from "./why-it-ran.ts";

/** G5: the mark of a bundle and of its contents disagree, or something kept macOS from writing it; and it ran. */
export const explainMarkMismatch: Explainer = (input) => {
  const start = lastStart(input) ?? lastPart(input);
  const lock = partWithRole(input, "file locked");
  return [
    lock === null
      ? clause("verdict", `${programOf(start)} ran, and only part of it carries a quarantine mark.`, start)
      : clause(
          "verdict",
          `${programOf(start)} ran unmarked after it was locked against the quarantine mark.`,
          start,
          lock,
        ),
    lock === null
      ? clause(
          "why",
          "The app and what lies in it disagree about the mark. Unpacking a download marks all or nothing.",
          start,
        )
      : clause(
          "why",
          `Its rights or flags were changed ${span(start.time - lock.time)} earlier${byWhom(lock)}. That can keep macOS from writing the mark.`,
          lock,
        ),
    clause("why", "Gatekeeper decides by the mark of the app, so it may not have looked at it.", start),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    clause("unknown", "Whether the archive was built this way, or somebody changed it later, is not known."),
    notChecked(start),
    clause(
      "next",
      `If it came from an archive you were sent, quit ${programOf(start)} and remove it. Keep macOS up to date.`,
    ),
  ];
};
