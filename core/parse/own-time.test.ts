import { describe, expect, it } from "vitest";
import { formatTime } from "#core/base/time.ts";
import type { RecordInput } from "./record-input.ts";
import { MAX_AHEAD, ownTime } from "./own-time.ts";
import { parseRecord } from "./parse-record.ts";

const AT = Date.parse("2026-11-21T10:00:00Z") * 1000;
const FAR = "2099-01-01T00:00:00.000000Z";

describe("ownTime", () => {
  it.each([
    ["the same", formatTime(AT), AT],
    ["years earlier, as a re-read record is", "2019-01-01T00:00:00.000000Z", Date.parse("2019-01-01T00:00:00Z") * 1000],
    ["ahead by just the limit", formatTime(AT + MAX_AHEAD), AT + MAX_AHEAD],
    ["ahead by more", formatTime(AT + MAX_AHEAD + 1), AT],
    ["of another century", FAR, AT],
    ["too far off for a number", "9999-12-31T23:59:59.999999Z", AT],
    ["unreadable", "soon", AT],
    ["no text", 7, AT],
  ])("%s", (_name, own, expected) => {
    expect(ownTime(own, AT)).toBe(expected);
  });

  it("has nothing to judge by when the frame has no time", () => {
    expect(ownTime(FAR, 0)).toBe(Date.parse(FAR) * 1000);
  });
});

describe("an event whose source is ahead of its time", () => {
  const record = (src: "es" | "log", body: Record<string, unknown>): RecordInput => ({
    kind: "frame",
    id: { session: "s", src, n: 1 },
    at: AT,
    raw: "",
    frame: { v: 1, t: "event", src, n: 1, at: "", body },
  });

  it("is kept, with the frame's time", () => {
    const process = { audit_token: [501, 501, 20, 501, 20, 77, 1, 99], executable: "/bin/ls" };
    const es = parseRecord(record("es", { time: FAR, process, event: { exit: { stat: 0 } } }));
    expect(es).toMatchObject({ kind: "exit", time: AT });
    const log = parseRecord(record("log", { timestamp: "2099-01-01 00:00:00.000000+0000", eventMessage: "x" }));
    expect(log).toMatchObject({ kind: "log", time: AT });
  });
});
