import { spawnSync } from "node:child_process";
import { linkSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileSource, readFault } from "./file-source.ts";
import { Malformed, ReadFault } from "./problem.ts";

let folder: string;
const open: FileSource[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealbar-source-"));
});
afterEach(() => {
  for (const source of open.splice(0)) source.close();
  rmSync(folder, { recursive: true });
});

function source(path: string): FileSource {
  const opened = new FileSource(path);
  open.push(opened);
  return opened;
}

function file(name: string, bytes: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe("an open file", () => {
  it("gives exactly what was asked for", () => {
    const opened = source(file("a", "0123456789"));
    expect(opened.size).toBe(10);
    expect(opened.read(3, 4).toString()).toBe("3456");
    expect(opened.read(10, 0)).toHaveLength(0);
    const target = Buffer.alloc(6, "-");
    opened.readInto(target, 8, 2);
    expect(target.toString()).toBe("89----");
  });

  it.each([
    [8, 3],
    [11, 0],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [0, Number.POSITIVE_INFINITY],
  ])("refuses a range that is not inside it: %d, %d", (offset, length) => {
    expect(() => source(file("a", "0123456789")).read(offset, length)).toThrow(Malformed);
  });

  it("says that it became shorter while it was being read", () => {
    const path = file("a", "0123456789");
    const opened = source(path);
    truncateSync(path, 4);
    expect(() => opened.read(0, 10)).toThrow(expect.objectContaining({ id: "read-shrunk" }));
    expect(() => opened.assertUnchanged()).toThrow(expect.objectContaining({ id: "read-changed" }));
  });

  it("does not mind a new link to it", () => {
    const path = file("a", "0123456789");
    const opened = source(path);
    linkSync(path, join(folder, "b"));
    expect(() => opened.assertUnchanged()).not.toThrow();
  });
});

describe("what is no file is refused at once, with a sentence", () => {
  it("a named pipe that nobody writes to", () => {
    const path = join(folder, "pipe");
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    expect(() => source(path)).toThrow("It is a named pipe, so there is nothing to inspect.");
  });

  it("a device", () => {
    expect(() => source("/dev/zero")).toThrow("It is a device, so there is nothing to inspect.");
  });

  it("a folder", () => {
    expect(() => source(folder)).toThrow("It is a folder, so there is nothing to inspect.");
  });

  it("links that lead in a circle", () => {
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    expect(() => source(join(folder, "a"))).toThrow("Its symbolic links lead in a circle.");
  });

  it("nothing, a file as a folder, a NUL and a name beyond measure", () => {
    const path = file("a", "x");
    expect(() => source(join(folder, "none"))).toThrow("There is no such file.");
    expect(() => source(join(path, "x"))).toThrow("a part of the path is not a folder");
    expect(() => source(`${path}\0.txt`)).toThrow("NUL");
    expect(() => source(join(folder, "n".repeat(10_000)))).toThrow("too long");
  });
});

it("has a sentence for every failure, also one it has not heard of", () => {
  expect(readFault(Object.assign(new Error("x"), { code: "EACCES" })).message).toBe(
    "Permission to read it was denied.",
  );
  expect(readFault(Object.assign(new Error("x"), { code: "EWHATEVER" })).message).toBe(
    "It could not be read (EWHATEVER).",
  );
  expect(readFault(new Error("x"))).toBeInstanceOf(ReadFault);
});
