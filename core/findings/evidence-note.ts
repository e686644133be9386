import { baseName, codeRoot, displayName } from "#core/enrich/code-root.ts";
import { capArgs, capText } from "#core/enrich/cap-text.ts";
import { describeEvent } from "#core/enrich/describe-event.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { changeType } from "#core/enrich/event-shape.ts";
import type { ToolAction } from "#core/enrich/tools/tool-run.ts";
import { gatekeeperNote, gatekeeperRole } from "./gatekeeper-note.ts";
import { policyNote } from "./policy-note.ts";
import { signatureNote, signatureRole } from "./signature-note.ts";

/** Longest value in a note: it is kept for every open window. */
const MAX_VALUE = 256;

/**
 * The small facts of a record that an explanation may need once the record is only a member of a correlation.
 * Keys: kind, title, detail, role, image, name, root, action, change, attribute, tool, parent, app, target, trust, team,
 * unlisted, quarantine, args, user, sudoUser, setting, before, after, words, acrossBoot, and those of {@link signatureNote}, {@link policyNote} and {@link gatekeeperNote}. Absent when not known. Values are raw data, capped.
 */
export function evidenceNote(enriched: EnrichedEvent): Record<string, string> {
  const note: Record<string, string> = {};
  const put = (key: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value !== "") note[key] = capText(value, MAX_VALUE);
  };
  const { event, subject, parent, responsible, toolRun } = enriched;
  const { title, detail } = describeEvent(enriched);
  put("kind", event.kind);
  put("title", title);
  put("detail", detail);
  put("role", roleOf(enriched));
  put("action", toolRun?.action);
  put("change", changeType(event));
  if (subject !== null) {
    put("image", subject.path);
    put("name", displayName(subject.path));
    put("tool", baseName(subject.path));
    put("root", codeRoot(subject.path));
    put("trust", enriched.trust?.class);
    put("team", subject.teamId);
    put("user", subject.uid === null ? null : String(subject.uid));
  }
  put("parent", parent?.path ?? (event.kind === "exec" ? event.actor.path : null));
  put("app", responsible?.path);
  put("target", enriched.targetRoots?.[0]);
  if (enriched.args !== null && enriched.teamListed === false) put("unlisted", "true");
  put("quarantine", enriched.quarantine?.state);
  put("args", enriched.args === null ? null : capArgs(enriched.args, MAX_VALUE));
  if (event.kind === "log" && event.fact?.fact === "sudo-command") {
    put("args", event.fact.command);
    put("sudoUser", event.fact.user);
  }
  if (event.kind === "setextattr" || event.kind === "deleteextattr") put("attribute", event.extattr);
  if (event.kind === "fs_change") put("attribute", event.xattr);
  if (event.kind === "posture_change") {
    put("setting", event.setting);
    put("before", event.before);
    put("after", event.after);
    put("words", event.detail);
    put("acrossBoot", String(event.acrossBoot));
  }
  signatureNote(enriched, put);
  policyNote(enriched, put);
  gatekeeperNote(enriched, put);
  return note;
}

/** The part that a command plays, in the words of an evidence row. */
const TOOL_ROLES: Readonly<Record<ToolAction, string>> = {
  "quarantine-removed": "quarantine removed",
  "quarantine-written": "quarantine written",
  "quarantine-history-erased": "download history erased",
  "lsquarantine-off": "quarantine marking off",
  "re-signed": "signed anew",
  "signature-removed": "signature removed",
  "gatekeeper-off": "Gatekeeper command",
  "gatekeeper-rule": "Gatekeeper rule",
  "gatekeeper-rearm-off": "Gatekeeper's return off",
  "developer-mode-on": "developer mode on",
  "trust-root-added": "trust root added",
  "xprotect-off": "XProtect updates off",
  "library-validation-off": "library validation off",
  "sip-weaken": "SIP command",
  "sip-status": "SIP query",
  "research-guests-allowed": "research guests allowed",
  "csr-config-write": "SIP configuration written",
  "boot-args-write": "boot arguments set",
  "boot-policy-write": "startup policy command",
  "recovery-boot": "recovery start set",
  restart: "restart",
  "kernel-variable-write": "kernel variable set",
  "kext-load": "kernel extension loaded",
  "kernel-configure": "kernel configured",
  "enforcement-unload": "enforcement stopped",
  "profile-change": "profile changed",
};

/** What part a record plays in a finding. */
function roleOf(enriched: EnrichedEvent): string {
  const { event, toolRun } = enriched;
  if (toolRun?.action != null) return TOOL_ROLES[toolRun.action];
  const role = signatureRole(enriched) ?? gatekeeperRole(enriched);
  if (role !== null) return role;
  switch (event.kind) {
    case "exec":
    case "process_snapshot":
      return "program started";
    case "deleteextattr":
      return event.extattr === "com.apple.quarantine" ? "quarantine removed" : "attribute removed";
    case "setextattr":
      return event.extattr === "com.apple.quarantine" ? "quarantine set" : "attribute set";
    case "fs_change":
      return event.xattr === "com.apple.quarantine" && event.change === "xattr-removed"
        ? "quarantine removed"
        : "file changed";
    case "create":
    case "rename":
    case "close":
    case "write":
    case "unlink":
    case "setmode":
      return "file changed";
    case "kextload":
      return "kernel extension taken in";
    case "signal":
      return "signal sent";
    case "gatekeeper_user_override":
      return "opened anyway";
    case "posture_change":
      return "protection changed";
    case "cs_invalidated":
      return "signature became invalid";
    case "log":
      return event.fact?.fact === "sudo-command" ? sudoRole(event.fact.command) : "record";
    default:
      return "record";
  }
}

/** Without Endpoint Security, sudo's own line is all there is of a command. */
function sudoRole(command: string): string {
  switch (baseName(command.split(" ", 1)[0] ?? "")) {
    case "csrutil":
      return "SIP command";
    case "spctl":
      return "Gatekeeper command";
    case "nvram":
      return "boot arguments set";
    default:
      return "command run with sudo";
  }
}
