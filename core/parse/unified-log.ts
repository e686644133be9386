import type { EventHeader, LineEvent, LogEvent } from "#contract/event.ts";
import { integerOrNull, type JsonObject, MissingField, nonEmptyOrNull, textOrEmpty } from "./json-fields.ts";
import { readLogFact } from "./log-facts.ts";
import { ownTime } from "./own-time.ts";
import { lineEvent } from "./session-frames.ts";

/**
 * Reads one object of `log stream|show --style ndjson` (macOS 11 to 27). Activity and signpost records lack a message
 * or a type, so only a record that says neither when nor who nor what is refused.
 * @throws MissingField
 */
export function parseUnifiedLog(header: EventHeader, body: JsonObject): LogEvent | LineEvent {
  const { id, replayed } = header;
  const { timestamp, processImagePath, eventMessage } = body;
  const isText = typeof processImagePath === "string" || typeof eventMessage === "string";
  if (!isText) {
    if ("finished" in body) return lineEvent(header, "log", trailerText(body));
    if (typeof timestamp !== "string") throw new MissingField("eventMessage");
  }
  const event: LogEvent = {
    id,
    time: ownTime(timestamp, header.time),
    replayed,
    kind: "log",
    processPath: textOrEmpty(processImagePath),
    pid: integerOrNull(body["processID"]),
    senderPath: textOrEmpty(body["senderImagePath"]),
    subsystem: textOrEmpty(body["subsystem"]),
    category: textOrEmpty(body["category"]),
    messageType: textOrEmpty(body["messageType"]),
    message: textOrEmpty(eventMessage),
    bootUuid: nonEmptyOrNull(body["bootUUID"]),
    fact: null,
  };
  event.fact = readLogFact(event);
  return event;
}

/** The last record of `log show`, "identified by the inclusion of a finished field" (man page). */
function trailerText(body: JsonObject): string {
  return JSON.stringify({ count: integerOrNull(body["count"]), finished: integerOrNull(body["finished"]) });
}
