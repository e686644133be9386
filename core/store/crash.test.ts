import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commitBatch } from "./commit.ts";
import { contentLines } from "./content.ts";
import { readCounters } from "./counters.ts";
import { BATCH_ROWS, CRASH_TABLES, crashBatches } from "./crash-writer.ts";
import { findingTotal } from "./findings.ts";
import { isKnown } from "./known.ts";
import { openStore } from "./open.ts";
import { loadState } from "./state.ts";
import { memoryStore, options, type Scratch, scratch } from "./test-support.ts";

const SCRIPT = fileURLToPath(new URL("./crash-writer.ts", import.meta.url));

let folder: Scratch;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => folder.remove());

const SEEDED_COUNTS = [3, 17, 11, 6, 29, 14, 7, 5, 20];
const points = CRASH_TABLES.map((table, index) => [table, SEEDED_COUNTS[index] ?? 1] as const);

describe("a writer killed with SIGKILL", () => {
  const untroubled = memoryStore();
  for (const one of crashBatches) commitBatch(untroubled.db, one);
  const expected = [...contentLines(untroubled.db)];

  it.each(points)(
    "in the middle of writing %s, change %i, leaves whole batches and is resumed to the same content",
    { timeout: 30_000 },
    (table, count) => {
      const path = folder.path("sealbar.db");
      const child = spawnSync(process.execPath, [SCRIPT, path, table, String(count)], { encoding: "utf8" });
      expect([child.signal, child.stderr]).toEqual(["SIGKILL", ""]);

      const { db, setAside, close } = openStore(path, options);
      expect(setAside).toBeNull();
      const counted = readCounters(db).totals["events"] ?? 0;
      const whole = counted / BATCH_ROWS;
      const partly = memoryStore();
      for (const one of crashBatches.slice(0, whole)) commitBatch(partly.db, one);
      expect([...contentLines(db)]).toEqual([...contentLines(partly.db)]);
      expect(findingTotal(db)).toBe(whole === 0 ? 0 : whole + 1);
      expect(loadState(db, "correlate").find((entry) => entry.key === "cursor")?.value).toBe(
        whole === 0 ? undefined : String(whole - 1),
      );

      // As the pipeline does: what is known is not offered again.
      for (const one of crashBatches) if (one.records.some((each) => !isKnown(db, each.id))) commitBatch(db, one);
      expect([...contentLines(db)]).toEqual(expected);
      close();
    },
  );
});
