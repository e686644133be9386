import { lower, ran, type Call, type ToolFamily } from "./tool-run.ts";

/** The signing ids of all tools here are UNVERIFIED; their names are matched too. */
export const LAUNCHCTL: ToolFamily = {
  signingIds: { "com.apple.xpc.launchctl": "launchctl" },
  names: ["launchctl"],
  read: ({ args }) => {
    const [verb = "", ...rest] = args;
    if (verb === "reboot") return ran(rest.some((arg) => KEEPS_RUNNING.has(arg)) ? null : "restart");
    return ran(ENDING_VERBS.has(verb) && rest.some(namesEnforcement) ? "enforcement-unload" : null);
  },
};

export const KILL: ToolFamily = {
  signingIds: { "com.apple.kill": "kill", "com.apple.killall": "killall", "com.apple.pkill": "pkill" },
  names: ["kill", "killall", "pkill"],
  read: (call) => ran(ends(call) ? "enforcement-unload" : null),
};

const ENDING_VERBS: ReadonlySet<string> = new Set(["bootout", "unload", "kill", "disable", "stop", "remove"]);
/** `launchctl reboot logout` and its like restart no kernel. */
const KEEPS_RUNNING: ReadonlySet<string> = new Set(["logout", "apps", "userspace"]);

/**
 * The daemons that enforce code signing, by program name and by launchd label. That amfid's label is
 * com.apple.MobileFileIntegrity and syspolicyd's com.apple.security.syspolicy is UNVERIFIED.
 */
const DAEMONS = /(?:^|[./])(?:amfid|mobilefileintegrity|syspolicyd?|trustd|taskgated)(?:$|[./])/;

function namesEnforcement(arg: string): boolean {
  const text = lower(arg);
  return text.includes("xprotect") || DAEMONS.test(text);
}

/** A listing (`-l`), a dry run (`killall -s`) and the null signal end nothing. */
function ends({ tool, args }: Call): boolean {
  if (args.some((arg) => arg === "-l" || arg === "-0" || (tool === "killall" && arg === "-s"))) return false;
  return args.some((arg) => !arg.startsWith("-") && namesEnforcement(arg));
}
