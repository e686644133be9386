import { MINUTE, SECOND } from "#core/base/clock.ts";
import type { FieldValue } from "#core/base/fields.ts";
import { parseTime } from "#core/base/time.ts";
import { baseName, volumeKind } from "./code-root.ts";
import type { EnrichedEvent } from "./enriched-event.ts";
import { ES_EVENT_NUMBERS } from "./es-event-numbers.ts";
import { changeType, isEsEvent, targetPath } from "./event-shape.ts";

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

function posture(key: "setting" | "before" | "after" | "direction" | "acrossBoot"): Reader {
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
  ["IsPlatformBinary", (e) => e.subject?.isPlatformBinary],
  ["TeamListed", (e) => e.teamListed ?? undefined],
  ["Quarantine", quarantine],
  ["UnquarantinedRoot", unquarantinedRoot],
  ["FirstSeen", (e) => e.firstSeen ?? undefined],
  ["CodeRoot", (e) => e.codeRoot ?? undefined],
  ["ResponsibleImage", (e) => (e.subject === null ? undefined : (e.responsible?.path ?? null))],
  ["ParentSigningId", parentSigningId],
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
  ["ToolAction", (e) => (startsProgram(e) ? (e.toolRun?.action ?? null) : undefined)],
  ["BootArgs", (e) => e.toolRun?.bootArgs ?? undefined],
  ["Subsystem", log("subsystem")],
  ["Category", log("category")],
  ["Sender", ({ event }) => (event.kind === "log" ? baseName(event.senderPath) : undefined)],
  ["Message", log("message")],
  ["Setting", posture("setting")],
  ["Before", posture("before")],
  ["After", posture("after")],
  ["Direction", posture("direction")],
  ["AcrossBoot", posture("acrossBoot")],
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
