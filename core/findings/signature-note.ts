import { assertNever } from "#core/base/assert-never.ts";
import type { FieldValue } from "#core/base/fields.ts";
import type { LogFact } from "#contract/log-fact.ts";
import { codeRoot, displayName } from "#core/enrich/code-root.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { flagNames } from "#core/enrich/trust-from-flags.ts";

type Put = (key: string, value: string | null | undefined) => void;

/** Before these the kernel asks for a signature of a library, or drops DYLD_ variables (xnu osfmk/kern/cs_blobs.h). */
const HARDENED: readonly string[] = ["runtime", "restrict"];
const ENFORCED: readonly string[] = ["kill", "hard"];
const ALLOWS_DYLD = "com.apple.security.cs.allow-dyld-environment-variables";

/**
 * What the explanations of G14 to G24 need to know again of a record: whose process it was, what its signature was before,
 * who wrote it, which libraries it was told to load, what the kernel said of it, whom it took hold of.
 */
export function signatureNote(enriched: EnrichedEvent, put: Put): void {
  const { event } = enriched;
  const text = (field: string): string | null => {
    const value = enriched.get(field);
    return typeof value === "string" || typeof value === "number" ? String(value) : null;
  };
  put("process", text("ProcessKey"));
  if (enriched.startsProgram) putStart(enriched, text, put);
  switch (event.kind) {
    case "get_task":
    case "trace":
    case "remote_thread_create":
      put("victim", displayName(event.target.path));
      return;
    case "cs_invalidated":
      put("enforced", isEnforced(enriched.get("CodeSigningFlagNames")));
      return;
    case "xp_malware_detected":
      put("malware", event.malware);
      return;
    case "tcc_modify":
      put("grantee", event.identity);
      return;
    case "mount":
      put("volume", event.on);
      return;
    case "exit":
      put("signal", text("ExitSignal"));
      put("alive", text("SecondsAlive"));
      return;
    case "log":
      if (event.fact === null) return;
      put("fact", event.fact.fact);
      putNamed(enriched, event.fact, put);
      return;
    default:
      return;
  }
}

function putStart(enriched: EnrichedEvent, text: (field: string) => string | null, put: Put): void {
  const identity = text("IdentityChange");
  if (identity !== null && identity !== "none" && identity !== "first") {
    put("identity", identity);
    put("formerTeam", text("PreviousTeamId"));
    put("formerTrust", text("PreviousSignatureStatus"));
  }
  put("signingId", enriched.subject?.signingId);
  put("volume", text("Volume"));
  if (enriched.trust?.class !== "platform") {
    put("writtenBy", text("WrittenBy"));
    put("writtenMinutes", text("MinutesSinceWritten"));
  }
  if (enriched.trust?.class === "invalid") put("enforced", isEnforced(enriched.get("CodeSigningFlagNames")));
  const { event, subject } = enriched;
  if (event.kind !== "exec" || subject === null) return;
  const variable = event.env.find((one) => /^DYLD_(?:INSERT_LIBRARIES|[A-Z_]*(?:LIBRARY|FRAMEWORK)_PATH)=/.test(one));
  if (variable === undefined) return;
  put("dyld", variable);
  put("hardened", hardeningOf(enriched));
}

/**
 * Whether macOS drops DYLD_ variables for the program that starts: `true` for a hardened one, as far as is known; `allows` for
 * a hardened one whose entitlements allow them; null for others.
 */
export function hardeningOf(enriched: EnrichedEvent): "true" | "allows" | null {
  const { event } = enriched;
  const flags = enriched.get("CodeSigningFlagNames");
  if (!Array.isArray(flags) || !HARDENED.some((name) => flags.includes(name))) return null;
  return event.kind === "exec" && event.entitlements?.includes(ALLOWS_DYLD) === true ? "allows" : "true";
}

/** Whether the signature asks the kernel to end or refuse the process when its code changes. Null: not known. */
function isEnforced(flags: FieldValue): string | null {
  return Array.isArray(flags) ? String(ENFORCED.some((name) => flags.includes(name))) : null;
}

/** The process that the fact names, if it is known; else what the text says of it. */
function putNamed(enriched: EnrichedEvent, fact: LogFact, put: Put): void {
  const process = enriched.around("factProcess");
  put("root", process === null ? null : codeRoot(process.path));
  put("program", process === null ? programOf(fact) : displayName(process.path));
  if (process?.flags !== undefined) put("enforced", isEnforced(flagNames(process.flags)));
}

function programOf(fact: LogFact): string | null {
  if ("path" in fact && fact.path !== null) return displayName(fact.path);
  return "name" in fact ? fact.name : null;
}

/** The part that such a record plays in a finding; null: none of its own. */
export function signatureRole({ event }: EnrichedEvent): string | null {
  switch (event.kind) {
    case "get_task":
    case "trace":
    case "remote_thread_create":
      return "took hold of a program";
    case "xp_malware_detected":
      return "XProtect found malware";
    case "mount":
      return "disk image opened";
    case "tcc_modify":
      return event.service === "kTCCServiceDeveloperTool" ? "developer exemption" : "permission changed";
    case "exit":
      return (event.stat & 0x7f) === 9 ? "stopped by SIGKILL" : "program ended";
    case "log":
      return event.fact === null ? null : factRole(event.fact);
    default:
      return null;
  }
}

function factRole(fact: LogFact): string | null {
  switch (fact.fact) {
    case "amfi-killed":
    case "asp-denied":
      return "refused by macOS";
    case "page-invalid":
      return fact.outcome === "killed" ? "refused by macOS" : "signature became invalid";
    case "page-rejected":
      return "signature became invalid";
    case "amfid-not-valid":
    case "amfi-signature-problem":
    case "signature-failed-fatally":
    case "signature-load-error":
      return "signature check failed";
    case "gatekeeper-scan":
    case "gatekeeper-prompt":
    case "gatekeeper-denied":
    case "gatekeeper-policy-error":
    case "malware-trashed":
    case "revoked":
    case "amfi-ad-hoc":
    case "sudo-command":
    case "sudo-failed":
    case "xprotect-scan":
    case "sandbox-deny":
    case "boot":
      return null;
    default:
      return assertNever(fact, "a fact without a role");
  }
}

const KILLED: readonly string[] = ["stopped by SIGKILL", "refused by macOS"];

/** A record that shows that macOS refused or ended a program. */
export function tellsStop(role: string | undefined): boolean {
  return role !== undefined && KILLED.includes(role);
}
