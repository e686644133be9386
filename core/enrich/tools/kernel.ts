import { ran, roots, type Call, type ToolFamily, type ToolRun } from "./tool-run.ts";

/** The signing ids of all tools here are UNVERIFIED; their names are matched too. */
export const SYSCTL: ToolFamily = {
  signingIds: { "com.apple.sysctl": "sysctl" },
  names: ["sysctl"],
  read: readSysctl,
};

export const KEXTLOAD: ToolFamily = {
  signingIds: { "com.apple.kextload": "kextload" },
  names: ["kextload"],
  read: ({ args, cwd }) => {
    const targets = roots(named(args), cwd);
    return ran(args.some((arg) => arg === "-h" || arg === "-help" || arg === "--help") ? null : "kext-load", targets);
  },
};

export const KMUTIL: ToolFamily = {
  signingIds: { "com.apple.kmutil": "kmutil" },
  names: ["kmutil"],
  read: ({ args, cwd }) => {
    const [verb, ...rest] = args;
    if (verb === "load") return ran("kext-load", roots(named(rest), cwd));
    return ran(verb === "configure-boot" || verb === "trigger-panic-medic" ? "kernel-configure" : null);
  },
};

export const RESTART: ToolFamily = {
  signingIds: {
    "com.apple.reboot": "reboot",
    "com.apple.shutdown": "shutdown",
    "com.apple.halt": "halt",
  },
  names: ["reboot", "shutdown", "halt"],
  read: ({ tool, args }) => ran(tool !== "shutdown" || stops(args) ? "restart" : null),
};

const WATCHED = ["vm.cs_", "security.mac.", "security.codesigning.", "kern."];
const MAX_VARIABLES = 16;
const MAX_VARIABLE = 256;

/** sysctl(8): `name=value`, with or without `-w`. Variables that guard nothing (net., debug. …) are left out. */
function readSysctl({ args }: Call): ToolRun {
  const kernelVariables: string[] = [];
  for (const arg of args) {
    if (kernelVariables.length >= MAX_VARIABLES) break;
    if (arg.indexOf("=") > 0 && WATCHED.some((prefix) => arg.startsWith(prefix))) {
      kernelVariables.push(arg.slice(0, MAX_VARIABLE));
    }
  }
  if (kernelVariables.length === 0) return ran(null);
  return { ...ran("kernel-variable-write"), kernelVariables };
}

/** Paths among the arguments; what names an extension by its identifier is no file. */
function named(args: readonly string[]): string[] {
  return args.filter((arg) => !arg.startsWith("-") && arg.includes("/"));
}

/** shutdown(8): `-r` restarts, `-h` halts; `-s` sleeps and `-k` only warns. */
function stops(args: readonly string[]): boolean {
  return args.some((arg) => /^-[a-z]{1,8}$/.test(arg) && /[rh]/.test(arg) && !arg.includes("k"));
}
