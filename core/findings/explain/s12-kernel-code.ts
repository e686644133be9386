import { visibleText } from "#contract/visible-text.ts";
import { capText } from "#core/enrich/cap-text.ts";
import {
  clause,
  code,
  commandSentence,
  type Explainer,
  lastPart,
  partWithRole,
  programOf,
  startedFrom,
} from "./explanation.ts";
import { whoClauses } from "./policy-parts.ts";
import { signatureSentence } from "./why-it-ran.ts";

const MAX_NAME = 100;

/** S12: somebody else's code goes into the kernel. */
export const explainKernelCode: Explainer = (input) => {
  const loaded = partWithRole(input, "kernel extension taken in");
  const command = partWithRole(input, "kernel extension loaded", "kernel configured");
  if (loaded === null && command?.note.role === "kernel configured") {
    return [
      clause("verdict", "Someone tried to start this Mac from another kernel.", command),
      clause("why", commandSentence(command, "kmutil"), command),
      ...whoClauses(command),
      clause("why", "That works only in recoveryOS, so while macOS runs the command fails.", command),
      clause("unknown", "Whether it was then done in recoveryOS is not known before the next restart."),
      clause("next", "If you did not type this, find out what did. Apps have no need for it."),
    ];
  }
  if (loaded === null) {
    const part = command ?? lastPart(input);
    return [
      clause("verdict", "Someone asked macOS to load a kernel extension.", part),
      clause("why", commandSentence(part, "kmutil load"), part),
      ...whoClauses(part),
      clause("why", "On Apple silicon it loads only after the startup security was lowered in recoveryOS.", part),
      clause("unknown", "Whether it was loaded, and whose it is, is not in this record."),
      clause("next", "If you did not do this, find out what did before you restart."),
    ];
  }
  const name = visibleText(capText(loaded.note.extension ?? "without a name", MAX_NAME));
  const clauses = [
    clause("verdict", `A kernel extension was loaded: ${code(name)}.`, loaded),
    clause("why", "Its code runs in the kernel, where nothing checks it any more.", loaded),
  ];
  if (command === null) {
    clauses.push(
      clause("why", `${programOf(loaded)} loaded it${startedFrom(loaded)}.`, loaded),
      clause("why", signatureSentence(loaded.note.trust, loaded.note.team), loaded),
    );
    if (loaded.note.unlisted === "true")
      clauses.push(clause("why", "That team is not on your list of expected developers.", loaded));
  } else clauses.push(clause("why", commandSentence(command, "kmutil load"), command), ...whoClauses(command));
  clauses.push(
    clause(
      "why",
      "macOS lets it in when the startup security is reduced and somebody has allowed its developer.",
      loaded,
    ),
    clause("unknown", "The name is the extension's own claim; who signed it is not in the record."),
    clause("next", "If none of your hardware or software needs it, remove it from /Library/Extensions and restart."),
  );
  return clauses;
};
