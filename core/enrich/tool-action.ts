import type { Process } from "#contract/process.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { codeRoot, resolvePath } from "./code-root.ts";
import { readSignerRun, type ThirdPartySigner } from "./third-party-signers.ts";

export type ToolAction =
  | "quarantine-removed"
  | "re-signed"
  | "signature-removed"
  | "gatekeeper-off"
  | "gatekeeper-rule"
  | "sip-weaken"
  | "sip-status"
  | "boot-args-write";

export interface ToolRun {
  /** Null: one of the tools, doing nothing of the above. */
  action: ToolAction | null;
  /** Code roots of the files named, absolute. */
  targets: readonly string[];
  /** What `nvram boot-args=` writes. */
  bootArgs: string | null;
  /** It reaches into folders (`xattr -r`). */
  recursive?: boolean;
}

type Tool = "xattr" | "codesign" | "spctl" | "csrutil" | "nvram" | ThirdPartySigner;

/**
 * The tool by its signing id, so that a renamed copy is still seen, or by its name, so that a re-signed one is.
 * com.apple.csrutil and com.apple.nvram are UNVERIFIED; their names are matched too.
 */
const BY_SIGNING_ID: Readonly<Record<string, Tool>> = {
  "com.apple.xattr": "xattr",
  "com.apple.security.codesign": "codesign",
  "com.apple.spctl": "spctl",
  "com.apple.csrutil": "csrutil",
  "com.apple.nvram": "nvram",
};
const TOOL_NAMES: ReadonlySet<string> = new Set([
  "xattr",
  "codesign",
  "spctl",
  "csrutil",
  "nvram",
  "ldid",
  "rcodesign",
  "jsign",
]);

/** Arguments looked at; more do not make a command of these tools. */
const MAX_ARGS = 512;
const MAX_TARGETS = 16;

function toolOf(process: Process): Tool | null {
  const { signingId } = process;
  if (signingId !== null && Object.hasOwn(BY_SIGNING_ID, signingId)) return BY_SIGNING_ID[signingId] ?? null;
  const name = process.path.slice(process.path.lastIndexOf("/") + 1);
  return TOOL_NAMES.has(name) ? (name as Tool) : null;
}

/** What a run of a signing or policy tool does, read from its arguments. Null: not such a tool. */
export function readToolRun(process: Process, args: readonly string[], cwd: string | null): ToolRun | null {
  const tool = toolOf(process);
  if (tool === null) return null;
  const rest = args.slice(1, MAX_ARGS);
  switch (tool) {
    case "xattr":
      return xattrRun(rest, cwd);
    case "codesign":
      return codesignRun(rest, cwd);
    case "spctl":
      return spctlRun(rest, cwd);
    case "csrutil":
      return { action: csrutilAction(rest), targets: [], bootArgs: null };
    case "nvram":
      return nvramRun(rest);
    case "ldid":
    case "rcodesign":
    case "jsign": {
      const { action, files } = readSignerRun(tool, rest);
      return { action, targets: roots(files, cwd), bootArgs: null };
    }
    default:
      return assertNever(tool, "a tool without a reader");
  }
}

/** `xattr` takes clustered letters: -d -rd -dr -c -cr -w -p …; -d is followed by the attribute's name. */
function xattrRun(args: readonly string[], cwd: string | null): ToolRun {
  const letters = new Set<string>();
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      index += 1;
      break;
    }
    if (!/^-[a-zA-Z]{1,12}$/.test(arg)) break;
    for (const letter of arg.slice(1)) letters.add(letter);
  }
  const deletes = letters.has("d");
  const clears = letters.has("c");
  const named = deletes || letters.has("w") || letters.has("p");
  const attribute = named ? (args[index] ?? "") : null;
  const files = args.slice(index + (named ? (letters.has("w") ? 2 : 1) : 0));
  const removes = clears || (deletes && attribute === "com.apple.quarantine");
  return {
    action: removes ? "quarantine-removed" : null,
    targets: roots(files, cwd),
    bootArgs: null,
    recursive: letters.has("r"),
  };
}

/** Long options of codesign that take a value as the next argument (codesign(1)). */
const CODESIGN_VALUE_OPTIONS: ReadonlySet<string> = new Set([
  "--sign",
  "--identifier",
  "--requirements",
  "--test-requirement",
  "--entitlements",
  "--keychain",
  "--prefix",
  "--options",
  "--arch",
  "--architecture",
]);

function codesignRun(args: readonly string[], cwd: string | null): ToolRun {
  let signs = false;
  let force = false;
  let adHoc = false;
  let removes = false;
  const files: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    const next = args[index + 1];
    if (arg === "--remove-signature") removes = true;
    else if (arg === "--force") force = true;
    else if (arg === "--sign") {
      signs = true;
      adHoc = next === "-";
      index += 1;
    } else if (arg.startsWith("--sign=")) {
      signs = true;
      adHoc = arg === "--sign=-";
    } else if (CODESIGN_VALUE_OPTIONS.has(arg)) index += 1;
    else if (arg.startsWith("--")) continue;
    else if (/^-[a-zA-Z]/.test(arg)) {
      const cluster = readCluster(arg);
      force ||= cluster.force;
      if (cluster.signs) {
        signs = true;
        adHoc = (cluster.value === "" ? next : cluster.value) === "-";
      }
      if (cluster.takesNext) index += 1;
    } else files.push(arg);
  }
  const action = removes ? "signature-removed" : signs && (force || adHoc) ? "re-signed" : null;
  return { action, targets: roots(files, cwd), bootArgs: null };
}

/** A cluster such as `-fs`, `-s-` or `-fvs`: s, i, r, R, o and a take a value, attached or as the next argument. */
function readCluster(arg: string): { force: boolean; signs: boolean; value: string; takesNext: boolean } {
  let force = false;
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg[at] ?? "";
    if (letter === "f") force = true;
    if ("sirRoa".includes(letter)) {
      const value = arg.slice(at + 1);
      return { force, signs: letter === "s", value, takesNext: value === "" };
    }
  }
  return { force, signs: false, value: "", takesNext: false };
}

const GATEKEEPER_OFF = new Set(["--master-disable", "--global-disable"]);
const GATEKEEPER_RULE = new Set(["--add", "--remove", "--enable", "--disable", "--reset-default"]);

/** `--disable-status` (macOS 15 and later) only asks, and is not one of these words. */
function spctlRun(args: readonly string[], cwd: string | null): ToolRun {
  const off = args.some((arg) => GATEKEEPER_OFF.has(arg));
  const rule = args.some((arg) => GATEKEEPER_RULE.has(arg));
  const files = args.filter((arg) => arg.startsWith("/") || (!arg.startsWith("-") && arg.includes("/")));
  return {
    action: off ? "gatekeeper-off" : rule ? "gatekeeper-rule" : null,
    targets: roots(files, cwd),
    bootArgs: null,
  };
}

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
      return second === "enable" ? "sip-weaken" : second === "status" ? "sip-status" : null;
    case "netboot":
      return second === "add" ? "sip-weaken" : null;
    case "status":
      return "sip-status";
    default:
      return null;
  }
}

function nvramRun(args: readonly string[]): ToolRun {
  for (const arg of args) {
    if (arg.startsWith("boot-args=")) {
      return { action: "boot-args-write", targets: [], bootArgs: arg.slice("boot-args=".length, 4096) };
    }
    if (arg.startsWith("csr-active-config=")) return { action: "sip-weaken", targets: [], bootArgs: null };
  }
  return { action: null, targets: [], bootArgs: null };
}

function roots(files: readonly string[], cwd: string | null): string[] {
  const found = new Set<string>();
  for (const file of files) {
    if (found.size >= MAX_TARGETS) break;
    const path = resolvePath(file, cwd);
    if (path !== null) found.add(codeRoot(path));
  }
  return [...found];
}
