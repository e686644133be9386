import { baseName, codeRoot, displayName } from "#core/enrich/code-root.ts";
import { capArgs, capText } from "#core/enrich/cap-text.ts";
import { describeEvent } from "#core/enrich/describe-event.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { changeType } from "#core/enrich/event-shape.ts";

/** Longest value in a note: it is kept for every open window. */
const MAX_VALUE = 256;

/**
 * The small facts of a record that an explanation may need once the record is only a member of a correlation.
 * Keys: kind, title, detail, role, image, name, root, action, change, attribute, tool, parent, app, target, trust, team,
 * unlisted, quarantine, args, user, sudoUser, setting, before, after, words, acrossBoot. Absent when not known. Values are raw data, capped.
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
  return note;
}

/** What part a record plays in a finding. */
function roleOf(enriched: EnrichedEvent): string {
  const { event, toolRun } = enriched;
  switch (toolRun?.action) {
    case "quarantine-removed":
      return "quarantine removed";
    case "re-signed":
      return "signed anew";
    case "signature-removed":
      return "signature removed";
    case "gatekeeper-off":
      return "Gatekeeper command";
    case "gatekeeper-rule":
      return "Gatekeeper rule";
    case "sip-weaken":
      return "SIP command";
    case "sip-status":
      return "SIP query";
    case "boot-args-write":
      return "boot arguments set";
    default:
      break;
  }
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
