import { code } from "./explanation.ts";
import { explainPolicy } from "./policy-story.ts";

/** S11: library validation is off for every program, or someone asked for it. */
export const explainLibraryValidation = explainPolicy({
  settings: ["library-validation"],
  roles: ["library validation off"],
  tool: "defaults",
  attempt: "Someone asked macOS to let every program load libraries of other developers.",
  state: () => "Every program on this Mac may load libraries of other developers.",
  effect: "With administrator rights the preference can be set. Whether macOS heeds it while SIP is on is not certain.",
  means: ["Programs that would refuse foreign code then take it, so a library can be slipped into any of them."],
  unknown: {
    attempt: "Whether it was set shows when Sealbar next reads the preference.",
    state: "Whether macOS heeds the preference while SIP is on is not certain, and who set it is not in this record.",
  },
  next: {
    attempt: "If you did not type this, find out what did.",
    state: `Unless a program you use needs it, run ${code("sudo defaults delete /Library/Preferences/com.apple.security.libraryvalidation")} and restart.`,
  },
});
