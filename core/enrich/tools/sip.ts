import { lower, ran, type Call, type ToolAction, type ToolFamily, type ToolRun } from "./tool-run.ts";

/** The signing ids of all tools here are UNVERIFIED; their names are matched too. */
export const CSRUTIL: ToolFamily = {
  signingIds: { "com.apple.csrutil": "csrutil" },
  names: ["csrutil"],
  read: ({ args }) => ran(csrutilAction(args)),
};

export const NVRAM: ToolFamily = {
  signingIds: { "com.apple.nvram": "nvram" },
  names: ["nvram"],
  read: readNvram,
};

export const BPUTIL: ToolFamily = {
  signingIds: { "com.apple.bputil": "bputil" },
  names: ["bputil"],
  read: ({ args }) => ran(writesBootPolicy(args) ? "boot-policy-write" : null),
};

export const BLESS: ToolFamily = {
  signingIds: { "com.apple.bless": "bless" },
  names: ["bless"],
  read: ({ args }) => ran(blessesRecovery(args) ? "recovery-boot" : null),
};

function csrutilAction(args: readonly string[]): ToolAction | null {
  const [verb, second] = args;
  switch (verb) {
    case "disable":
    case "clear":
      return "sip-weaken";
    case "enable":
      return args.some((arg) => arg.startsWith("--without")) ? "sip-weaken" : null;
    case "authenticated-root":
      return second === "disable" ? "sip-weaken" : second === "status" || second === undefined ? "sip-status" : null;
    case "allow-research-guests":
      return second === "enable" ? "research-guests-allowed" : second === "status" ? "sip-status" : null;
    case "netboot":
      return second === "add" ? "sip-weaken" : null;
    case "status":
      return "sip-status";
    default:
      return null;
  }
}

/** The weightiest first: one command may write several. `internet-recovery-mode` is UNVERIFIED. */
const VARIABLES: readonly (readonly [name: string, action: ToolAction])[] = [
  ["csr-active-config", "csr-config-write"],
  ["boot-args", "boot-args-write"],
  ["recovery-boot-mode", "recovery-boot"],
  ["internet-recovery-mode", "recovery-boot"],
];
const MAX_VALUE = 4096;

/** nvram(8): `name=value`, the name with or without a namespace's GUID and a colon before it. */
function readNvram({ args }: Call): ToolRun {
  const written = new Map<string, string>();
  for (const arg of args) {
    const end = arg.indexOf("=");
    if (end <= 0 || arg.startsWith("-")) continue;
    const name = arg.slice(0, end);
    const value = arg.slice(end + 1, end + 1 + MAX_VALUE);
    written.set(name.slice(name.lastIndexOf(":") + 1), value);
  }
  const action = VARIABLES.find(([name]) => written.has(name))?.[1] ?? null;
  return { action, targets: [], bootArgs: written.get("boot-args") ?? null };
}

/** bputil(1): these show the policy, ask for help, say who asks and for which volume; every other letter writes. */
const BPUTIL_NEUTRAL = "dejhupvl";
const BPUTIL_VALUE = "upv";
const BPUTIL_NEUTRAL_WORDS = ["--display", "--help", "--username", "--password", "--vuid", "--debug", "--json"];

function writesBootPolicy(args: readonly string[]): boolean {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg.startsWith("--")) {
      if (!BPUTIL_NEUTRAL_WORDS.some((word) => arg.startsWith(word))) return true;
      continue;
    }
    if (!arg.startsWith("-")) continue;
    for (const letter of arg.slice(1, 32)) {
      if (!BPUTIL_NEUTRAL.includes(letter)) return true;
      if (!BPUTIL_VALUE.includes(letter)) continue;
      if (arg.endsWith(letter)) index += 1;
      break;
    }
  }
  return false;
}

/** UNVERIFIED: that a volume or file named for Recovery is how `bless --setBoot` is aimed at it. */
function blessesRecovery(args: readonly string[]): boolean {
  const sets = args.some((arg) => /^--?setboot$/i.test(arg.slice(0, 16)));
  return sets && args.some((arg) => lower(arg).includes("recovery"));
}
