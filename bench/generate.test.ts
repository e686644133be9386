import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Frame } from "#contract/frames.ts";
import { afterAll, describe, expect, it } from "vitest";
import { measureBareLimit } from "./bare-limit.ts";
import { writeCapture } from "./generate.ts";

const folder = mkdtempSync(join(tmpdir(), "sealbar-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function generated(name: string, events: number, seed: number): Promise<string> {
  const path = join(folder, name);
  await writeCapture(path, { events, seed });
  return readFileSync(path, "utf8");
}

describe("the benchmark's capture", () => {
  it("is the same for the same seed and another for another", async () => {
    const one = await generated("a", 300, 1);
    expect((await generated("b", 300, 1)) === one).toBe(true);
    expect((await generated("c", 300, 2)) === one).toBe(false);
  });

  it("has exactly the events asked for, in frames of the contract, with exec lines near 4.4 KB", async () => {
    const lines = (await generated("d", 2000, 7)).trimEnd().split("\n");
    const frames = lines.map((line) => Frame.parse(JSON.parse(line)));
    const events = frames.filter(({ t }) => t === "event");
    expect(events).toHaveLength(2000);
    const execs = lines.filter((line) => line.includes('"event":{"exec":'));
    const average = execs.reduce((sum, line) => sum + line.length, 0) / execs.length;
    expect(average).toBeGreaterThan(4200);
    expect(average).toBeLessThan(4600);
  });
});

describe("the bare limit", () => {
  it.each([
    ["lines over chunk borders", `${JSON.stringify({ a: "é".repeat(200_000) })}\n{"b":1}\n`, 2],
    ["a last line without its newline, and blank lines", '{"a":1}\n\n{"b":"\u2028"}', 2],
    ["nothing", "", 0],
  ])("reads %s", (name, text, lines) => {
    const path = join(folder, name.replaceAll(" ", "-"));
    writeFileSync(path, text);
    expect(measureBareLimit(path)).toMatchObject({ lines, bytes: Buffer.byteLength(text) });
  });
});
