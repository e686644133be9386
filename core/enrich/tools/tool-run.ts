import { codeRoot, resolvePath } from "../code-root.ts";

/** What a signing or policy tool was told to do. `docs/fields.md` says which command means which. */
export type ToolAction =
  | "quarantine-removed"
  | "quarantine-written"
  | "quarantine-history-erased"
  | "lsquarantine-off"
  | "re-signed"
  | "signature-removed"
  | "gatekeeper-off"
  | "gatekeeper-rule"
  | "gatekeeper-rearm-off"
  | "developer-mode-on"
  | "trust-root-added"
  | "xprotect-off"
  | "library-validation-off"
  | "sip-weaken"
  | "sip-status"
  | "research-guests-allowed"
  | "csr-config-write"
  | "boot-args-write"
  | "boot-policy-write"
  | "recovery-boot"
  | "restart"
  | "kernel-variable-write"
  | "kext-load"
  | "kernel-configure"
  | "enforcement-unload"
  | "profile-change";

export interface ToolRun {
  /** Null: one of the tools, doing nothing of the above. */
  action: ToolAction | null;
  /** Code roots of the files named, absolute. */
  targets: readonly string[];
  /** What `nvram boot-args=` writes. */
  bootArgs: string | null;
  /** It reaches into folders (`xattr -r`). */
  recursive?: boolean;
  /** `name=value` of each kernel variable that a `sysctl` writes. */
  kernelVariables?: readonly string[];
}

/** One run of a tool: its arguments without the tool's own name, at most `MAX_ARGS` of them. */
export interface Call {
  /** The file name it was started by, or what its signing id stands for. */
  tool: string;
  args: readonly string[];
  cwd: string | null;
}

type Reader = (call: Call) => ToolRun;

/** A family of tools: what they are known by, and how their arguments are read. */
export interface ToolFamily {
  /** Signing id to tool name. A renamed copy keeps its signing id, a re-signed one its name. */
  signingIds: Readonly<Record<string, string>>;
  names: readonly string[];
  read: Reader;
}

/** Arguments looked at; more do not make a command of these tools. */
export const MAX_ARGS = 512;
const MAX_TARGETS = 16;

export function ran(action: ToolAction | null, targets: readonly string[] = []): ToolRun {
  return { action, targets, bootArgs: null };
}

/** Code roots of files given to a tool. */
export function roots(files: readonly string[], cwd: string | null): string[] {
  const found = new Set<string>();
  for (const file of files) {
    if (found.size >= MAX_TARGETS) break;
    const path = resolvePath(file, cwd);
    if (path !== null) found.add(codeRoot(path));
  }
  return [...found];
}

/** getopt_long(3) takes the beginning of a long option for the whole, as long as only one begins so. */
export function isLongOption(arg: string, option: string, shortest: string): boolean {
  return arg.startsWith(shortest) && option.startsWith(arg);
}

/** Only the beginning of a hostile argument is looked at. */
export function lower(arg: string | undefined): string {
  return (arg ?? "").slice(0, MAX_TEXT).toLowerCase();
}

const MAX_TEXT = 4096;
