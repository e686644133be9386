import { visibleText } from "#contract/visible-text.ts";
import { explainPolicy } from "./policy-story.ts";
import type { Part } from "./explanation.ts";

function state({ note }: Part): string {
  if (note.setting === "kernel-extensions") {
    return "Since the last restart this Mac lets in kernel extensions that are not Apple's.";
  }
  const level = note.after === "off" ? "off or permissive" : "reduced";
  return `This Mac restarted with its startup security ${visibleText(level)}.`;
}

/** S6: the startup security was lowered, or someone tried to. */
export const explainBootSecurity = explainPolicy({
  settings: ["secure-boot", "kernel-extensions"],
  roles: ["startup policy command"],
  tool: "bputil",
  attempt: "Someone tried to lower this Mac's startup security.",
  state,
  effect: "On Apple silicon it can be lowered only in recoveryOS, so while macOS runs the command is refused.",
  means: [
    "Lowered, the Mac may start changed or older systems and let others' code into the kernel.",
    "It can be lowered only in recoveryOS, which takes someone at the Mac itself.",
  ],
  unknown: {
    attempt: "Whether it was then done in recoveryOS shows at the next restart, when Sealbar compares.",
    state: "Who changed it is not known: recoveryOS keeps no record that Sealbar could read.",
  },
  next: {
    attempt: "If you did not type this, find out what did. Apps have no need for it.",
    state:
      "Unless a driver you use needs it, start recoveryOS, open Startup Security Utility and choose Full Security.",
  },
});
