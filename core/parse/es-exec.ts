import type { EsHeader, EventOf } from "#contract/event.ts";
import { boundText } from "./bounded-text.ts";
import { filePathOrNull, readProcess } from "./es-process.ts";
import { isJsonObject, type JsonObject, textOrNull } from "./json-fields.ts";

/** ARG_MAX (xnu bsd/sys/syslimits.h): no real argument list is longer, so none is cut. */
const MAX_ARGS_CHARS = 1024 * 1024;
const MAX_ARGS = 64 * 1024;
const MAX_ENV = 64;
const MAX_ENV_CHARS = 4096;

type ExecPayload = Omit<EventOf<"exec">, keyof EsHeader>;

/** @throws MissingField naming the target's missing field */
export function readExec(exec: JsonObject): ExecPayload {
  return {
    kind: "exec",
    target: readProcess(exec["target"], "event.exec.target"),
    args: readArgs(exec["args"]),
    env: readEnv(exec["env"]),
    script: filePathOrNull(exec["script"]),
    cwd: filePathOrNull(exec["cwd"]),
    dyldExecPath: textOrNull(exec["dyld_exec_path"]),
    ...readEntitlements(exec["entitlements"]),
  };
}

const MAX_ENTITLEMENTS = 256;
const MAX_ENTITLEMENT_CHARS = 256;

/** macOS 27 has an object here (key map); that its keys are the entitlements' names is UNVERIFIED. */
function readEntitlements(value: unknown): { entitlements?: string[] } {
  if (!isJsonObject(value)) return {};
  const entitlements: string[] = [];
  for (const name in value) {
    if (entitlements.length >= MAX_ENTITLEMENTS) break;
    if (value[name] !== false) entitlements.push(boundText(name, MAX_ENTITLEMENT_CHARS));
  }
  return { entitlements };
}

/** Arguments of an exec; a cut list ends with a mark that says how many are gone. */
export function readArgs(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const args: string[] = [];
  let chars = 0;
  for (const item of value) {
    if (args.length >= MAX_ARGS || chars >= MAX_ARGS_CHARS) {
      args.push(`…[${value.length - args.length} more arguments]`);
      break;
    }
    const arg = boundText(typeof item === "string" ? item : "[not text]", MAX_ARGS_CHARS - chars);
    chars += arg.length;
    args.push(arg);
  }
  return args;
}

/** Names that make a trusted program load or run other code. All others stay in the raw record only: they hold secrets. */
const ENV_NAMES: ReadonlySet<string> = new Set(["BASH_ENV", "PERL5OPT", "PERL5DB", "PYTHONSTARTUP", "NODE_OPTIONS"]);

function readEnv(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const kept: string[] = [];
  let more = 0;
  for (const item of value) {
    if (typeof item !== "string" || !isInjecting(item)) continue;
    if (kept.length < MAX_ENV) kept.push(boundText(item, MAX_ENV_CHARS));
    else more += 1;
  }
  if (more > 0) kept.push(`…[${more} more variables]`);
  return kept;
}

function isInjecting(entry: string): boolean {
  switch (entry.charCodeAt(0)) {
    case 0x44: // D
      return entry.startsWith("DYLD_");
    case 0x5f: // _
      return entry.startsWith("__XPC_DYLD_");
    case 0x42: // B
    case 0x4e: // N
    case 0x50: // P
      return ENV_NAMES.has(entry.slice(0, Math.max(0, entry.indexOf("="))));
    default:
      return false;
  }
}
