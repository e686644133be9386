import { explainPolicy } from "./policy-story.ts";
import { clause, commandSentence, type Explainer, lastPart } from "./explanation.ts";
import { changeOf } from "./policy-parts.ts";

const explainWeaker = explainPolicy({
  settings: ["kernel-variables"],
  roles: ["kernel variable set"],
  tool: "sysctl",
  attempt: "Someone tried to change how the kernel checks code.",
  state: () => "The kernel's variables say that it checks code less than it should.",
  effect: "Kernels as Apple ships them do not let these be loosened while macOS runs, so the command fails.",
  means: ["On a kernel as Apple ships it no command can do that: the kernel itself may have been changed."],
  unknown: {
    attempt: "Whether the value changed shows when Sealbar next reads it.",
    state: "What changed them is not known.",
  },
  next: {
    attempt: "If you did not type this, find out what did. Apps have no need for it.",
    state: "Restart the Mac. If it stays so, back up what you need and install macOS anew.",
  },
});

/** S10: a kernel variable of code signing was written, or is weaker. */
export const explainKernelVariables: Explainer = (input) => {
  const part = lastPart(input);
  if (input.rule.level !== "informational" || changeOf(input) !== null) return explainWeaker(input);
  return [
    clause("verdict", "A kernel variable was written that can only make the checks of code stricter.", part),
    clause("why", commandSentence(part, "sysctl"), part),
    clause("unknown", "Whether the kernel took the value is not in the record."),
    clause("next", "Nothing needs to be done. It lasts until the next restart."),
  ];
};
