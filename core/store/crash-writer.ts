/**
 * A writer to be killed, for the tests: commits the same batches every time.
 * `node crash-writer.ts DB hold` commits one, says so and waits; `… DB TABLE COUNT` kills itself in the middle of the
 * commit that makes the COUNTth change to TABLE.
 */
import { commitBatch } from "./commit.ts";
import { openStore } from "./open.ts";
import type { Batch } from "./records.ts";
import { batch, finding, options, range, record, SESSION, START } from "./test-support.ts";

export const BATCH_ROWS = 20;
const BATCHES = 12;

export const crashBatches: Batch[] = range(0, BATCHES).map((index) => {
  const ns = range(index * BATCH_ROWS, (index + 1) * BATCH_ROWS);
  return batch({
    records: ns.map((n) => record(n)),
    findings: [finding("one", ns.slice(0, 3), { count: index + 1 }), finding(`own ${index}`, ns.slice(-1))],
    state: [
      { room: "correlate", change: { key: "cursor", value: String(index) } },
      { room: "correlate", change: { key: `window ${index}`, value: "open" } },
      { room: "correlate", change: { key: `window ${index - 1}`, value: null } },
    ],
    counters: [{ session: SESSION, src: "es", name: "events", by: BATCH_ROWS }],
    journal: ns.slice(0, 3).map((n) => ({
      at: START + n,
      kind: "change",
      about: "sip",
      before: "on",
      after: "off",
      words: `Line ${n}.`,
      evidence: "",
      bootUuid: null,
    })),
  });
});

/** The tables a commit writes to, in the order in which it does. */
export const CRASH_TABLES = [
  "subject",
  "event",
  "chunk",
  "finding",
  "finding_event",
  "state",
  "posture_journal",
  "counter",
  "meta",
] as const;

function main(path: string, table: string, count: number): void {
  const { db } = openStore(path, options);
  if (table === "hold") {
    for (const one of crashBatches.slice(0, 1)) commitBatch(db, one);
    process.stdout.write("committed\n");
    setInterval(() => undefined, 1000);
    return;
  }
  let changes = 0;
  db.sqlite.function("changed", () => {
    changes += 1;
    if (changes === count) process.kill(process.pid, "SIGKILL");
    return null;
  });
  for (const change of ["INSERT", "UPDATE", "DELETE"]) {
    db.sqlite.exec(`CREATE TEMP TRIGGER on_${change} AFTER ${change} ON main.${table} BEGIN SELECT changed(); END`);
  }
  for (const one of crashBatches) commitBatch(db, one);
}

const [, script, path, table, count] = process.argv;
if (script?.endsWith("crash-writer.ts") === true && path !== undefined && table !== undefined) {
  main(path, table, Number(count));
}
