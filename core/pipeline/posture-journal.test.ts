import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { JournalPage, type JournalEntry } from "#contract/posture.ts";
import type { PortMessage } from "#contract/monitor-port.ts";
import { ManualClock } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import { parseTime } from "#core/base/time.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import type { ReadDb } from "#core/store/handle.ts";
import { journalPage, verifyJournal } from "#core/store/journal.ts";
import { IN_MEMORY, openStore } from "#core/store/open.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { acceptedBaseline } from "./accepted-baseline.ts";
import { Monitor } from "./monitor.ts";
import { createMonitorService, type MonitorService } from "./monitor-service.ts";
import { loadRuleFolders, OUR_RULES } from "./rules-folder.ts";
import { sqliteStore } from "./sqlite-store.ts";

const SCENARIOS = join(import.meta.dirname, "../../e2e/scenarios");
const capture = (name: string) => join(SCENARIOS, `${name}.sealcap.jsonl`);
const library = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);
const NOW = parseTime("2026-11-22T12:00:00Z") ?? 0;

const folders: string[] = [];
const services: MonitorService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sealbar-journal-"));
  folders.push(folder);
  return folder;
}

function recordsOf(...names: string[]): SessionRecord[] {
  return names.flatMap((name) => {
    const splitter = new LineSplitter();
    const reader = new SessionReader({ name });
    const bytes = readFileSync(capture(name));
    return [...splitter.push(bytes), ...splitter.end()].flatMap((line) => reader.read(line)).concat(reader.end());
  });
}

function open(path = IN_MEMORY) {
  const store = openStore(path, { clock: { now: () => 0 }, logger: silentLogger });
  const ports = sqliteStore(store.db);
  const start = () => new Monitor({ store: ports, library, settings: DEFAULT_MONITOR_SETTINGS, logger: silentLogger });
  return { store, start, monitor: start() };
}

const linesOf = (db: ReadDb): JournalEntry[] =>
  journalPage(db, { about: null, before: null, limit: 200 }).entries.toReversed();

/** A database of this Mac, filled by the captures. */
function filled(path: string, ...names: string[]): void {
  const { store, monitor } = open(path);
  for (const record of recordsOf(...names)) monitor.accept(record);
  monitor.flush();
  store.close();
}

describe("the posture journal of a recording", () => {
  const records = recordsOf("reboot-part-1", "reboot-part-2");
  const { store, monitor } = open();
  for (const record of records) monitor.accept(record);
  monitor.flush();
  const lines = linesOf(store.db);

  it("tells the attempt, the restart with its silence, what changed and the epoch", () => {
    const kinds = lines.map(({ kind, about }) => `${kind} ${about ?? ""}`.trim());
    const order = ["intent sip", "change sip", "epoch-opened"].map((kind) => kinds.indexOf(kind));
    expect(order.every((at, index) => at > (order[index - 1] ?? -1))).toBe(true);
    expect(kinds.filter((kind) => kind === "boot")).toHaveLength(2);
    const intents = lines.filter(({ kind }) => kind === "intent");
    expect(intents.map(({ after }) => after)).toEqual(["sip-weaken"]);
    expect(intents[0]?.evidence).toMatch(/^csrutil disable/);
    expect(lines.findLast(({ kind }) => kind === "boot")?.words).toMatch(
      /Nothing had been heard from it for \d+ min before/,
    );
    expect(lines.find(({ kind }) => kind === "epoch-opened")?.words).toContain("csrutil disable");
    expect(lines.find(({ kind, about }) => kind === "change" && about === "sip")).toMatchObject({
      before: "on",
      after: "partial",
    });
  });

  it("fits its schema, and its chain holds", () => {
    expect(() => JournalPage.parse(journalPage(store.db, { about: null, before: null, limit: 200 }))).not.toThrow();
    expect(verifyJournal(store.db)).toBe("intact");
  });

  it("is the same when it is read twice, record by record, or by a monitor that is new for each record", () => {
    for (const record of records) monitor.accept(record);
    monitor.flush();
    expect(linesOf(store.db)).toEqual(lines);
    const apart = open();
    for (const record of records) {
      const monitor = apart.start();
      monitor.accept(record);
      monitor.flush();
    }
    expect(linesOf(apart.store.db)).toEqual(lines);
  }, 60_000);

  it("knows the attempt from sudo's line alone, where Endpoint Security is not there", () => {
    const { store, monitor } = open();
    for (const record of recordsOf("s7-fires")) if (record.id.src !== "es") monitor.accept(record);
    monitor.flush();
    const intents = linesOf(store.db).filter(({ kind }) => kind === "intent");
    expect(intents.map(({ about, after }) => [about, after])).toEqual([["boot-args", "boot-args-write"]]);
    expect(intents[0]?.words).toContain(" by ana.");
  });

  it("says what could not be read, without a finding for it", () => {
    const { monitor } = open();
    expect(monitor.coverage().unreadSettings).toBeUndefined();
    for (const record of recordsOf("s4-quiet")) monitor.accept(record);
    const unread = monitor.coverage().unreadSettings ?? [];
    expect(unread.map(({ setting }) => setting)).toEqual(
      expect.arrayContaining(["library-validation", "developer-mode"]),
    );
    expect(unread.every(({ why }) => why.length > 10)).toBe(true);
  });
});

describe("accepting the baseline", () => {
  it("is a record that a replay knows, with its line in the timeline's database", () => {
    const { store, monitor } = open();
    const records = [...recordsOf("s4-fires"), acceptedBaseline("ana", "My test Mac", NOW)];
    for (const record of records) monitor.accept(record);
    monitor.flush();
    expect(monitor.posture()).toMatchObject({
      weakenedSince: null,
      baseline: { state: "accepted", by: "ana", reason: "My test Mac" },
    });
    expect(
      linesOf(store.db)
        .slice(-2)
        .map(({ kind }) => kind),
    ).toEqual(["baseline", "epoch-closed"]);
    const again = open();
    for (const record of records) again.monitor.accept(record);
    again.monitor.flush();
    expect(linesOf(again.store.db)).toEqual(linesOf(store.db));
  });

  function serve(dataDir: string) {
    const messages: PortMessage[] = [];
    const service = createMonitorService({
      start: { dataDir, rulesDir: OUR_RULES, restartedAfter: null },
      post: (message) => void messages.push(structuredClone(message)),
      clock: new ManualClock(NOW),
      logger: silentLogger,
      account: "ana",
    });
    services.push(service);
    let next = 0;
    const ask = async (verb: string, payload: unknown): Promise<PortMessage | undefined> => {
      const id = (next += 1);
      await service.handle({ t: "request", id, verb, payload });
      return messages.find((message) => "id" in message && message.id === id);
    };
    return { ask };
  }

  it("by the monitor's port: the account's name, and the journal of what is shown", async () => {
    const folder = newFolder();
    filled(join(folder, "sealbar.db"), "s4-fires");
    const { ask } = serve(folder);
    expect(await ask("acceptBaseline", { reason: "  My test Mac " })).toMatchObject({ t: "answer", value: null });
    const answer = await ask("postureJournal", { about: null, before: null, limit: 2 });
    const page = JournalPage.parse(answer?.t === "answer" ? answer.value : null);
    expect(page.entries.map(({ kind }) => kind)).toEqual(["epoch-closed", "baseline"]);
    expect(page.entries[1]?.words).toMatch(/^ana accepted/);
    expect(page.entries[1]?.evidence).toBe("My test Mac");
    expect(page.chain).toMatchObject({ state: "intact", anchor: "none" });
    expect(await ask("acceptBaseline", { reason: "again, by a clock that stands still" })).toMatchObject({
      t: "refusal",
      message: expect.stringMatching(/again/) as string,
    });
    const snapshot = await ask("snapshot", null);
    expect(snapshot).toMatchObject({
      value: { posture: { weakenedSince: null, baseline: { state: "accepted", by: "ana" } } },
    });
  });

  it("refuses with one sentence: nothing read yet, a recording shown, another writer, no reason", async () => {
    const empty = serve(newFolder());
    expect(await empty.ask("acceptBaseline", { reason: "x" })).toMatchObject({
      t: "refusal",
      message: expect.stringMatching(/^Nothing .* accept\.$/) as string,
    });
    expect(await empty.ask("acceptBaseline", { reason: "   " })).toMatchObject({ t: "refusal" });

    const folder = newFolder();
    filled(join(folder, "sealbar.db"), "s4-fires");
    const { ask } = serve(folder);
    await ask("openRecording", { path: capture("g1-fires"), speed: 1 });
    expect(await ask("acceptBaseline", { reason: "x" })).toMatchObject({
      t: "refusal",
      message: expect.stringMatching(/recording/) as string,
    });
    await ask("closeRecording", null);

    const beside = serve(folder);
    expect(await beside.ask("acceptBaseline", { reason: "x" })).toMatchObject({ t: "refusal" });
    expect(await beside.ask("postureJournal", { about: "sip", before: null, limit: 5 })).toMatchObject({ t: "answer" });
  }, 30_000);
});
