import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Inspection } from "#contract/inspection.ts";
import { identityOf, type FileIdentity } from "./file-source.ts";
import { InspectionCache } from "./inspection-cache.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealbar-cache-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text = "x"): FileIdentity {
  const path = join(folder, name);
  writeFileSync(path, text);
  return identityOf(path, statSync(path, { bigint: true }));
}

function inspection(path: string, depth: Inspection["depth"] = "full"): Inspection {
  return {
    path,
    kind: "not-code",
    depth,
    verdict: { class: "not-code", problems: [], notes: [] },
    notarized: "not-checked",
    slices: [],
    bundle: null,
    checked: [],
    notChecked: [],
  };
}

it("knows a result as long as every file it stands on is as it was", async () => {
  const cache = new InspectionCache(8);
  const program = file("program");
  const info = file("Info.plist");
  const result = inspection(program.path);
  cache.put(result, [program, info]);
  expect(await cache.get(program.path, "full")).toBe(result);
  expect(await cache.get(program.path, "header")).toBeNull();
  writeFileSync(info.path, "y");
  utimesSync(info.path, 1, 1);
  expect(await cache.get(program.path, "full")).toBeNull();
  // What was out of date is gone, not only passed over.
  expect(cache.size).toBe(0);
});

it("does not know a file that is gone, nor one that was put in its place", async () => {
  const cache = new InspectionCache(8);
  const one = file("one");
  const two = file("two");
  cache.put(inspection(one.path), [one]);
  cache.put(inspection(two.path), [two]);
  rmSync(one.path);
  rmSync(two.path);
  file("other");
  file("two");
  expect(await cache.get(one.path, "full")).toBeNull();
  expect(await cache.get(two.path, "full")).toBeNull();
});

it("keeps to its limit, lets go of what was not asked for longest, and counts it", async () => {
  const cache = new InspectionCache(2);
  const [a, b, c] = [file("a"), file("b"), file("c")];
  cache.put(inspection(a.path), [a]);
  cache.put(inspection(b.path), [b]);
  await cache.get(a.path, "full");
  cache.put(inspection(c.path), [c]);
  expect(cache.size).toBe(2);
  expect(cache.evicted).toBe(1);
  expect(await cache.get(a.path, "full")).not.toBeNull();
  expect(await cache.get(b.path, "full")).toBeNull();
  expect(await cache.get(c.path, "full")).not.toBeNull();
});
