import type { z } from "zod";
import { type EventFrame, FRAME_VERSION, Frame, HelloFrame, MAX_FRAME_BYTES } from "#contract/frames.ts";
import { SOURCES, type SourceName } from "#contract/source.ts";
import type { Line } from "./line-splitter.ts";

/**
 * What one line turned out to be.
 * `unknown`: well formed, but of a version, type or source that this reader does not know (a newer helper). `at` is its
 * time in the form that frames have it, if it has one.
 * `fault`: not a frame. `origin` is what its head says about where it belongs, as far as the head can be believed.
 */
export type DecodedFrame =
  | { kind: "frame"; frame: Frame; raw: string }
  | { kind: "unknown"; reason: string; raw: string; at: string | null }
  | { kind: "fault"; reason: string; excerpt: string; raw: string; origin: FrameOrigin | null };

/** An event's place in its source, read from the head of a line whose rest cannot be read. */
interface FrameOrigin {
  source: SourceName;
  n: number;
}

const EXCERPT_CHARS = 240;
const NAME_CHARS = 64;
const MAX_TIMESTAMP_CHARS = 64;
const BYTE_ORDER_MARK = "\ufeff";
const SOURCE_NAMES: ReadonlySet<string> = new Set(SOURCES);
const FRAME_TYPES: ReadonlySet<string> = new Set(Frame.options.map((option) => option.shape.t.value));

/**
 * The head as the helper writes it. Anchored and free of content, so nothing that ran can forge it.
 */
const HEAD = /^\{"v":1,"t":"(?:event|line)","src":"([a-z]{1,8})","n":(\d{1,15})[,}]/;

/** Reads one line as a frame of capture format v1. Never throws on content. */
export function decodeFrame(line: Line): DecodedFrame {
  if (line.kind === "oversized") {
    const head = decodeText(line.head);
    return {
      kind: "fault",
      reason: `A line of ${line.byteCount} bytes is longer than the limit of ${MAX_FRAME_BYTES} bytes and was left out.`,
      excerpt: excerptOf(head),
      raw: head,
      origin: originOf(head),
    };
  }
  const text = decodeText(line.bytes);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    const why = line.terminated ? "A line is not valid JSON." : "The last line is cut off and is not valid JSON.";
    return faultOf(why, text);
  }
  if (!isObject(value)) return faultOf("A line is JSON, but not an object.", text);
  if (isEventFrame(value)) return { kind: "frame", frame: value, raw: text };
  return decodeBySchema(value, text);
}

function decodeBySchema(value: Record<string, unknown>, raw: string): DecodedFrame {
  const { v, t, src } = value;
  if (typeof v !== "number" || typeof t !== "string") return faultOf("A line is JSON, but not a Sealbar frame.", raw);
  if (v !== FRAME_VERSION) return unknownOf(`A frame has the unknown version ${v}.`, value, raw);
  if (!FRAME_TYPES.has(t)) return unknownOf(`A frame has the unknown type "${t.slice(0, NAME_CHARS)}".`, value, raw);
  if (typeof src === "string" && !SOURCE_NAMES.has(src)) {
    return unknownOf(`A frame comes from the unknown source "${src.slice(0, NAME_CHARS)}".`, value, raw);
  }
  const result = Frame.safeParse(value);
  if (result.success) return { kind: "frame", frame: result.data, raw };
  return faultOf(`A frame of type "${t}" is not as the format says: ${firstIssue(result.error)}.`, raw);
}

/** By hand instead of by schema, because nearly every line is one of these. */
function isEventFrame(value: Record<string, unknown>): value is EventFrame {
  const { replayed, at, body, n, src } = value;
  return (
    value["v"] === FRAME_VERSION &&
    value["t"] === "event" &&
    typeof src === "string" &&
    SOURCE_NAMES.has(src) &&
    typeof n === "number" &&
    Number.isSafeInteger(n) &&
    n >= 0 &&
    typeof at === "string" &&
    at.length <= MAX_TIMESTAMP_CHARS &&
    isObject(body) &&
    (replayed === undefined || replayed === null || typeof replayed === "boolean")
  );
}

/**
 * What is wrong with a line that calls itself a hello: the key and why, in a few words that hold nothing of its content.
 * @param raw a line that was decoded and is no hello frame
 * @returns null when the line does not call itself a hello
 */
export function whyNoHello(raw: string): string | null {
  let value: unknown;
  try {
    value = parseJson(raw);
  } catch {
    return null;
  }
  if (!isObject(value) || value["t"] !== "hello") return null;
  const result = HelloFrame.safeParse(value);
  return result.success ? null : firstIssue(result.error);
}

function parseJson(text: string): unknown {
  return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
}

function unknownOf(reason: string, value: Record<string, unknown>, raw: string): DecodedFrame {
  const { at } = value;
  return { kind: "unknown", reason, raw, at: typeof at === "string" && at.length <= MAX_TIMESTAMP_CHARS ? at : null };
}

function faultOf(reason: string, raw: string): DecodedFrame {
  return { kind: "fault", reason, excerpt: excerptOf(raw), raw, origin: originOf(raw) };
}

function originOf(text: string): FrameOrigin | null {
  const match = HEAD.exec(text.slice(0, EXCERPT_CHARS));
  const source = SOURCES.find((name) => name === match?.[1]);
  return match === null || source === undefined ? null : { source, n: Number(match[2]) };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "unknown reason";
  const path = issue.path.map(String).join(".");
  return `${path === "" ? "frame" : path}: ${issue.message}`.slice(0, EXCERPT_CHARS);
}

function excerptOf(text: string): string {
  return text.slice(0, EXCERPT_CHARS);
}

/** Invalid UTF-8 becomes U+FFFD; since each line is decoded alone, it cannot harm its neighbours. */
function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("utf8");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
