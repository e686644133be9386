import { chmodSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderRefused, systemDisk } from "./disk.ts";
import { FsMemory } from "./fs-memory.ts";
import { remove, temporaryFolder } from "./test-support.ts";
import { macBaselineFolders, macWatchRoots, mountedVolumes } from "./watch-roots.ts";

let folder: string;

beforeEach(() => {
  folder = realpathSync(temporaryFolder());
});

afterEach(() => {
  remove(folder);
});

describe("systemDisk", () => {
  it("hears of a file that appears, also by way of a link", async () => {
    mkdirSync(join(folder, "real", "inner"), { recursive: true });
    symlinkSync(join(folder, "real"), join(folder, "link"));
    const heard = Promise.withResolvers<[string | null, boolean]>();
    const stop = systemDisk.watch(join(folder, "link"), true, {
      changed: (path, named) => {
        if (path?.endsWith("tool") === true) heard.resolve([path, named]);
      },
      failed: (code) => {
        heard.reject(new Error(code));
      },
    });
    writeFileSync(join(folder, "real", "inner", "tool"), "");
    expect(await heard.promise).toEqual([join(folder, "real", "inner", "tool"), true]);
    stop();
  });

  it("refuses what it cannot watch by its errno name, and a link to the whole disk", () => {
    const deaf = { changed: () => undefined, failed: () => undefined };
    symlinkSync("/", join(folder, "all"));
    const refusals = [join(folder, "gone"), join(folder, "all")].map((path) => {
      try {
        systemDisk.watch(path, true, deaf);
        return "";
      } catch (error) {
        return error instanceof FolderRefused ? error.code : "another error";
      }
    });
    expect(refusals).toEqual(["ENOENT", "ELOOP"]);
  });

  it("looks at files and folders, and follows no links", async () => {
    const path = join(folder, "tool");
    writeFileSync(path, "12345");
    chmodSync(path, 0o4755);
    symlinkSync(path, join(folder, "link"));
    expect(await systemDisk.look(path)).toMatchObject({ isFolder: false, size: 5, mode: 0o4755 });
    expect(await systemDisk.look(folder)).toMatchObject({ isFolder: true });
    expect(await systemDisk.look(join(folder, "link"))).toBe("gone");
    expect(await systemDisk.look(join(folder, "none"))).toBe("gone");
    expect(await systemDisk.look(join(path, "below"))).toBe("gone");
    expect(await systemDisk.look(join(folder, "x".repeat(300)))).toBe("unknown");
  });

  it("lists so many entries at most, and nothing where it may not", async () => {
    for (const name of ["a", "b", "c"]) writeFileSync(join(folder, name), "");
    expect(await systemDisk.list(folder, 2)).toHaveLength(2);
    expect((await systemDisk.list(folder, 9)).toSorted()).toEqual(["a", "b", "c"].map((name) => join(folder, name)));
    expect(await systemDisk.list(join(folder, "none"), 9)).toEqual([]);
  });
});

describe("what is watched on a Mac", () => {
  it("is where code arrives; folders that macOS protects are not listed by us", () => {
    expect(macWatchRoots("/Users/ana").slice(0, 6)).toEqual([
      "/Users/ana/Downloads",
      "/Users/ana/Desktop",
      "/Users/ana/Applications",
      "/Applications",
      "/private/tmp",
      "/Users/Shared",
    ]);
    expect(macBaselineFolders("/Users/ana").filter((path) => /Downloads|Desktop|Volumes/.test(path))).toEqual([]);
  });

  it("has the mounted volumes, but not the one that is a link to the whole disk", () => {
    mkdirSync(join(folder, "Ledger"));
    symlinkSync("/", join(folder, "Macintosh HD"));
    writeFileSync(join(folder, ".file"), "");
    expect(mountedVolumes(folder)).toEqual([join(folder, "Ledger")]);
    rmSync(folder, { recursive: true });
    expect(mountedVolumes(folder)).toEqual([]);
  });
});

describe("FsMemory", () => {
  const facts = { isFolder: false, size: 1, mtime: 1, mode: 0o755, quarantine: null };

  it("forgets what was not seen for longest, and counts it", () => {
    const memory = new FsMemory(2);
    for (const name of ["/a", "/b", "/a", "/c"]) memory.set(name, { ...facts, identity: name });
    expect([memory.get("/a") !== null, memory.get("/b"), memory.get("/c") !== null]).toEqual([true, null, true]);
    expect(memory.forgotten).toBe(1);
  });

  it("finds a file by its identity as long as it is known", () => {
    const memory = new FsMemory();
    memory.set("/a", { ...facts, identity: "1:7" });
    memory.set("/hard-link", { ...facts, identity: "1:7" });
    expect(memory.pathOf("1:7")).toBe("/hard-link");
    memory.delete("/a");
    expect(memory.pathOf("1:7")).toBe("/hard-link");
    memory.delete("/hard-link");
    expect(memory.pathOf("1:7")).toBeNull();
  });
});
