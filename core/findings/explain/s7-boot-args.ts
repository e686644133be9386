import { visibleText } from "#contract/visible-text.ts";
import { clause, code, commandSentence, type Explainer, lastPart, partWithRole } from "./explanation.ts";
import { attemptBefore, expectedClause, whoClauses } from "./policy-parts.ts";

/** S7: boot arguments that weaken code signing, written or in force. */
export const explainBootArgs: Explainer = (input) => {
  const change = input.parts.findLast((part) => part.note.role === "protection changed") ?? null;
  const command = partWithRole(input, "boot arguments set");
  if (change !== null && change.note.acrossBoot === "true") {
    return [
      clause("verdict", "This Mac was started with boot arguments that weaken code signing.", change),
      clause("why", `They were: ${visibleText(change.note.words ?? "not given")}.`, change),
      clause("why", "Until a restart without them, code may run that macOS would otherwise refuse.", change),
      ...attemptBefore(input, change),
      ...expectedClause(change),
      clause("unknown", "What has run since that macOS would have refused is not known from this."),
      clause("next", `If nobody meant to, run ${code("sudo nvram -d boot-args")} and restart.`),
    ];
  }
  const part = command ?? change ?? lastPart(input);
  return [
    clause("verdict", "Boot arguments that weaken code signing were stored for the next restart.", part),
    command === null
      ? clause("why", `${visibleText(part.note.words ?? "The stored boot arguments changed")}.`, part)
      : clause("why", commandSentence(command, "nvram"), command),
    ...(command === null ? [] : whoClauses(command)),
    clause(
      "why",
      "They take effect only after a restart, and not at all while SIP and the startup security are as Apple ships them.",
      part,
    ),
    clause("unknown", "Whether they took hold shows at the next restart."),
    clause("next", `If nobody meant to, run ${code("sudo nvram -d boot-args")} before the next restart.`),
  ];
};
