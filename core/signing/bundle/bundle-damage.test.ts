import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { resolveInside } from "./path-inside.ts";
import { resolveBundle } from "./resolve-bundle.ts";
import {
  checkBundle,
  infoPlist,
  makeApp,
  NESTED_SEAL,
  sealFile,
  sealsOf,
  temporaryFolder,
  writeEntries,
} from "./sealed-bundle.fixture.ts";

const FILES = {
  "Resources/icon.icns": "icon",
  "Resources/link": { link: "icon.icns" },
  "MacOS/tool.sh": "#!/bin/sh\n",
};

describe("a damaged bundle", () => {
  it("never makes a check throw, and no damage to a seal makes a bad bundle good", () => {
    const seals = { ...sealsOf(FILES), "MacOS/helper": NESTED_SEAL };
    const seal = sealFile(seals);
    const root = makeApp(FILES, seals);
    writeEntries(root, { "Contents/Resources/added.js": "x" });
    const random = seededRandom(3);
    const pick = (below: number) => Math.floor(random() * below);
    let good = 0;
    for (let i = 0; i < 1500; i++) {
      const damaged = Buffer.from(i % 4 === 0 ? seal.subarray(0, pick(seal.length)) : seal);
      for (let flips = pick(3); flips >= 0 && damaged.length > 0; flips--)
        damaged[pick(damaged.length)]! ^= 1 << pick(8);
      if (checkBundle(root, { seal: damaged }).status === "ok") good++;
    }
    expect(good).toBe(0);
  });

  it("never makes the search for its parts throw", () => {
    const root = makeApp(FILES);
    const info = infoPlist();
    const random = seededRandom(4);
    for (let i = 0; i < 1000; i++) {
      const damaged = Buffer.from(info);
      for (let flips = 0; flips < 3; flips++)
        damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      writeFileSync(join(root, "Contents/Info.plist"), damaged);
      expect(resolveBundle(root)).not.toBeNull();
    }
  });
});

describe("a path inside a folder", () => {
  const root = temporaryFolder();
  writeEntries(root, {
    "a/b/file": "x",
    up: { link: "a/.." },
    "a/down": { link: "b" },
    "a/loop": { link: "loop2" },
    "a/loop2": { link: "loop" },
    "a/out": { link: "../.." },
    "a/absolute": { link: "/etc" },
    "a/self": { link: "." },
  });

  it.each([
    ["a/b/file", "file", "a/b/file"],
    ["a/b/../b/./file", "file", "a/b/file"],
    ["a//b", "directory", "a/b"],
    ["a/down/file", "file", "a/b/file"],
    ["up/up/up/a", "directory", "a"],
    ["a/self/self/self/b", "directory", "a/b"],
    ["", "directory", ""],
  ])("%j is a %s: %s", (target, kind, relative) => {
    expect(resolveInside(root, target)).toMatchObject({ kind, relative });
  });

  it.each([
    ["..", "outside"],
    ["a/../..", "outside"],
    ["/etc", "outside"],
    ["a/out", "outside"],
    ["a/out/etc/passwd", "outside"],
    ["a/absolute/passwd", "outside"],
    ["a/loop", "missing"],
    ["a/b/file/x", "missing"],
    ["a/b/file/..", "missing"],
    ["nothing", "missing"],
    ["nul\0", "missing"],
    ["x".repeat(10_000), "missing"],
    ["a/../".repeat(5000), "missing"],
  ])("%j is %s", (target, kind) => {
    expect(resolveInside(root, target)).toEqual({ kind });
  });

  it("is seen from where it stands", () => {
    expect(resolveInside(root, "../b/file", "a/b")).toMatchObject({ relative: "a/b/file" });
    expect(resolveInside(root, "../../..", "a/b")).toEqual({ kind: "outside" });
  });
});
