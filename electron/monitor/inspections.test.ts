import { describe, expect, it } from "vitest";
import { silentLogger } from "#core/base/logger.ts";
import type { Inspection } from "#contract/inspection.ts";
import type { PortMessage } from "#contract/monitor-port.ts";
import { Inspections, type InspectionsDeps } from "./inspections.ts";

/** Constructed. */
const RESULT: Inspection = {
  path: "/bin/ls",
  kind: "mach-o",
  depth: "header",
  verdict: { class: "platform", problems: [], notes: [] },
  notarized: "not-checked",
  slices: [],
  bundle: null,
  checked: ["container"],
  notChecked: [],
};
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));
const ask = (n: number, verb: string, payload: unknown) => ({ t: "request", id: n, verb, payload });
const inspect = (n: number, id: string) => ask(n, "inspect", { path: "/bin/ls", depth: "full", id });

function made() {
  const posted: PortMessage[] = [];
  const asked: { path: string; options: Parameters<InspectionsDeps["inspector"]["inspect"]>[1] }[] = [];
  const open: { resolve: (inspection: Inspection) => void; reject: (error: Error) => void }[] = [];
  let closed = 0;
  const inspections = new Inspections({
    inspector: {
      inspect: (path, options) => {
        asked.push({ path, options });
        return new Promise((resolve, reject) => {
          open.push({ resolve, reject });
          options.signal?.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError")));
        });
      },
      close: async () => void (closed += 1),
    },
    post: (message) => posted.push(message),
    log: silentLogger,
  });
  return { inspections, posted, asked, open, closed: () => closed };
}

describe("Inspections", () => {
  it("answers with what was found, and tells how far it is", async () => {
    const { inspections, posted, asked, open } = made();
    expect(inspections.take(inspect(7, "a"))).toBe(true);
    asked[0]?.options.onProgress?.({ done: 5, total: 10 });
    open[0]?.resolve(RESULT);
    await settled();
    expect(asked[0]).toMatchObject({ path: "/bin/ls", options: { depth: "full" } });
    expect(posted).toEqual([
      { t: "inspection-progress", progress: { id: "a", done: 5, total: 10 } },
      { t: "answer", id: 7, ok: true, value: RESULT },
    ]);
  });

  it("leaves everything else to the monitor", () => {
    const { inspections, posted, asked } = made();
    for (const message of ["nonsense", null, ask(1, "snapshot", null), ask(1, "constructor", null), { t: "start" }]) {
      expect(inspections.take(message)).toBe(false);
    }
    expect([posted, asked]).toEqual([[], []]);
  });

  it.each([
    ["inspect", null],
    ["inspect", { path: "bin/ls", depth: "full", id: "a" }],
    ["inspect", { path: "", depth: "full", id: "a" }],
    ["inspect", { path: "/bin/ls\0.txt", depth: "full", id: "a" }],
    ["inspect", { path: `/${"x".repeat(5_000)}`, depth: "full", id: "a" }],
    ["inspect", { path: "/bin/ls", depth: "deepest", id: "a" }],
    ["inspect", { path: "/bin/ls", depth: "full", id: "x".repeat(65) }],
    ["inspect", { path: ["/bin/ls"], depth: "full", id: "a" }],
    ["cancelInspection", { id: 5 }],
    ["cancelInspection", null],
  ])("refuses a malformed %s: %j", async (verb, payload) => {
    const { inspections, posted, asked } = made();
    expect(inspections.take(ask(3, verb, payload))).toBe(true);
    await settled();
    expect(posted).toMatchObject([{ t: "refusal", id: 3 }]);
    expect(asked).toEqual([]);
  });

  it("stops when told, says so to whoever asked, and is silent about progress from then on", async () => {
    const { inspections, posted, asked } = made();
    inspections.take(inspect(1, "a"));
    inspections.take(ask(2, "cancelInspection", { id: "a" }));
    asked[0]?.options.onProgress?.({ done: 5, total: null });
    await settled();
    expect(posted).toEqual([
      { t: "answer", id: 2, ok: true, value: null },
      { t: "refusal", id: 1, message: "The inspection was stopped." },
    ]);
  });

  it("has nothing to stop for an id that is unknown or done", async () => {
    const { inspections, posted, open } = made();
    inspections.take(inspect(1, "a"));
    open[0]?.resolve(RESULT);
    await settled();
    inspections.take(ask(2, "cancelInspection", { id: "a" }));
    inspections.take(ask(3, "cancelInspection", { id: "never" }));
    expect(posted.slice(1)).toEqual([
      { t: "answer", id: 2, ok: true, value: null },
      { t: "answer", id: 3, ok: true, value: null },
    ]);
  });

  it("ends the first of two requests with one id, and answers the second", async () => {
    const { inspections, posted, open } = made();
    inspections.take(inspect(1, "a"));
    inspections.take(inspect(2, "a"));
    open[1]?.resolve(RESULT);
    await settled();
    expect(posted).toEqual([
      { t: "refusal", id: 1, message: "The inspection was stopped." },
      { t: "answer", id: 2, ok: true, value: RESULT },
    ]);
    inspections.take(inspect(3, "a"));
    expect(open).toHaveLength(3);
  });

  it("takes a bounded number at once", async () => {
    const { inspections, posted, asked } = made();
    for (let n = 0; n < 20; n += 1) inspections.take(inspect(n, `id-${n}`));
    await settled();
    expect(asked).toHaveLength(16);
    expect(posted).toHaveLength(4);
    expect(posted[0]).toMatchObject({ t: "refusal", id: 16, message: expect.stringContaining("Too many") });
  });

  it("does not pass a fault of the inspector off as an answer", async () => {
    const { inspections, posted, open } = made();
    inspections.take(inspect(1, "a"));
    open[0]?.reject(new TypeError("undefined is not a function"));
    await settled();
    expect(posted).toMatchObject([{ t: "refusal", id: 1, message: expect.stringContaining("says nothing") }]);
  });

  it("ends everything when it is closed", async () => {
    const { inspections, posted, closed } = made();
    inspections.take(inspect(1, "a"));
    await inspections.close();
    await settled();
    expect(posted).toMatchObject([{ t: "refusal", id: 1 }]);
    expect(closed()).toBe(1);
  });
});
