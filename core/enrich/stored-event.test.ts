import { describe, expect, it } from "vitest";
import { appleTool, APP, enricher, exec, invoiceViewer, posture } from "./events.fixture.ts";
import { FIELD_NAMES } from "./fields.ts";
import { parseStoredEvent, reviveEvent, storeEvent } from "./stored-event.ts";

const restored = (text: string) => {
  const stored = parseStoredEvent(text);
  return stored === null ? null : reviveEvent(stored);
};

describe("an event that is stored for later", () => {
  it.each([
    ["a tool", exec(appleTool("xattr", "com.apple.xattr"), ["xattr", "-d", "com.apple.quarantine", APP])],
    ["an app", exec(invoiceViewer(), ["Invoice Viewer"])],
  ])("comes back with every field as it was: %s", (_, event) => {
    const enriched = enricher().enrich(event, posture({ weakened: true, weakenedHow: "SIP is off" }));
    const again = restored(JSON.stringify(storeEvent(enriched)));
    const fields = (source: typeof enriched | null) => FIELD_NAMES.map((name) => [name, source?.get(name)]);
    expect(fields(again)).toEqual(fields(enriched));
    expect(again?.posture).toEqual(enriched.posture);
    expect(again?.trust).toEqual(enriched.trust);
    expect(again?.toolRun).toEqual(enriched.toolRun);
  });

  it("is bounded, however long its arguments are", () => {
    const long = exec(
      invoiceViewer(),
      Array.from({ length: 5_000 }, () => "x".repeat(5_000)),
    );
    const text = JSON.stringify(storeEvent(enricher().enrich(long, posture())));
    expect(text.length).toBeLessThan(100_000);
    expect(restored(text)?.subject?.path).toBe(invoiceViewer().path);
  });

  it.each(["", "{", "null", "[]", '{"event":{}}', '{"event":{"kind":1},"context":{"posture":{}}}', '{"event":null}'])(
    "that is damaged is none: %s",
    (text) => {
      expect(parseStoredEvent(text)).toBeNull();
    },
  );
});
