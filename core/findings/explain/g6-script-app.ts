import { displayName } from "#core/enrich/code-root.ts";
import { clause, code, type Explainer, lastPart, type Part, quoted } from "./explanation.ts";

/** G6: an app that is only a script ran, and Gatekeeper was not seen to look at it. */
export const explainScriptApp: Explainer = (input) => {
  const start = input.parts.findLast(({ note }) => note.scriptApp !== undefined) ?? lastPart(input);
  const heard = input.parts.find((part) => part !== start && part.note.kind === "log");
  const { scriptApp, tool } = start.note;
  const name = quoted(scriptApp === undefined ? (start.note.name ?? "An app") : displayName(scriptApp));
  return [
    clause("verdict", `${name} ran, and Gatekeeper did not look at it.`, start),
    clause("why", `It has no program of its own: ${code(tool ?? "an interpreter")} ran a script inside it.`, start),
    clause("why", markSentence(start), start),
    clause(
      "why",
      "Gatekeeper writes to the log when it scans an app. It wrote before, and not in the five seconds after this start.",
      heard,
    ),
    clause("why", "A script has no signature of its own that macOS would enforce when it runs.", start),
    clause(
      "unknown",
      "Gatekeeper scans an app only once. If this one had been opened before Sealbar was there, silence is normal.",
    ),
    clause("next", `If you do not know ${name}, quit it and remove it. Keep macOS up to date: such gaps get closed.`),
  ];
};

function markSentence({ note }: Part): string {
  switch (note.quarantine) {
    case "present":
      return "It carried the quarantine mark of a download, so it should have been checked.";
    case "removed":
      return "It had lost its quarantine mark, and Gatekeeper checks only files that carry it.";
    default:
      return "It lies where downloads arrive. Whether it carried their mark is not known.";
  }
}
