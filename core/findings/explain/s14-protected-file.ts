import { clause, code, type Explainer, lastPart, programOf, startedFrom } from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";

/** S14: a file that only macOS may change was changed although SIP says that it is on. */
export const explainProtectedFile: Explainer = (input) => {
  const part = lastPart(input);
  const { file, attribute } = part.note;
  const marked = attribute === "com.apple.rootless";
  return [
    clause(
      "verdict",
      marked
        ? `${programOf(part)} marked a file as protected by System Integrity Protection (SIP).`
        : `${programOf(part)} changed a file that only macOS may change.`,
      part,
    ),
    clause(
      "why",
      `The file is ${code(file ?? "not named")}${startedFrom(part) === "" ? "" : `; the program was${startedFrom(part).slice(1)}`}.`,
      part,
    ),
    clause("why", signatureSentence(part.note.trust, part.note.team), part),
    clause("why", "SIP says that it is on, and should have refused this.", part),
    clause("unknown", "Whether SIP was got round, or what it says of itself is not true, cannot be told from here."),
    clause("next", "Update macOS. If the program is not one you know well, disconnect the Mac and have it looked at."),
  ];
};
