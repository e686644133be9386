import { clause, commandSentence, type Explainer, lastPart, partWithRole } from "./explanation.ts";
import { whoClauses } from "./policy-parts.ts";

/** S1: csrutil (or a write of its storage) in running macOS. */
export const explainSipCommand: Explainer = (input) => {
  const command = partWithRole(input, "SIP command") ?? lastPart(input);
  return [
    clause("verdict", "Someone tried to weaken System Integrity Protection (SIP).", command),
    clause("why", commandSentence(command, "csrutil"), command),
    ...whoClauses(command),
    clause("why", "SIP can be weakened only in recoveryOS, so while macOS runs the command has no effect.", command),
    clause("unknown", "Whether it was then done in recoveryOS shows at the next restart, when Sealbar compares SIP."),
    clause("next", "If you did not type this, find out what did. Apps have no need for it."),
  ];
};
