import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { silentLogger } from "#core/base/logger.ts";
import { commitBatch } from "./commit.ts";
import { allRows } from "./handle.ts";
import { openStore, type Store } from "./open.ts";
import type { Batch, EventRecord } from "./records.ts";

const folder = mkdtempSync(join(tmpdir(), "sealbar-era-"));
const open = (name: string): Store => openStore(join(folder, name), { clock: { now: () => 0 }, logger: silentLogger });

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function record(n: number): EventRecord {
  return {
    id: { session: "s", src: "es", n },
    time: n,
    origin: "es",
    kind: "exec",
    title: `Ran tool ${n % 7}`,
    detail: `/bin/tool-${n % 11} \ud800 --flag`,
    path: `/bin/tool-${n % 7}`,
    actor: null,
    signingId: null,
    teamId: null,
    cdhash: null,
    trust: "platform",
    facts: [],
    raw: "",
  };
}

const batch = (from: number, count: number): Batch => ({
  records: Array.from({ length: count }, (_, i) => record(from + i)),
  findings: [],
  state: [],
  counters: [],
  journal: [],
});

const tables = ({ db }: Store) =>
  ["string", "subject", "event", "meta"].map((name) => allRows(db, `SELECT * FROM ${name}`));

describe("eras", () => {
  it("give the same ids whether or not the writer was restarted in between", () => {
    const whole = open("whole.db");
    let restarted = open("restarted.db");
    for (let from = 0; from < 45_000; from += 500) {
      commitBatch(whole.db, batch(from, 500));
      commitBatch(restarted.db, batch(from, 500));
      if (from % 3500 === 0) {
        restarted.close();
        restarted = open("restarted.db");
      }
    }
    expect(tables(restarted)).toEqual(tables(whole));
    // Three eras of seven titles, seven paths and eleven details.
    expect(allRows<{ count: number }>(whole.db, "SELECT count(*) AS count FROM string")[0]?.count).toBe(3 * 25);
    whole.close();
    restarted.close();
  });
});
