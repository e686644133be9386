import { clause, code, commandSentence, type Explainer, lastPart, programOf } from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";
import { explainPolicy } from "./policy-story.ts";

const ENABLE = code("csrutil authenticated-root enable");

const explainSeal = explainPolicy({
  settings: ["authenticated-root"],
  roles: ["SIP command"],
  tool: "csrutil",
  attempt: "Someone tried to stop macOS from checking its system volume.",
  state: () => "This Mac restarted from a system volume that macOS does not check.",
  effect: "That can be done only in recoveryOS, so while macOS runs the command has no effect.",
  means: [
    "Files of macOS itself may have been changed, and the seal that would show it is not looked at.",
    "It can be switched off only in recoveryOS, which takes someone at the Mac itself.",
  ],
  unknown: {
    attempt: "Whether it was then done in recoveryOS shows at the next restart, when Sealbar compares.",
    state: "Who changed it, and what was changed on the volume, is not known.",
  },
  next: {
    attempt: "If you did not type this, find out what did. Apps have no need for it.",
    state: `If nobody meant to, start recoveryOS and run ${ENABLE}, then install macOS over it.`,
  },
});

/** S5: the system volume is not checked, or was written to. */
export const explainSystemVolume: Explainer = (input) => {
  const part = lastPart(input);
  const { file, action, args, role } = part.note;
  if (file !== undefined) {
    return [
      clause("verdict", `${programOf(part)} changed a file of macOS.`, part),
      clause("why", `The file is ${code(file)}.`, part),
      clause("why", signatureSentence(part.note.trust, part.note.team), part),
      clause("why", "While the system volume is not checked, macOS lets root change it.", part),
      clause("unknown", "What the change does is not known."),
      clause("next", `If nobody meant to, install macOS over it and run ${ENABLE} in recoveryOS.`),
    ];
  }
  if (args === undefined || action !== undefined || role === "protection changed") return explainSeal(input);
  return [
    clause("verdict", "Someone tried to make the system volume writable.", part),
    clause("why", commandSentence(part, "mount"), part),
    clause("why", "As long as macOS checks the seal of that volume, the command fails.", part),
    clause("unknown", "Whether it worked is not in the record."),
    clause("next", "If you did not type this, find out what did. Apps have no need for it."),
  ];
};
