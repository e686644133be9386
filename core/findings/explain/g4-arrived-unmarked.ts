import { baseName } from "#core/enrich/code-root.ts";
import { MINUTE } from "#core/base/clock.ts";
import { span } from "#core/enrich/words.ts";
import { clause, code, type Explainer, lastPart, lastStart, programOf, startedFrom } from "./explanation.ts";
import { notChecked, signatureSentence } from "./why-it-ran.ts";

/** G4: it came by a command that sets no mark, and ran. */
export const explainArrivedUnmarked: Explainer = (input) => {
  const start = lastStart(input) ?? lastPart(input);
  const { writtenBy, writtenMinutes, quarantine, image } = start.note;
  const by = writtenBy === undefined ? "a command" : code(baseName(writtenBy));
  const minutes = Number(writtenMinutes);
  const when = minutes >= 1 ? `${span(minutes * MINUTE)} before` : "less than a minute before";
  return [
    clause(
      "verdict",
      `${programOf(start)} ran ${minutes >= 1 ? "soon" : "at once"} after ${by} brought it here.`,
      start,
    ),
    clause("why", `${by} wrote it ${when}. Such commands do not set the quarantine mark of a download.`, start),
    quarantine === "absent"
      ? clause("why", "It carried no mark, and Gatekeeper checks only files that do.", start)
      : clause("why", "No mark was seen to be set, and Gatekeeper checks only files that carry one.", start),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    clause("why", `It lies at ${code(image ?? "an unknown place")}${startedFrom(start)}.`, start),
    clause("unknown", "From which address it came is not in the record.", start),
    notChecked(start),
    clause(
      "next",
      "If a website or a person told you to paste a command, quit it, and change your passwords elsewhere.",
    ),
  ];
};
