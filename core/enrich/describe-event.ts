import type { EsEvent, TelemetryEvent } from "#contract/event.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { capArgs, capText } from "./cap-text.ts";
import { baseName, displayName, fileName } from "./code-root.ts";
import { logTitle } from "./describe-log.ts";
import { describeProbe } from "./describe-probe.ts";
import { describeGap, describeSleep, describeStatus, osText } from "./describe-session.ts";
import type { EnrichedEvent } from "./enriched-event.ts";
import { isEsEvent } from "./event-shape.ts";
import { describePostureChange, sourceName } from "./words.ts";

/** The words of a timeline row. Names and paths in them are data from whatever ran; screens make them visible. */
interface Description {
  /** Verb phrase, e.g. "Ran Invoice Viewer". */
  title: string;
  /** Second half: path, command line or message. */
  detail: string;
  path: string | null;
}

const MAX_TITLE = 160;

export function describeEvent(enriched: EnrichedEvent): Description {
  const { title, detail, path } = describe(enriched);
  return { title: capText(title, MAX_TITLE), detail: capText(detail), path: path === null ? null : capText(path) };
}

function describe(enriched: EnrichedEvent): Description {
  const { event } = enriched;
  if (isEsEvent(event)) return describeEs(event);
  switch (event.kind) {
    case "log":
      return row(logTitle(event), event.message, null);
    case "fs_change":
      return row(fsTitle(event.change, event.xattr, event.path), event.path, event.path);
    case "process_snapshot":
      return describeSnapshot(event, enriched.startsProgram);
    case "file_answer":
      return row(`Looked at ${displayName(event.path)}`, event.path, event.path);
    case "probe":
      return { ...describeProbe(event), path: null };
    case "line":
      return event.dropMarker
        ? row("Gap: macOS dropped log messages", "How many is not known. They may still be in the log's archive.", null)
        : row(`Note from ${sourceName(event.source)}`, event.text, null);
    case "session_start":
      return row(event.newBoot ? "The Mac restarted" : "Monitoring started", osText(event), null);
    case "session_end":
      return row("Monitoring ended", "Nothing is recorded until it starts again", null);
    case "gap":
      return { ...describeGap(event), path: null };
    case "sleep":
      return { ...describeSleep(event), path: null };
    case "status":
      return { ...describeStatus(event), path: null };
    case "baseline_accepted":
      return row("This Mac's protection was accepted as it is", event.reason ?? "No reason was given", null);
    case "posture_change":
      return row(describePostureChange(event), event.detail, null);
    case "fault":
      return row(`A record from ${sourceName(event.source)} could not be read`, event.reason, null);
    default:
      return assertNever(event, "an event kind without a description");
  }
}

function describeEs(event: EsEvent): Description {
  const by = ` by ${baseName(event.actor.path)}`;
  switch (event.kind) {
    case "exec":
      return row(`Ran ${displayName(event.target.path)}`, capArgs(event.args) || event.target.path, event.target.path);
    case "fork":
      return row(`${displayName(event.actor.path)} started a copy of itself`, event.actor.path, event.actor.path);
    case "exit":
      return row(`${displayName(event.actor.path)} ended`, exitText(event.stat), event.actor.path);
    case "create":
      return row(`Created ${fileName(event.target.path)}`, event.target.path + by, event.target.path);
    case "rename":
      return describeRename(event, by);
    case "close":
      return row(
        `${event.modified ? "Changed" : "Closed"} ${fileName(event.target.path)}`,
        event.target.path + by,
        event.target.path,
      );
    case "write":
      return row(`Wrote to ${fileName(event.target.path)}`, event.target.path + by, event.target.path);
    case "unlink":
      return row(`Removed ${fileName(event.target.path)}`, event.target.path + by, event.target.path);
    case "setextattr":
      return row(fsTitle("xattr-set", event.extattr, event.target.path), event.target.path + by, event.target.path);
    case "deleteextattr":
      return row(fsTitle("xattr-removed", event.extattr, event.target.path), event.target.path + by, event.target.path);
    case "setmode":
      return row(
        `Changed the mode of ${fileName(event.target.path)}`,
        `to ${event.mode.toString(8)}: ${event.target.path}${by}`,
        event.target.path,
      );
    case "setacl":
      return row(`Changed who may use ${fileName(event.target.path)}`, `${event.target.path}${by}`, event.target.path);
    case "setflags":
      return row(
        `Changed the flags of ${fileName(event.target.path)}`,
        `to 0x${event.flags.toString(16)}: ${event.target.path}${by}`,
        event.target.path,
      );
    case "copyfile":
      return row(
        `Copied ${fileName(event.destination)}`,
        `${event.source.path} to ${event.destination}${by}`,
        event.destination,
      );
    case "link":
      return row(
        `Gave ${fileName(event.source.path)} a second name`,
        `${event.source.path} as ${event.destination}${by}`,
        event.destination,
      );
    case "kextload":
      return row(`Kernel extension loaded: ${event.identifier}`, event.actor.path, null);
    case "signal":
      return row(
        `${displayName(event.actor.path)} sent signal ${event.sig} to ${displayName(event.target.path)}`,
        event.target.path,
        event.actor.path,
      );
    case "mount":
      return row(`Mounted ${baseName(event.on)}`, `${event.from} on ${event.on} (${event.fsType})`, event.on);
    case "cs_invalidated":
      return row(
        `Signature of ${displayName(event.actor.path)} became invalid while it ran`,
        event.actor.path,
        event.actor.path,
      );
    case "gatekeeper_user_override":
      return row(
        `Opened anyway: ${event.path === null ? "an app" : displayName(event.path)}`,
        event.path ?? event.signingId ?? "",
        event.path,
      );
    case "xp_malware_detected":
      return row(`XProtect detected ${event.malware}`, event.path, event.path);
    case "xp_malware_remediated":
      return row(
        `XProtect ${event.success ? "removed" : "could not remove"} ${event.malware}`,
        event.path ?? event.description,
        event.path,
      );
    case "btm_launch_item_add":
      return row(
        `Background item added: ${itemName(event)}`,
        event.executablePath ?? event.itemUrl,
        event.executablePath,
      );
    case "btm_launch_item_remove":
      return row(
        `Background item removed: ${itemName(event)}`,
        event.executablePath ?? event.itemUrl,
        event.executablePath,
      );
    case "profile_add":
      return row(
        `Profile ${event.isUpdate ? "updated" : "installed"}: ${event.displayName}`,
        `${event.identifier} (${event.organization})`,
        null,
      );
    case "profile_remove":
      return row(`Profile removed: ${event.displayName}`, `${event.identifier} (${event.organization})`, null);
    case "get_task":
      return row(
        `${displayName(event.actor.path)} took control of ${displayName(event.target.path)}`,
        event.actor.path,
        event.actor.path,
      );
    case "trace":
      return row(
        `${displayName(event.actor.path)} is debugging ${displayName(event.target.path)}`,
        event.actor.path,
        event.actor.path,
      );
    case "remote_thread_create":
      return row(
        `${displayName(event.actor.path)} started a thread in ${displayName(event.target.path)}`,
        event.actor.path,
        event.actor.path,
      );
    case "tcc_modify":
      return row(`Privacy permission changed: ${event.service.replace(/^kTCCService/, "")}`, event.identity, null);
    case "es_other":
      return row(
        `${displayName(event.actor.path)}: ${event.name.replaceAll("_", " ")}`,
        event.actor.path,
        event.actor.path,
      );
    default:
      return assertNever(event, "an ES event without a description");
  }
}

function row(title: string, detail: string, path: string | null): Description {
  return { title, detail, path };
}

function fsTitle(change: string, xattr: string | null, path: string): string {
  const name = fileName(path);
  const quarantine = xattr === "com.apple.quarantine";
  switch (change) {
    case "xattr-removed":
      return quarantine ? `Quarantine removed from ${name}` : `Attribute ${xattr ?? ""} removed from ${name}`;
    case "xattr-set":
      return quarantine ? `Quarantine set on ${name}` : `Attribute ${xattr ?? ""} set on ${name}`;
    case "modified":
      return `Changed ${name}`;
    case "created":
      return `Created ${name}`;
    case "renamed":
      return `Renamed ${name}`;
    default:
      return `Removed ${name}`;
  }
}

function describeSnapshot(
  event: Extract<TelemetryEvent, { kind: "process_snapshot" }>,
  startsProgram: boolean,
): Description {
  const name = displayName(event.process.path);
  const verb = startsProgram ? `Ran ${name}` : event.change === "gone" ? `${name} ended` : `${name} changed`;
  return row(verb, capArgs(event.args) || event.process.path, event.process.path);
}

/** A wait status: the low seven bits are the signal, else the exit code is above them. */
function exitText(stat: number): string {
  const signal = stat & 0x7f;
  return signal === 0 ? `exit code ${(stat >> 8) & 0xff}` : `signal ${signal}`;
}

function describeRename(event: Extract<EsEvent, { kind: "rename" }>, by: string): Description {
  const { source, destination } = event;
  const name = fileName(destination);
  if (baseName(source.path) !== baseName(destination))
    return row(`Renamed to ${name}`, `from ${source.path}${by}`, destination);
  return row(`Moved ${name}`, `${source.path} to ${destination}${by}`, destination);
}

function itemName(event: Extract<EsEvent, { kind: "btm_launch_item_add" | "btm_launch_item_remove" }>): string {
  return displayName(event.executablePath ?? event.itemUrl);
}
