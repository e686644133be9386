import { code } from "./explanation.ts";
import { explainPolicy } from "./policy-story.ts";

/** S9: research guests are allowed, or someone tried to allow them. */
export const explainResearchGuests = explainPolicy({
  settings: ["sip"],
  roles: ["research guests allowed"],
  tool: "csrutil allow-research-guests enable",
  attempt: "Someone tried to allow research guests on this Mac.",
  state: () => "Since the last restart this Mac allows research guests.",
  effect: "That part of System Integrity Protection changes only in recoveryOS, so in macOS the command has no effect.",
  means: [
    "Virtual machines may then run Apple's systems with software that Apple has not signed for them.",
    "It can be allowed only in recoveryOS, which takes someone at the Mac itself.",
  ],
  unknown: {
    attempt: "Whether it was then done in recoveryOS shows at the next restart, when Sealbar compares SIP.",
    state: "Who changed it is not known: recoveryOS keeps no record that Sealbar could read.",
  },
  next: {
    attempt: "If you did not type this, find out what did. Apps have no need for it.",
    state: `If nobody meant to, start recoveryOS and run ${code("csrutil allow-research-guests disable")}.`,
  },
});
