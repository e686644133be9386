import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { machO } from "#tools/signing/mach-o.ts";
import { signAdHoc } from "#tools/signing/sign.ts";
import { InspectorPool } from "./pool.ts";

// Starting threads and hashing megabytes may take long on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const NOW = Date.parse("2026-11-21T10:00:00Z") * 1000;
const folder = mkdtempSync(join(tmpdir(), "sealbar-pool-"));
const pools: InspectorPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function pool(options: { size?: number; worker?: string } = {}): InspectorPool {
  const worker = options.worker ?? "./inspect-worker.ts";
  const made = new InspectorPool({
    workerUrl: new URL(worker, import.meta.url),
    now: () => NOW,
    size: options.size ?? 2,
  });
  pools.push(made);
  return made;
}

function program(name: string, textSize = 8192): string {
  const path = join(folder, name);
  writeFileSync(path, signAdHoc(machO({ textSize, seed: name })));
  return path;
}

describe("the pool", () => {
  it("answers every question, each with its own path, however many there are", async () => {
    const paths = Array.from({ length: 20 }, (_, index) => program(`p${index}`));
    const one = pool();
    const answers = await Promise.all(paths.map((path) => one.inspect(path, { depth: "full" })));
    expect(answers.map(({ path }) => path)).toEqual(paths);
    expect(new Set(answers.map(({ verdict }) => verdict.class))).toEqual(new Set(["ad-hoc"]));
    expect(new Set(answers.map(({ slices }) => slices[0]?.cdhash)).size).toBe(paths.length);
  });

  it("answers from memory while the file is as it was, and looks again when it is not", async () => {
    const one = pool();
    const path = program("again");
    const first = await one.inspect(path, { depth: "full" });
    expect(await one.inspect(path, { depth: "full" })).toBe(first);
    writeFileSync(path, signAdHoc(machO({ seed: "another program" })));
    const second = await one.inspect(path, { depth: "full" });
    expect(second.slices[0]?.cdhash).not.toBe(first.slices[0]?.cdhash);
  });

  it("says what cannot be read instead of failing", async () => {
    const answer = await pool().inspect(join(folder, "none"), { depth: "full" });
    expect(answer).toMatchObject({
      kind: "unreadable",
      verdict: { class: "unknown", problems: [{ id: "read-enoent" }] },
    });
  });

  it("tells how far it is, and stops at once when it is no longer wanted; the next question is answered", async () => {
    const one = pool({ size: 1 });
    const path = program("large", 40 * 1024 * 1024);
    const wanted = new AbortController();
    const heard: { done: number; total: number | null }[] = [];
    const answer = one.inspect(path, {
      depth: "full",
      signal: wanted.signal,
      onProgress: (progress) => {
        heard.push(progress);
        wanted.abort();
      },
    });
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    expect(heard[0]?.done).toBeGreaterThan(0);
    expect(heard[0]?.total).toBeGreaterThan(40 * 1024 * 1024);
    const after = await one.inspect(program("after"), { depth: "full" });
    expect(after.verdict.class).toBe("ad-hoc");
  });

  it("drops a question that is withdrawn before its turn", async () => {
    const one = pool({ size: 1 });
    const first = one.inspect(program("first", 24 * 1024 * 1024), { depth: "full" });
    const wanted = new AbortController();
    const second = one.inspect(program("second"), { depth: "full", signal: wanted.signal });
    wanted.abort();
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    expect((await first).verdict.class).toBe("ad-hoc");
    await expect(one.inspect(program("third"), { depth: "full", signal: wanted.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it("gives one answer of class unknown for a thread that fails, and goes on with the next", async () => {
    const one = pool({ size: 1, worker: "./no-such-worker.ts" });
    for (const name of ["a", "b"]) {
      const answer = await one.inspect(program(name), { depth: "full" });
      expect(answer).toMatchObject({ verdict: { class: "unknown", problems: [{ id: "inspection-failed" }] } });
    }
  });

  it("rejects what is open when it is closed", async () => {
    const one = pool({ size: 1 });
    const open = one.inspect(program("open", 24 * 1024 * 1024), { depth: "full" });
    const answer = open.catch((error: unknown) => error);
    await one.close();
    expect(await answer).toMatchObject({ name: "AbortError" });
    await expect(one.inspect(program("late"), { depth: "full" })).rejects.toMatchObject({ name: "AbortError" });
  });
});
