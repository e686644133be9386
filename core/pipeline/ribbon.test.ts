import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Ribbon, RIBBON_SPANS_MAX } from "#contract/ribbon.ts";
import { silentLogger } from "#core/base/logger.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { IN_MEMORY, openStore } from "#core/store/open.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import { Monitor } from "./monitor.ts";
import type { Stretch } from "./ribbon-marks.ts";
import { ribbonOf, spansOf } from "./ribbon.ts";
import { loadRuleFolders, OUR_RULES } from "./rules-folder.ts";
import { sqliteStore } from "./sqlite-store.ts";

const library = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);

function replayed(...names: string[]) {
  const store = openStore(IN_MEMORY, { clock: { now: () => 0 }, logger: silentLogger });
  const ports = sqliteStore(store.db);
  const monitor = new Monitor({ store: ports, library, settings: DEFAULT_MONITOR_SETTINGS, logger: silentLogger });
  for (const name of names) {
    const splitter = new LineSplitter();
    const reader = new SessionReader({ name });
    const bytes = readFileSync(join(import.meta.dirname, "../../e2e/scenarios", `${name}.sealcap.jsonl`));
    const lines = [...splitter.push(bytes), ...splitter.end()];
    for (const record of lines.flatMap((line) => reader.read(line)).concat(reader.end())) monitor.accept(record);
  }
  monitor.flush();
  const again = new Monitor({ store: ports, library, settings: DEFAULT_MONITOR_SETTINGS, logger: silentLogger });
  const whole = { from: null, to: null };
  return { ribbon: ribbonOf(store.db, monitor.ribbon, whole), afterRestart: ribbonOf(store.db, again.ribbon, whole) };
}

const stretch = (from: number, to: number | null, state: Stretch["state"], words = ""): Stretch => ({
  track: "es",
  from,
  to,
  state,
  words,
});
const ORDER = ["off", "running", "asleep", "degraded", "gap"] as const;
const shape = (stretches: Stretch[], from = 0, to = 100) =>
  spansOf(stretches, from, to, "off", ORDER).map((span) => `${span.from}-${span.to} ${span.state}`);

describe("spansOf", () => {
  it("lays a gap over what runs, and goes on after it", () => {
    expect(shape([stretch(10, null, "running"), stretch(40, 50, "gap")])).toEqual([
      "0-10 off",
      "10-40 running",
      "40-50 gap",
      "50-100 running",
    ]);
  });

  it("begins with the state from before the part that is asked for", () => {
    expect(shape([stretch(10, null, "running"), stretch(70, null, "degraded")], 50)).toEqual([
      "50-70 running",
      "70-100 degraded",
    ]);
  });

  it("puts what arrived late in its place", () => {
    expect(shape([stretch(60, null, "off"), stretch(20, null, "running")])).toEqual([
      "0-20 off",
      "20-60 running",
      "60-100 off",
    ]);
  });

  it("keeps to its limit, and the worst state of a place is the one that shows", () => {
    const many = Array.from({ length: 5_000 }, (_, i) => stretch(i * 20, i * 20 + 1, i % 100 === 0 ? "gap" : "asleep"));
    const spans = spansOf([stretch(0, null, "running"), ...many], 0, 100_000, "off", ORDER);
    expect(spans.length).toBeLessThanOrEqual(RIBBON_SPANS_MAX);
    expect(spans.filter(({ state }) => state === "gap")).toHaveLength(50);
    expect(spans[0]?.from).toBe(0);
    expect(spans.at(-1)?.to).toBe(100_000);
    expect(spans.slice(1).map(({ from }) => from)).toEqual(spans.slice(0, -1).map(({ to }) => to));
  });
});

describe("ribbonOf", () => {
  it("shows the restart, the weakened time after it, and the findings", () => {
    const { ribbon } = replayed("reboot-part-1", "reboot-part-2");
    expect(Ribbon.safeParse(ribbon).success).toBe(true);
    expect(ribbon.posture.map(({ state }) => state)).toEqual(["unknown", "strong", "unknown", "weakened", "unknown"]);
    expect(ribbon.boots.length).toBeGreaterThan(0);
    expect(ribbon.findings.some(({ severity }) => severity === "critical")).toBe(true);
    expect(ribbon.sources.map(({ source }) => source)).toEqual(["es", "log", "probe"]);
    expect(ribbon.sources[0]?.spans.some(({ state }) => state === "off")).toBe(true);
  });

  it("shows gaps as gaps and sleep as sleep", () => {
    const { ribbon } = replayed("gaps");
    const states = new Set(ribbon.sources.flatMap(({ spans }) => spans.map(({ state }) => state)));
    expect(states).toContain("gap");
    expect(states).toContain("asleep");
  });

  it("is the same after a restart of the monitor", () => {
    const { ribbon, afterRestart } = replayed("reboot-part-1", "gaps");
    expect(afterRestart).toEqual(ribbon);
  });

  it("is empty for an empty database", () => {
    expect(replayed().ribbon).toMatchObject({ from: 0, to: 1, findings: [], sources: [], boots: [] });
  });
});
