import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { MonitorAnswerOf, PortMessage } from "#contract/monitor-port.ts";
import type { AnchoredHead } from "#core/base/live-helper.ts";
import { type Logger, silentLogger } from "#core/base/logger.ts";
import type { JournalToAnchor } from "#core/store/journal-to-anchor.ts";
import { openStore } from "#core/store/open.ts";
import { JournalAnchoring } from "./journal-anchoring.ts";
import { FakeHelper, SESSION, SettableClock, START } from "./live.fixture.ts";
import { createMonitorService, type MonitorService } from "./monitor-service.ts";
import { OUR_RULES } from "./rules-folder.ts";
import { ManualTimers } from "./timers.ts";

/** Constructed: hashes are the line's number, and a letter for whose journal it is. */
const hashOf = (seq: number, whose = "a") => `${whose}${String(seq).padStart(63, "0")}`;

class FakeJournal implements JournalToAnchor {
  lines: string[] = [];
  canSettle = true;
  write(...seqs: number[]): void {
    for (const seq of seqs) this.lines.push(hashOf(seq));
  }
  name(): string | null {
    return this.lines[0] ?? null;
  }
  head(): { seq: number; hash: string } | null {
    const hash = this.lines.at(-1);
    return hash === undefined ? null : { seq: this.lines.length, hash };
  }
  hashAt(seq: number): string | null {
    return this.lines[seq - 1] ?? null;
  }
  settle(): boolean {
    return this.canSettle;
  }
}

function open(journal = new FakeJournal()) {
  const helper = new FakeHelper(new SettableClock());
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  let changes = 0;
  const anchoring = new JournalAnchoring({ helper, journal, logger, onChange: () => (changes += 1) });
  const connect = (session = SESSION, tier: "full" | "standard" = "full") =>
    anchoring.helperIs({ phase: "connected", tier, session, degraded: null });
  const lose = () => anchoring.helperIs({ phase: "waiting", reason: "It ended.", retryAt: 0 });
  const tick = (times: number) => {
    for (let i = 0; i < times; i += 1) anchoring.tick();
  };
  return { helper, journal, anchoring, warnings, connect, lose, tick, changes: () => changes };
}

const line = (seq: number, hash = hashOf(seq)): AnchoredHead => ({ journal: hashOf(1), seq, hash });

describe("the posture journal's head", () => {
  it("is kept by the daemon, compared first, and sent again when it has changed", () => {
    const { helper, journal, anchoring, connect, tick } = open();
    journal.write(1, 2);
    tick(20);
    expect([anchoring.state, helper.asked]).toEqual(["not-asked", []]);
    connect();
    tick(1);
    expect([anchoring.state, helper.asked]).toEqual(["not-asked", ["anchors"]]);
    tick(1);
    expect([anchoring.state, helper.asked]).toEqual(["matches", ["anchors", "anchor 2"]]);
    tick(40);
    expect(helper.asked).toHaveLength(2);
    journal.write(3);
    tick(10);
    expect(helper.kept).toEqual([line(3)]);
  });

  it("is sent at most every ten seconds, and at the end", () => {
    const { helper, journal, anchoring, connect, tick } = open();
    connect();
    for (let second = 1; second <= 60; second += 1) {
      journal.write(second);
      tick(1);
    }
    expect(helper.asked.length).toBeLessThanOrEqual(1 + 6);
    anchoring.end();
    expect(helper.kept).toEqual([line(60)]);
  });

  it("is not asked about in the standard tier, which claims nothing", () => {
    const { helper, journal, anchoring, connect, tick } = open();
    journal.write(1);
    connect(SESSION, "standard");
    tick(30);
    anchoring.end();
    expect([anchoring.state, anchoring.doubt, helper.asked]).toEqual(["none", null, []]);
  });

  it("matches when the journal went on from what is kept", () => {
    const { helper, journal, anchoring, connect, tick } = open();
    journal.write(1, 2, 3, 4);
    helper.kept.push(line(2));
    connect();
    tick(1);
    expect(anchoring.state).toBe("matches");
    tick(10);
    expect(helper.kept).toEqual([line(4)]);
  });

  it.each<[string, (journal: FakeJournal) => void]>([
    ["a line was changed and all hashes made anew", (journal) => journal.lines.splice(1, 3, "b2", "b3", "b4", "b5")],
    ["its tail was cut off", (journal) => journal.lines.splice(2)],
  ])("differs when %s: it is told once, and the evidence is left alone", (_what, tamper) => {
    const { helper, journal, anchoring, warnings, connect, lose, tick, changes } = open();
    journal.write(1, 2, 3, 4);
    helper.kept.push(line(3));
    tamper(journal);
    connect();
    tick(30);
    anchoring.end();
    expect([anchoring.state, helper.kept, helper.asked]).toEqual(["differs", [line(3)], ["anchors"]]);
    expect([warnings, changes()]).toEqual([[anchoring.doubt], 2]);
    expect(anchoring.doubt).toContain("does not hold the line");
    // That the daemon is gone does not make it better.
    lose();
    expect(anchoring.state).toBe("differs");
    connect(SESSION, "standard");
    expect(anchoring.state).toBe("differs");
    connect("another");
    tick(30);
    expect([anchoring.state, helper.kept, warnings.length]).toEqual(["differs", [line(3)], 1]);
  });

  it("differs when the daemon has another line of that number by now", () => {
    const { helper, journal, anchoring, connect, tick } = open();
    journal.write(1);
    connect();
    tick(2);
    helper.kept.splice(0, 1, line(2, hashOf(2, "c")));
    journal.write(2);
    tick(20);
    expect([anchoring.state, helper.kept]).toEqual(["differs", [line(2, hashOf(2, "c"))]]);
  });

  it("tells of a journal that began anew, once, and keeps the new one's head beside the old one", () => {
    const old: AnchoredHead = { journal: hashOf(1, "d"), seq: 90, hash: hashOf(90, "d") };
    const { helper, journal, anchoring, warnings, connect, tick } = open();
    helper.kept.push(old);
    journal.write(1);
    connect();
    tick(2);
    expect([anchoring.state, anchoring.doubt]).toEqual(["matches", warnings[0]]);
    expect(anchoring.doubt).toContain("began anew");
    expect(helper.kept).toEqual([old, line(1)]);
    const next = open(journal);
    next.helper.kept.push(old, line(1));
    next.connect();
    next.tick(2);
    expect([next.anchoring.state, next.anchoring.doubt]).toEqual(["matches", null]);
  });

  it("is not sent before it would outlive a power cut", () => {
    const { helper, journal, anchoring, connect, tick } = open();
    journal.write(1);
    journal.canSettle = false;
    connect();
    tick(30);
    anchoring.end();
    expect(helper.kept).toEqual([]);
    journal.canSettle = true;
    tick(10);
    expect(helper.kept).toEqual([line(1)]);
  });

  it("is not asked about all the time where the daemon does not answer", () => {
    const { helper, journal, anchoring, connect, tick } = open();
    journal.write(1);
    helper.keepsHeads = false;
    connect();
    tick(600);
    expect([anchoring.state, helper.asked]).toEqual(["not-asked", ["anchors"]]);
    helper.keepsHeads = true;
    tick(3);
    expect(anchoring.state).toBe("matches");
  });

  it("waits for one answer at a time, and takes none of an earlier connection", () => {
    const answers: ((heads: readonly AnchoredHead[] | null) => void)[] = [];
    const journal = new FakeJournal();
    journal.write(1);
    const helper = {
      anchors: (onAnswer: (heads: readonly AnchoredHead[] | null) => void) => answers.push(onAnswer) > 0,
      anchor: () => false,
    };
    const anchoring = new JournalAnchoring({ helper, journal, logger: silentLogger, onChange: () => undefined });
    const connect = (session: string) =>
      anchoring.helperIs({ phase: "connected", tier: "full", session, degraded: null });
    connect("one");
    for (let i = 0; i < 5; i += 1) anchoring.tick();
    expect(answers).toHaveLength(1);
    connect("two");
    anchoring.tick();
    expect(answers).toHaveLength(2);
    answers[0]?.([line(1, hashOf(1, "e"))]);
    expect(anchoring.state).toBe("not-asked");
    answers[1]?.([line(1)]);
    expect(anchoring.state).toBe("matches");
  });
});

describe("the monitor and the daemon's anchor", () => {
  const folders: string[] = [];
  const services: MonitorService[] = [];
  afterEach(async () => {
    for (const service of services.splice(0)) await service.stop();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function start(dataDir: string, kept: readonly AnchoredHead[] = []) {
    const clock = new SettableClock();
    const timers = new ManualTimers();
    const helper = new FakeHelper(clock);
    helper.kept.push(...kept);
    const messages: PortMessage[] = [];
    const service = createMonitorService({
      start: { dataDir, rulesDir: OUR_RULES, restartedAfter: null },
      post: (message) => messages.push(message),
      clock,
      timers,
      logger: silentLogger,
      helper,
    });
    services.push(service);
    const ask = async <V extends "postureJournal" | "snapshot">(verb: V, payload: unknown) => {
      const id = messages.length + 1;
      await service.handle({ t: "request", id, verb, payload });
      const reply = messages.findLast((message) => message.t === "answer" && message.id === id);
      return (reply?.t === "answer" ? reply.value : null) as MonitorAnswerOf<V>;
    };
    return {
      service,
      helper,
      chain: async () => (await ask("postureJournal", { about: null, before: null, limit: 10 })).chain,
      doubt: async () => (await ask("snapshot", null)).coverage.journalDoubt ?? null,
      pass(seconds: number) {
        for (let i = 0; i < seconds; i += 1) {
          clock.time += 1_000_000;
          timers.advance(1000);
        }
      },
    };
  }

  /** A Mac whose Gatekeeper was read: what the journal then says is not looked at here. */
  async function record(dataDir: string): Promise<AnchoredHead[]> {
    const mac = start(dataDir);
    expect((await mac.chain()).anchor).toBe("not-asked");
    mac.helper.connect();
    mac.helper.hello();
    mac.helper.probe();
    mac.pass(5);
    const chain = await mac.chain();
    expect(chain).toMatchObject({ anchor: "matches", state: "intact" });
    expect(mac.helper.kept).toEqual([{ journal: expect.any(String), seq: chain.entries, hash: chain.head }]);
    mac.helper.probe("spctl-status", "assessments disabled\n");
    await mac.service.stop();
    expect(mac.helper.kept[0]?.seq).toBeGreaterThan(chain.entries);
    return mac.helper.kept;
  }

  function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "sealbar-anchor-"));
    folders.push(folder);
    return folder;
  }

  it("shows that they match, also after a restart", async () => {
    const folder = newFolder();
    const kept = await record(folder);
    const again = start(folder, kept);
    again.helper.connect();
    again.pass(2);
    expect(await again.chain()).toMatchObject({ anchor: "matches", entries: kept[0]?.seq });
    expect(await again.doubt()).toBeNull();
  });

  it("shows that a tail was cut off, which the chain alone does not", async () => {
    const folder = newFolder();
    const kept = await record(folder);
    const store = openStore(join(folder, "sealbar.db"), { clock: { now: () => START }, logger: silentLogger });
    // As somebody would who may write the file.
    for (const name of store.db.sqlite
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'posture_journal'")
      .pluck()
      .all() as string[])
      store.db.sqlite.exec(`DROP TRIGGER "${name}"`);
    store.db.sqlite.exec("DELETE FROM posture_journal WHERE seq = (SELECT max(seq) FROM posture_journal)");
    store.close();
    const again = start(folder, kept);
    again.helper.connect();
    again.pass(2);
    expect(await again.chain()).toMatchObject({ anchor: "differs", state: "intact" });
    expect(await again.doubt()).toContain("does not hold the line");
    await again.service.stop();
    expect(again.helper.kept).toEqual(kept);
  });

  it("claims nothing in the standard tier", async () => {
    const mac = start(newFolder());
    mac.helper.connect("standard");
    mac.helper.hello();
    mac.helper.probe();
    mac.pass(12);
    expect(await mac.chain()).toMatchObject({ anchor: "none", state: "intact" });
    expect(mac.helper.asked.filter((asked) => asked.startsWith("anchor"))).toEqual([]);
  });
});
