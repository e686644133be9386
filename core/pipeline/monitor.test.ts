import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Logger } from "#core/base/logger.ts";
import { silentLogger } from "#core/base/logger.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { StoreFull } from "#core/store/errors.ts";
import { eachFinding } from "#core/store/findings.ts";
import { IN_MEMORY, openStore } from "#core/store/open.ts";
import type { Batch } from "#core/store/records.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { BATCH_RECORDS, Monitor } from "./monitor.ts";
import type { MonitorStore } from "./monitor-store.ts";
import { loadRuleFolders, OUR_RULES } from "./rules-folder.ts";
import { sqliteStore } from "./sqlite-store.ts";

const library = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);

function recordsOf(name: string): SessionRecord[] {
  const splitter = new LineSplitter();
  const reader = new SessionReader({ name });
  const bytes = readFileSync(join(import.meta.dirname, "../../e2e/scenarios", `${name}.sealcap.jsonl`));
  return [...splitter.push(bytes), ...splitter.end()].flatMap((line) => reader.read(line)).concat(reader.end());
}

function open(change: (store: MonitorStore) => MonitorStore = (store) => store, logger: Logger = silentLogger) {
  const store = openStore(IN_MEMORY, { clock: { now: () => 0 }, logger: silentLogger });
  const ports = change(sqliteStore(store.db));
  return { store, ports, monitor: new Monitor({ store: ports, library, settings: DEFAULT_MONITOR_SETTINGS, logger }) };
}

const findingsOf = ({ store }: ReturnType<typeof open>) => [...eachFinding(store.db)];

describe("Monitor", () => {
  it("gives the same findings however the records are batched", () => {
    const records = [...recordsOf("reboot-part-1"), ...recordsOf("reboot-part-2")];
    const atOnce = open();
    for (const record of records) atOnce.monitor.accept(record);
    atOnce.monitor.flush();
    const oneByOne = open();
    for (const record of records) {
      oneByOne.monitor.accept(record);
      oneByOne.monitor.flush();
    }
    expect(findingsOf(atOnce)).not.toEqual([]);
    expect(findingsOf(oneByOne)).toEqual(findingsOf(atOnce));
  });

  it("gives the same findings when it is restarted after every record", () => {
    const records = recordsOf("g1-fires");
    const whole = open();
    for (const record of records) whole.monitor.accept(record);
    whole.monitor.flush();
    const { store, ports } = open();
    for (const record of records) {
      const monitor = new Monitor({ store: ports, library, settings: DEFAULT_MONITOR_SETTINGS, logger: silentLogger });
      monitor.accept(record);
      monitor.flush();
    }
    expect([...eachFinding(store.db)]).toEqual(findingsOf(whole));
  });

  it("tells the same however the records are batched, and nothing twice after any restart", () => {
    const records = [...recordsOf("reboot-part-1"), ...recordsOf("reboot-part-2"), ...recordsOf("g1-fires")];
    const replay = (restartEvery: number, flushEvery: number) => {
      const told = new Map<string, unknown>();
      const sounds: string[] = [];
      const { ports } = open();
      const start = () =>
        new Monitor({
          store: ports,
          library,
          settings: DEFAULT_MONITOR_SETTINGS,
          logger: silentLogger,
          onCommit: ({ notifications, digest }) => {
            for (const { silent, ...rest } of notifications) {
              told.set(rest.tag, rest);
              if (!silent) sounds.push(rest.tag);
            }
            for (const line of digest) told.set(line.key, line);
          },
        });
      let monitor = start();
      for (const [index, record] of records.entries()) {
        monitor.accept(record);
        if (index % flushEvery === 0) monitor.flush();
        if (index % restartEvery !== 0) continue;
        monitor.flush();
        monitor = start();
      }
      monitor.finish();
      monitor.flush();
      // A line that comes and goes within one batch, or in two, is first told at another place.
      return { told: new Map([...told].sort(([a], [b]) => (a < b ? -1 : 1))), sounds };
    };
    const whole = replay(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    expect(whole.sounds.length).toBeGreaterThan(0);
    for (const every of [1, 2, 7]) {
      expect(replay(Number.MAX_SAFE_INTEGER, every)).toEqual(whole);
      expect(replay(every, every)).toEqual(whole);
    }
  });

  it("takes a record that comes twice within one batch once", () => {
    const { monitor, ports } = open();
    const records = recordsOf("g1-fires");
    for (const record of records) expect([monitor.accept(record), monitor.accept(record)]).toEqual([true, false]);
    monitor.flush();
    expect(monitor.duplicates).toBe(records.length);
    const once = open();
    for (const record of records) once.monitor.accept(record);
    once.monitor.flush();
    expect(ports.totals()).toEqual(once.ports.totals());
  });

  it("commits by itself when a batch is full", () => {
    const batches: Batch[] = [];
    const { monitor } = open((store) => ({
      ...store,
      isKnown: () => false,
      commit: (batch) => {
        batches.push(batch);
        return { rowIds: [], changedRowIds: [], findings: [] };
      },
    }));
    const [record] = recordsOf("gaps").slice(-2);
    for (let n = 0; n < BATCH_RECORDS; n += 1) {
      if (record !== undefined) monitor.accept({ ...record, id: { ...record.id, n } });
    }
    expect(batches.map((batch) => batch.records.length)).toEqual([BATCH_RECORDS]);
  });

  it("keeps the batch when the disk is full, says so once, and stores it when there is room", () => {
    let room = false;
    const warnings: string[] = [];
    const opened = open(
      (store) => ({
        ...store,
        commit: (batch) => {
          if (!room) throw new StoreFull("SQLITE_FULL", null);
          return store.commit(batch);
        },
      }),
      { ...silentLogger, warn: (message) => warnings.push(message) },
    );
    const { monitor, ports } = opened;
    for (const record of recordsOf("g7-fires")) if (!monitor.paused) monitor.accept(record);
    expect([monitor.flush(), monitor.flush(), monitor.paused]).toEqual([false, false, true]);
    expect(monitor.trouble?.kind).toBe("disk-full");
    expect(warnings).toHaveLength(1);
    room = true;
    expect([monitor.flush(), monitor.paused, monitor.trouble]).toEqual([true, false, null]);
    expect(ports.totals().events).toBeGreaterThan(5);
    expect(findingsOf(opened).flatMap((finding) => finding.behaviours)).toContain("G7");
  });

  it("counts what it passes over because it knows it, and stores it once", () => {
    const { monitor, ports } = open();
    const records = recordsOf("g8-fires");
    for (const record of records) monitor.accept(record);
    monitor.flush();
    const { events } = ports.totals();
    for (const record of records) monitor.accept(record);
    monitor.flush();
    expect(monitor.duplicates).toBe(records.length);
    expect(ports.totals().events).toBe(events);
  });

  it("counts each source's losses exactly", () => {
    const { monitor } = open();
    for (const record of recordsOf("gaps")) monitor.accept(record);
    monitor.flush();
    const of = (name: string) => monitor.coverage().sources.find((source) => source.source === name)?.gaps;
    expect(of("es")).toEqual({ lost: 4, shed: 5, shedByUs: 0, unreadable: 0, unknown: 0 });
    expect(of("log")).toMatchObject({ shed: 9, unknown: 2 });
  });
});
