import { code } from "./explanation.ts";
import { explainPolicy } from "./policy-story.ts";

/** S8: the variable that holds SIP's configuration on Intel Macs was written. With the change that followed it is told as S4. */
export const explainCsrConfig = explainPolicy({
  settings: ["sip"],
  roles: ["SIP configuration written"],
  tool: "nvram",
  attempt: "Someone tried to write the configuration of System Integrity Protection (SIP) directly.",
  state: () => "This Mac restarted with System Integrity Protection (SIP) weaker.",
  effect: "While SIP is on, macOS refuses it. Macs with Apple silicon do not read this variable at all.",
  means: [],
  unknown: {
    attempt: "Whether it took effect shows at the next restart, when Sealbar compares SIP.",
    state: "Who changed it is not known.",
  },
  next: {
    attempt: `If nobody meant to, run ${code("sudo nvram -d csr-active-config")} before the next restart.`,
    state: `If nobody meant to, start recoveryOS and run ${code("csrutil enable")}.`,
  },
});
