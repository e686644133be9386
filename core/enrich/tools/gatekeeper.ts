import { isLongOption, lower, ran, roots, type Call, type ToolAction, type ToolFamily } from "./tool-run.ts";

export const SPCTL: ToolFamily = {
  signingIds: { "com.apple.spctl": "spctl" },
  names: ["spctl"],
  read: (call) => ran(spctlAction(call), roots(call.args.filter(looksLikeFile), call.cwd)),
};

/** Its signing id is UNVERIFIED; the name is matched too. */
export const DEV_TOOLS_SECURITY: ToolFamily = {
  signingIds: { "com.apple.DevToolsSecurity": "DevToolsSecurity" },
  names: ["DevToolsSecurity"],
  read: ({ args }) => ran(args.some((arg) => arg === "-enable") ? "developer-mode-on" : null),
};

const RULE_WORDS: ReadonlySet<string> = new Set(["--add", "--remove", "--enable", "--disable", "--reset-default"]);

/**
 * `--disable-status` (macOS 15 and later) only asks. `developer-mode enable-terminal` is UNVERIFIED. Since macOS 15 the
 * switch only shows the choice in System Settings: an attempt, not a change.
 */
function spctlAction({ args }: Call): ToolAction | null {
  const off = args.some(
    (arg) => isLongOption(arg, "--master-disable", "--master-d") || isLongOption(arg, "--global-disable", "--global-d"),
  );
  if (off) return "gatekeeper-off";
  if (lower(args[0]) === "developer-mode" && lower(args[1]) === "enable-terminal") return "developer-mode-on";
  return args.some((arg) => RULE_WORDS.has(arg)) ? "gatekeeper-rule" : null;
}

function looksLikeFile(arg: string): boolean {
  return arg.startsWith("/") || (!arg.startsWith("-") && arg.includes("/"));
}
