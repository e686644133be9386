import { span } from "#core/enrich/words.ts";
import { clause, type Explainer, lastPart, partWithRole, programOf, quoted } from "./explanation.ts";
import { signatureSentence, weakenedSentence } from "./why-it-ran.ts";

/** G21: untrusted code took hold of a signed program, and then (if seen) that one's code changed. */
export const explainCodeInjected: Explainer = (input) => {
  const hold = partWithRole(input, "took hold of a program") ?? lastPart(input);
  const page = partWithRole(input, "signature became invalid");
  const victim = quoted(hold.note.victim ?? "another program");
  const thread = hold.note.kind === "remote_thread_create";
  const did = thread ? "started code of its own inside" : "took hold of";
  return [
    clause(
      "verdict",
      `${programOf(hold)} ${did} ${victim}${page === null ? "" : ", and that program's code was changed"}.`,
      hold,
      page,
    ),
    clause("why", `${programOf(hold)}: ${signatureSentence(hold.note.trust, hold.note.team)}`, hold),
    ...(page === null
      ? []
      : [
          clause(
            "why",
            `${span(page.time - hold.time)} later a page of ${victim} no longer matched its signature.`,
            page,
          ),
        ]),
    clause("why", "What runs inside a signed program passes for it, with all that it may do.", hold),
    ...weakenedSentence(input),
    clause(
      "unknown",
      "Why macOS allowed it is not in the record: it asks for root, or for a program that lets itself be debugged.",
    ),
    clause("next", `Unless you were debugging, quit both, and find out where ${programOf(hold)} came from.`),
  ];
};
