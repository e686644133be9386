import type { Clause } from "#contract/finding.ts";
import { clause, code, type Explainer, lastPart, lastStart, type Part, programOf, starter } from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";

/** G19: a program was told to load somebody else's library. */
export const explainLibraryInjected: Explainer = (input) => {
  const start = lastStart(input) ?? lastPart(input);
  const { dyld, trust, team } = start.note;
  const from = starter(start);
  return [
    clause("verdict", `${programOf(start)} was told to load a library that is not its own.`, start),
    clause("why", `It was started${from === null ? "" : ` ${from}`} with ${code(dyld ?? "a DYLD_ variable")}.`, start),
    clause("why", signatureSentence(trust, team), start),
    whetherLoaded(start),
    clause(
      "unknown",
      "Who signed the library, and whether it was really loaded, is not known: macOS does not report it.",
    ),
    clause(
      "next",
      "If you were testing or measuring it, this is expected. Otherwise, quit it, and look at that library before you start it again.",
    ),
  ];
};

/** dyld drops the variables for programs with the hardened runtime, unless an entitlement of theirs allows them. */
function whetherLoaded(start: Part): Clause {
  switch (start.note.hardened) {
    case "allows":
      return clause(
        "why",
        "It is hardened, but its entitlements allow such variables, so macOS loads the library.",
        start,
      );
    case "true":
      return clause(
        "unknown",
        "It is hardened: macOS then ignores such variables, unless its entitlements allow them, which are not in the record.",
        start,
      );
    default:
      return clause("why", "It does not ask for the hardened runtime, so macOS does what the variable says.", start);
  }
}
