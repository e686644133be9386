import type { EventKind, EventOf } from "#contract/event.ts";
import type { LogFact } from "#contract/log-fact.ts";
import { MINUTE, SECOND } from "#core/base/clock.ts";
import type { FieldValue } from "#core/base/fields.ts";
import { parseTime } from "#core/base/time.ts";
import { ancestorNames, isInteractive } from "./ancestry.ts";
import { baseName, volumeKind } from "./code-root.ts";
import type { EnrichedEvent } from "./enriched-event.ts";
import { ES_EVENT_NUMBERS } from "./es-event-numbers.ts";
import { changeType, isEsEvent, targetPath } from "./event-shape.ts";
import { factPath, factPid, factSigningId, factTeamId } from "./fact-fields.ts";
import {
  exitCode,
  exitSignal,
  loginUser,
  processIdField,
  processKeyField,
  scriptInBundle,
  secondsAlive,
  TARGET_READERS,
  userAllowed,
} from "./process-fields.ts";
import { isProtectedPath } from "./protected-path.ts";
import { flagNames } from "./trust-from-flags.ts";

type Reader = (enriched: EnrichedEvent) => FieldValue;

function startsProgram(enriched: EnrichedEvent): boolean {
  return enriched.startsProgram;
}

function eventName({ event }: EnrichedEvent): string {
  return event.kind === "es_other" ? event.name : event.kind;
}

/** A fact of the subject's signature; a user override names the code it let through instead of who wrote it down. */
function signing(key: "signingId" | "teamId" | "cdhash"): Reader {
  return ({ event, subject }) => (event.kind === "gatekeeper_user_override" ? event[key] : subject?.[key]);
}

function posture(key: "setting" | "before" | "after" | "direction" | "acrossBoot" | "expected" | "parts"): Reader {
  return ({ event }) => (event.kind === "posture_change" ? event[key] : undefined);
}

function log(key: "subsystem" | "category" | "message"): Reader {
  return ({ event }) => (event.kind === "log" ? event[key] : undefined);
}

function userOf(uid: number | null): string | null {
  if (uid === null) return null;
  return uid === 0 ? "root" : String(uid);
}

function minutes(from: number | null, to: number): number | null {
  return from === null ? null : Math.max(0, Math.floor((to - from) / MINUTE));
}

function processAge(enriched: EnrichedEvent): FieldValue {
  const start = enriched.subject?.startTime;
  if (start === undefined) return undefined;
  const began = start === null ? null : parseTime(start);
  return began === null ? null : Math.max(0, Math.floor((enriched.time - began) / SECOND));
}

function dyld({ event }: EnrichedEvent): FieldValue {
  if (event.kind !== "exec") return undefined;
  return event.env.filter((variable) => variable.startsWith("DYLD_"));
}

function extAttr({ event }: EnrichedEvent): FieldValue {
  if (event.kind === "setextattr" || event.kind === "deleteextattr") return event.extattr;
  return event.kind === "fs_change" ? event.xattr : undefined;
}

function image({ event, subject }: EnrichedEvent): FieldValue {
  return event.kind === "log" ? event.processPath : subject?.path;
}

function parentImage({ event, parent }: EnrichedEvent): FieldValue {
  if (parent !== null) return parent.path;
  if (event.kind === "exec") return event.actor.path;
  return event.kind === "process_snapshot" ? null : undefined;
}

function parentSigningId({ event, parent }: EnrichedEvent): FieldValue {
  if (parent !== null) return parent.signingId;
  if (event.kind === "exec") return event.actor.signingId;
  return event.kind === "process_snapshot" ? null : undefined;
}

/** Of a process, and of the process that a fact of the log names. */
function ancestors(enriched: EnrichedEvent): FieldValue {
  const named = enriched.event.kind === "log" && enriched.around("factProcess") !== null;
  return enriched.subject === null && !named ? undefined : ancestorNames(enriched.around("ancestors"));
}

function codeSigningFlagNames(enriched: EnrichedEvent): FieldValue {
  const { event, subject } = enriched;
  if (event.kind === "log") {
    const flags = enriched.around("factProcess")?.flags;
    return flags === undefined ? undefined : flagNames(flags);
  }
  if (subject === null) return undefined;
  return subject.codesigningFlags === null ? null : flagNames(subject.codesigningFlags);
}

const VOLUME = /^\/Volumes\/[^/]+/;

/** The mount point below /Volumes: of a mount, and of where a program lies; null for everything else. */
function volume({ event, subject }: EnrichedEvent): FieldValue {
  const path = event.kind === "mount" ? event.on : subject?.path;
  return path === undefined ? undefined : (VOLUME.exec(path)?.[0] ?? null);
}

function targetRoot({ targetRoots }: EnrichedEvent): FieldValue {
  return targetRoots === null || targetRoots.length === 0 ? undefined : targetRoots;
}

function quarantine(enriched: EnrichedEvent): FieldValue {
  if (enriched.quarantine !== null) return enriched.quarantine.state;
  return startsProgram(enriched) || targetPath(enriched.event) !== null ? "unknown" : undefined;
}

function unquarantinedRoot(enriched: EnrichedEvent): FieldValue {
  if (!enriched.startsProgram) return undefined;
  return enriched.quarantine?.state === "removed" ? (enriched.quarantine.root ?? null) : null;
}

function trustDisagreement({ trust }: EnrichedEvent): FieldValue {
  if (trust === null) return undefined;
  return trust.disagreements.length === 0 ? null : trust.disagreements.map(({ about }) => about);
}

/** A reader of one kind of record; undefined on all others. */
function on<K extends EventKind>(kinds: readonly K[], read: (event: EventOf<K>) => FieldValue): Reader {
  const known: ReadonlySet<EventKind> = new Set(kinds);
  return ({ event }) => (known.has(event.kind) ? read(event as EventOf<K>) : undefined);
}

function fact(read: (fact: LogFact) => FieldValue): Reader {
  return ({ event }) => (event.kind === "log" ? (event.fact === null ? null : read(event.fact)) : undefined);
}

/** Of the file that a file record is about. */
function ofFile(read: (path: string, enriched: EnrichedEvent) => FieldValue): Reader {
  return (enriched) => {
    const path = enriched.logsource.category === "file_event" ? targetPath(enriched.event) : null;
    return path === null ? undefined : read(path, enriched);
  };
}

/** Names by es_profile_source_t's order, which is UNVERIFIED; another number stays a number. */
const PROFILE_SOURCES = ["managed", "installed"];

/** What codesign makes up when it signs a bare file without an identifier: its name, a hyphen and 40 hex digits (G13). */
const MADE_UP_ID = /-[0-9a-f]{40}$/;

function madeUpSigningId({ subject }: EnrichedEvent): FieldValue {
  if (subject === null) return undefined;
  return subject.signingId !== null && MADE_UP_ID.test(subject.signingId.slice(-41));
}

/** Every field a rule may use, in the order of docs/fields.md. Undefined: the record has no such field. */
export const FIELD_READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["Image", image],
  ["OriginalFileName", (e) => (startsProgram(e) && e.subject !== null ? baseName(e.subject.path) : undefined)],
  ["CommandLine", (e) => (startsProgram(e) ? e.commandLine : undefined)],
  ["ParentImage", parentImage],
  ["ParentCommandLine", (e) => (e.parent === null ? (startsProgram(e) ? null : undefined) : e.parent.commandLine)],
  ["User", (e) => (e.subject === null ? undefined : userOf(e.subject.uid))],
  ["TargetFilename", (e) => targetPath(e.event) ?? undefined],
  ["CurrentDirectory", ({ event }) => (event.kind === "exec" ? event.cwd : undefined)],
  ["SigningId", signing("signingId")],
  ["MadeUpSigningId", madeUpSigningId],
  ["TeamId", signing("teamId")],
  ["CDHash", signing("cdhash")],
  ["SignatureStatus", (e) => e.trust?.class],
  ["Notarized", (e) => e.trust?.notarized],
  ["TrustDisagreement", trustDisagreement],
  ["CodeSigningFlags", (e) => e.subject?.codesigningFlags],
  ["CodeSigningFlagNames", codeSigningFlagNames],
  ["IsPlatformBinary", (e) => e.subject?.isPlatformBinary],
  ["TeamListed", (e) => e.teamListed ?? undefined],
  ["Quarantine", quarantine],
  ["UnquarantinedRoot", unquarantinedRoot],
  ["QuarantineMismatch", (e) => (startsProgram(e) ? e.quarantineMismatch : undefined)],
  ["WrittenBy", (e) => (startsProgram(e) ? (e.origin?.by ?? null) : undefined)],
  ["WrittenBySigningId", (e) => (startsProgram(e) ? (e.origin?.signingId ?? null) : undefined)],
  ["WrittenByTrust", (e) => (startsProgram(e) ? (e.origin?.trust ?? null) : undefined)],
  ["MinutesSinceWritten", (e) => (startsProgram(e) ? minutes(e.origin?.at ?? null, e.time) : undefined)],
  ["IdentityChange", (e) => (startsProgram(e) ? (e.identity?.change ?? null) : undefined)],
  ["PreviousTeamId", (e) => (startsProgram(e) ? (e.identity?.previousTeamId ?? null) : undefined)],
  ["PreviousSignatureStatus", (e) => (startsProgram(e) ? (e.identity?.previousStatus ?? null) : undefined)],
  ["FirstSeen", (e) => e.firstSeen ?? undefined],
  ["CodeRoot", (e) => e.codeRoot ?? undefined],
  ["ResponsibleImage", (e) => (e.subject === null ? undefined : (e.responsible?.path ?? null))],
  ["ParentSigningId", parentSigningId],
  ["Ancestors", ancestors],
  ["AncestorImages", (e) => (e.subject === null ? undefined : e.around("ancestors").map(({ path }) => path))],
  ["LoginUser", loginUser],
  ["UserAllowed", userAllowed],
  ["Interactive", isInteractive],
  ["ProcessKey", processKeyField],
  ["ProcessId", processIdField],
  ["ScriptInBundle", scriptInBundle],
  ["Entitlements", on(["exec"], ({ entitlements }) => entitlements ?? null)],
  ["ExitSignal", exitSignal],
  ["ExitCode", exitCode],
  ["SecondsAlive", secondsAlive],
  ["TargetImage", TARGET_READERS.TargetImage],
  ["TargetSigningId", TARGET_READERS.TargetSigningId],
  ["TargetStatus", TARGET_READERS.TargetStatus],
  ["TargetIsPlatformBinary", TARGET_READERS.TargetIsPlatformBinary],
  ["TargetProcessKey", TARGET_READERS.TargetProcessKey],
  ["Signal", on(["signal"], ({ sig }) => sig)],
  ["PolicyPath", ofFile((_path, e) => e.around("policyPath"))],
  ["Protected", ofFile(isProtectedPath)],
  ["MountedFrom", on(["mount"], ({ from }) => from)],
  ["Volume", volume],
  ["Malware", on(["xp_malware_detected", "xp_malware_remediated"], ({ malware }) => malware)],
  ["ProfileId", on(["profile_add", "profile_remove"], ({ identifier }) => identifier)],
  ["ProfileOrganization", on(["profile_add", "profile_remove"], ({ organization }) => organization)],
  [
    "ProfileSource",
    on(
      ["profile_add", "profile_remove"],
      ({ installSource }) => PROFILE_SOURCES[installSource] ?? String(installSource),
    ),
  ],
  ["TccService", on(["tcc_modify"], ({ service }) => service)],
  ["TccIdentity", on(["tcc_modify"], ({ identity }) => identity)],
  ["TccRight", on(["tcc_modify"], ({ right }) => right)],
  ["KernelExtension", on(["kextload"], ({ identifier }) => identifier)],
  ["FactKind", fact((one) => one.fact)],
  ["FactPath", fact(factPath)],
  ["FactPid", fact(factPid)],
  ["FactSigningId", fact(factSigningId)],
  ["FactTeamId", fact(factTeamId)],
  ["Script", ({ event }) => (event.kind === "exec" ? event.script : undefined)],
  ["Tty", (e) => e.subject?.tty],
  ["Dyld", dyld],
  ["VolumeKind", (e) => (e.subject === null ? undefined : volumeKind(e.subject.path))],
  ["ProcessAge", processAge],
  ["MinutesSinceBoot", (e) => minutes(e.posture.bootTime, e.time)],
  ["ExtAttr", extAttr],
  ["ChangeType", (e) => changeType(e.event) ?? undefined],
  ["ActorImage", ({ event }) => (isEsEvent(event) ? event.actor.path : undefined)],
  ["ActorSigningId", ({ event }) => (isEsEvent(event) ? event.actor.signingId : undefined)],
  ["TargetRoot", targetRoot],
  ["ToolAction", (e) => (startsProgram(e) ? (e.toolRun?.action ?? null) : (e.toolRun?.action ?? undefined))],
  ["BootArgs", (e) => e.toolRun?.bootArgs ?? undefined],
  ["KernelVariables", (e) => e.toolRun?.kernelVariables],
  ["Subsystem", log("subsystem")],
  ["Category", log("category")],
  ["Sender", ({ event }) => (event.kind === "log" ? baseName(event.senderPath) : undefined)],
  ["Message", log("message")],
  ["Setting", posture("setting")],
  ["Before", posture("before")],
  ["After", posture("after")],
  ["Direction", posture("direction")],
  ["AcrossBoot", posture("acrossBoot")],
  ["Expected", posture("expected")],
  ["PostureParts", posture("parts")],
  ["Sip", (e) => e.posture.sip],
  ["Gatekeeper", (e) => e.posture.gatekeeper],
  ["Weakened", (e) => e.posture.weakened],
  ["MinutesSinceWeakened", (e) => minutes(e.posture.weakenedSince, e.time)],
  ["EventType", eventName],
  ["esf.event_type", (e) => (isEsEvent(e.event) ? ES_EVENT_NUMBERS[eventName(e)] : undefined)],
  ["event.action", eventName],
  ["subsystem", log("subsystem")],
  ["message", log("message")],
]);

/** The names of all fields; docs/fields.md must list each. */
export const FIELD_NAMES: readonly string[] = [...FIELD_READERS.keys()];
