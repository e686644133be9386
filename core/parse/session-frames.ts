import type { EventHeader, LineEvent, ProbeEvent, SessionEvent } from "#contract/event.ts";
import type { BaselineFrame, HelloFrame, LineFrame, ProbeFrame, SleepFrame, StatusFrame } from "#contract/frames.ts";
import { parseTime } from "#core/base/time.ts";
import { boundText } from "./bounded-text.ts";
import { MissingField, textOrNull } from "./json-fields.ts";
import type { RecordInput } from "./record-input.ts";

const MAX_PROBE_CHARS = 256 * 1024;
/** For the words that a newer helper may add to the format. */
const MAX_WORD_CHARS = 64;
const MAX_REASON_CHARS = 500;
/** `log stream`, recorded; the rest of the line is advice. */
const DROP_MARKER = "=== Messages dropped during live streaming";

/** `newBoot` is decided where posture is kept. */
export function parseHello(header: EventHeader, frame: HelloFrame): SessionEvent {
  const { host, helper } = frame;
  return {
    ...header,
    kind: "session_start",
    bootUuid: textOrNull(host.bootUUID),
    osVersion: textOrNull(host.os),
    osBuild: textOrNull(host.build),
    helperVersion: textOrNull(helper?.version),
    privileged: helper?.privileged ?? null,
    sources: (frame.sources ?? []).slice(0, 64).map((source) => boundText(source, MAX_WORD_CHARS)),
    newBoot: false,
    bootTime: typeof host.bootTime === "string" ? parseTime(host.bootTime) : null,
  };
}

/** The user's own words, bounded like any other text. */
export function parseBaseline(header: EventHeader, { by, reason }: BaselineFrame): SessionEvent {
  const words = (text: unknown) => {
    const given = textOrNull(text);
    return given === null ? null : boundText(given, MAX_REASON_CHARS);
  };
  return { ...header, kind: "baseline_accepted", by: words(by), reason: words(reason) };
}

/** The text is core/posture's to read: localised or new texts mean "unknown" there. */
export function parseProbe(header: EventHeader, frame: ProbeFrame): ProbeEvent {
  return {
    ...header,
    kind: "probe",
    name: frame.name,
    exit: frame.exit,
    timedOut: frame.timedOut ?? false,
    out: boundText(frame.out, MAX_PROBE_CHARS),
    err: boundText(frame.err, MAX_PROBE_CHARS),
  };
}

export function parseLine(header: EventHeader, frame: LineFrame): LineEvent {
  return lineEvent(header, frame.src, frame.text);
}

export function lineEvent(header: EventHeader, source: string, text: string): LineEvent {
  const dropMarker = source === "log" && text.startsWith(DROP_MARKER);
  return { ...header, kind: "line", source, text: boundText(text), dropMarker };
}

export function parseStatus(header: EventHeader, frame: StatusFrame): SessionEvent {
  const { src, state, reason, detail } = frame;
  return {
    ...header,
    kind: "status",
    source: src,
    state: boundText(state, MAX_WORD_CHARS),
    reason: textOrNull(reason),
    detail: textOrNull(detail),
  };
}

/** A gap, whoever found it: the helper, or the numbers of the frames. */
export function parseGap(header: EventHeader, gap: Extract<RecordInput, { kind: "gap" }>): SessionEvent {
  const { source, from, to, count, why } = gap;
  return { ...header, kind: "gap", source, from, to, count, why: boundText(why, MAX_WORD_CHARS) };
}

/** @throws MissingField */
export function parseSleep(header: EventHeader, frame: SleepFrame): SessionEvent {
  const from = parseTime(frame.from);
  const to = parseTime(frame.to);
  if (from === null) throw new MissingField("from");
  if (to === null) throw new MissingField("to");
  return { ...header, kind: "sleep", from, to };
}
