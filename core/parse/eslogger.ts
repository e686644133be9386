import type { EsEvent, EventHeader } from "#contract/event.ts";
import { ES_EVENT_NAMES } from "./es-event-names.ts";
import { type EsPayload, readEsPayload } from "./es-payload.ts";
import { readProcess } from "./es-process.ts";
import { integerOrNull, type JsonObject, MissingField, requireObject } from "./json-fields.ts";
import { ownTime } from "./own-time.ts";

const MAX_NAME_CHARS = 128;

/**
 * Reads one eslogger object (macOS 14 to 27). Which event it is, is told by the key inside `event`: numbers differ
 * between releases, and eslogger's man page promises neither.
 * @throws MissingField when it lacks what every event needs, or what this one cannot do without
 */
export function parseEslogger(header: EventHeader, body: JsonObject): EsEvent {
  const { id, replayed } = header;
  const event = requireObject(body["event"], "event");
  const name = eventName(event);
  const actor = readProcess(body["process"], "process");
  const version = integerOrNull(body["version"]);
  const seqNum = integerOrNull(body["seq_num"]);
  const globalSeqNum = integerOrNull(body["global_seq_num"]);
  const time = ownTime(body["time"], header.time);
  const payload: EsPayload = readEsPayload(name, event[name]) ?? {
    kind: "es_other",
    name: name.slice(0, MAX_NAME_CHARS),
    known: ES_EVENT_NAMES.has(name),
  };
  return { id, time, replayed, actor, version, seqNum, globalSeqNum, ...payload };
}

/** One key is what eslogger writes; should there be more, a name we know beats one that we do not. */
function eventName(event: JsonObject): string {
  let first: string | null = null;
  for (const name in event) {
    if (ES_EVENT_NAMES.has(name)) return name;
    first ??= name;
  }
  if (first === null) throw new MissingField("event.<name>");
  return first;
}
