import type { EventHeader, ParseFault, TelemetryEvent } from "#contract/event.ts";
import type { EventFrame, Frame, GapFrame } from "#contract/frames.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { excerptOf } from "./bounded-text.ts";
import { parseEslogger } from "./eslogger.ts";
import { parseFileAnswer } from "./file-answer.ts";
import { parseFsChange, parseProcessSnapshot } from "./helper-events.ts";
import { MissingField } from "./json-fields.ts";
import type { RecordInput } from "./record-input.ts";
import {
  parseGap,
  parseBaseline,
  parseHello,
  parseLine,
  parseProbe,
  parseSleep,
  parseStatus,
} from "./session-frames.ts";
import { parseUnifiedLog } from "./unified-log.ts";

/**
 * Reads one record of a session. Every record gives exactly one event; what cannot be read gives a fault, so that
 * nothing goes missing. Never throws on content.
 */
export function parseRecord(record: RecordInput): TelemetryEvent {
  const header: EventHeader = { id: record.id, time: record.at, replayed: false };
  switch (record.kind) {
    case "frame":
      return parseFrameOrFault(header, record.frame, record.raw);
    case "gap":
      return parseGap(header, record);
    case "unknown":
      return { ...header, kind: "fault", source: "session", reason: record.reason, excerpt: excerptOf(record.raw) };
    case "fault": {
      const { source, reason, excerpt } = record;
      return { ...header, kind: "fault", source, reason, excerpt };
    }
    default:
      return assertNever(record, "a record is of a kind that core/parse does not know");
  }
}

type ParsedFrame = Exclude<Frame, GapFrame>;

function parseFrameOrFault(header: EventHeader, frame: ParsedFrame, raw: string): TelemetryEvent {
  try {
    const event = parseFrame(header, frame);
    return event.time > 0 ? event : faultOf(header, frame, "It has no readable time.", raw);
  } catch (error) {
    if (!(error instanceof MissingField)) throw error;
    return faultOf(header, frame, error.message, raw);
  }
}

function parseFrame(header: EventHeader, frame: ParsedFrame): TelemetryEvent {
  switch (frame.t) {
    case "event":
      return parseEventFrame(frame.replayed === true ? { ...header, replayed: true } : header, frame);
    case "hello":
      return parseHello(header, frame);
    case "file":
      return parseFileAnswer(header, frame);
    case "probe":
      return parseProbe(header, frame);
    case "line":
      return parseLine(header, frame);
    case "sleep":
      return parseSleep(header, frame);
    case "status":
      return parseStatus(header, frame);
    case "baseline":
      return parseBaseline(header, frame);
    case "bye":
      return { ...header, kind: "session_end" };
    default:
      return assertNever(frame, "a frame is of a type that core/parse does not know");
  }
}

function parseEventFrame(header: EventHeader, frame: EventFrame): TelemetryEvent {
  switch (frame.src) {
    case "es":
      return parseEslogger(header, frame.body);
    case "log":
      return parseUnifiedLog(header, frame.body);
    case "fs":
      return parseFsChange(header, frame.body);
    case "proc":
      return parseProcessSnapshot(header, frame.body);
    case "probe":
      throw new MissingField("t: probe");
    default:
      return assertNever(frame.src, "an event comes from a source that core/parse does not know");
  }
}

function faultOf(header: EventHeader, frame: ParsedFrame, why: string, raw: string): ParseFault {
  const source = "src" in frame && typeof frame.src === "string" ? frame.src : "session";
  const reason = `A record of type "${frame.t}" from "${source}" cannot be read. ${why}`;
  return { ...header, kind: "fault", source, reason, excerpt: excerptOf(raw) };
}
