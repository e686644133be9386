import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, existsSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Control, NO_CONTROL } from "../control.ts";
import { Cancelled } from "../problem.ts";
import { sizeOfResources } from "./check-resources.ts";
import { ResourceHasher } from "./resource-hash.ts";
import {
  checkBundle,
  type Entries,
  layoutOf,
  MACHO,
  makeApp,
  makeBundle,
  plist,
  readSeal,
  RULES_V2,
  sealFile,
  sealsOf,
  writeEntries,
} from "./sealed-bundle.fixture.ts";

const RESOURCES: Entries = {
  "Resources/icon.icns": "icon",
  "Resources/Base.lproj/Main.nib": "nib",
  "Resources/de.lproj/Main.strings": "zeichen",
  "version.plist": "1",
};

/** Of computing, so that other work on the machine does not count. */
function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function withChange(change: (root: string) => void, contents: Entries = RESOURCES) {
  const root = makeApp(contents);
  change(root);
  return checkBundle(root);
}

describe("a sealed app", () => {
  it("is good as it was sealed, with what macOS leaves out of every seal", () => {
    const root = makeApp({ ...RESOURCES, "Resources/link": { link: "icon.icns" } });
    writeEntries(root, {
      "Contents/.DS_Store": "x",
      ".DS_Store": "x",
      "Contents/_MASReceipt/receipt": "x",
      "Contents/CodeResources": "s8ch",
      "Contents/Resources/de.lproj/locversion.plist": "x",
    });
    expect(checkBundle(root)).toMatchObject({
      status: "ok",
      rulesVersion: 2,
      problems: [],
      notes: [],
      counts: { sealed: 5, altered: 0, missing: 0, added: 0, nested: 0 },
    });
  });

  it.each<[string, (root: string) => void, string[], object]>([
    [
      "altered file",
      (root) => appendFileSync(join(root, "Contents/Resources/icon.icns"), "x"),
      ["resource-altered"],
      { altered: 1 },
    ],
    ["missing file", (root) => unlinkSync(join(root, "Contents/version.plist")), ["resource-missing"], { missing: 1 }],
    [
      "added file",
      (root) => writeEntries(root, { "Contents/Resources/new.js": "x" }),
      ["resource-added"],
      { added: 1 },
    ],
    [
      "added code in Resources",
      (root) => writeEntries(root, { "Contents/Resources/new.dylib": MACHO }),
      ["nested-code-unsealed"],
      { added: 1 },
    ],
    [
      "added code in MacOS",
      (root) => writeEntries(root, { "Contents/MacOS/other": MACHO }),
      ["nested-code-unsealed"],
      { added: 1 },
    ],
    [
      "added framework",
      (root) => writeEntries(root, { "Contents/Frameworks/New.framework/New": MACHO }),
      ["nested-code-unsealed"],
      { added: 1 },
    ],
    [
      "added link",
      (root) => symlinkSync("icon.icns", join(root, "Contents/Resources/again")),
      ["resource-added"],
      { added: 1 },
    ],
    [
      "file in the signature's folder",
      (root) => writeEntries(root, { "Contents/_CodeSignature/x": "x" }),
      ["signature-folder-extra"],
      {},
    ],
    ["file beside Contents", (root) => writeEntries(root, { evil: "x" }), ["unsealed-root"], {}],
    [
      "code in the store's receipt folder",
      (root) => writeEntries(root, { "Contents/_MASReceipt/a/receipt": MACHO }),
      ["unsealed-code"],
      {},
    ],
    ["code as a ticket", (root) => writeEntries(root, { "Contents/CodeResources": MACHO }), ["unsealed-code"], {}],
    [
      "folder in the ticket's place",
      (root) => writeEntries(root, { "Contents/CodeResources/x": MACHO }),
      ["unsealed-code"],
      {},
    ],
    ["code as PkgInfo", (root) => writeFileSync(join(root, "Contents/PkgInfo"), MACHO), ["unsealed-code"], {}],
    [
      "link named .DS_Store",
      (root) => symlinkSync("/tmp", join(root, "Contents/Resources/.DS_Store")),
      ["ds-store-symlink"],
      {},
    ],
    [
      "folder in place of a file",
      (root) => {
        unlinkSync(join(root, "Contents/version.plist"));
        writeEntries(root, { "Contents/version.plist/x": "x" });
      },
      ["resource-added", "resource-missing"],
      { added: 1, missing: 1 },
    ],
    [
      "link in place of a file",
      (root) => {
        unlinkSync(join(root, "Contents/version.plist"));
        symlinkSync("Resources/icon.icns", join(root, "Contents/version.plist"));
      },
      ["resource-changed-type"],
      { altered: 1 },
    ],
  ])("%s", (_name, change, ids, counts) => {
    const result = withChange(change);
    expect(result.ids).toEqual(ids);
    expect(result.status).toBe("bad");
    expect(result.counts).toMatchObject(counts);
  });

  it("names a problem by its path in the bundle, cut short", () => {
    const name = "n".repeat(250);
    const result = withChange((root) => writeEntries(root, { [`Contents/Resources/${name}`]: "x" }));
    expect(result.problems[0]?.message).toContain("Contents/Resources/nnn");
    expect(result.problems[0]?.message.length).toBeLessThan(300);
  });

  it("may lack what is optional, and only that", () => {
    const optional = { ...sealsOf(RESOURCES), "Resources/fr.lproj/x": { hash2: Buffer.alloc(32), optional: true } };
    expect(checkBundle(makeApp(RESOURCES, optional)).status).toBe("ok");
    const needed = { ...sealsOf(RESOURCES), "Resources/fr.lproj/x": { hash2: Buffer.alloc(32) } };
    expect(checkBundle(makeApp(RESOURCES, needed)).ids).toEqual(["resource-missing"]);
  });

  it("compares every hash that the seal has", () => {
    const { hash, hash2 } = sealsOf({ x: "content" })["x"] as { hash: Buffer; hash2: Buffer };
    const files = { "Resources/x": "content" };
    const seal = (entry: { hash?: Buffer; hash2?: Buffer }) => checkBundle(makeApp(files, { "Resources/x": entry }));
    expect(seal({ hash2 }).status).toBe("ok");
    expect(seal({ hash })).toMatchObject({ status: "ok", noteIds: ["resources-sha1-only"] });
    expect(seal({ hash, hash2: Buffer.alloc(32) }).ids).toEqual(["resource-altered"]);
    expect(seal({ hash: Buffer.alloc(20), hash2 }).ids).toEqual(["resource-altered"]);
    expect(seal({ hash: Buffer.alloc(19), hash2 }).ids).toContain("seal-malformed");
    expect(seal({}).ids).toContain("seal-malformed");
  });

  it("counts all and names twenty", () => {
    const result = withChange((root) =>
      writeEntries(root, Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`Contents/Resources/a${i}`, "x"]))),
    );
    expect(result.counts.added).toBe(50);
    expect(result.problems).toHaveLength(20);
    expect(result.notes.map(({ message }) => message)).toEqual(["30 further problems are counted but not named here."]);
  });

  it("says so when a name differs only by case or by Unicode composition", () => {
    const cased = withChange((root) => {
      unlinkSync(join(root, "Contents/version.plist"));
      writeEntries(root, { "Contents/Version.plist": "1" });
    });
    expect(cased).toMatchObject({ status: "bad", counts: { added: 1, missing: 1 }, noteIds: ["name-case-differs"] });
    const composed = checkBundle(makeApp({ "Resources/u\u0308.txt": "x" }, sealsOf({ "Resources/\u00fc.txt": "x" })));
    expect(composed).toMatchObject({ status: "ok", counts: { sealed: 1 }, noteIds: ["name-normalized"] });
    const altered = checkBundle(makeApp({ "Resources/u\u0308.txt": "y" }, sealsOf({ "Resources/\u00fc.txt": "x" })));
    expect(altered.status).toBe("bad");
  });

  it("counts an added file of attributes from a foreign disk as added", () => {
    const result = withChange((root) => writeEntries(root, { "Contents/Resources/._icon.icns": "\0\x05\x16\x07" }));
    expect(result).toMatchObject({ status: "bad", counts: { added: 1 }, noteIds: ["apple-double-added"] });
  });
});

describe("a framework", () => {
  const INFO = plist({ CFBundleExecutable: "Print", CFBundleIdentifier: "com.example.print" });
  const INSIDE = { "Resources/Info.plist": INFO, "Resources/x": "x" };
  const build = (extra: Entries = {}) =>
    makeBundle("Print.framework", {
      "Versions/A/Print": MACHO,
      "Versions/A/Resources/Info.plist": INFO,
      "Versions/A/Resources/x": "x",
      "Versions/A/_CodeSignature/CodeResources": sealFile(sealsOf(INSIDE)),
      "Versions/Current": { link: "A" },
      Print: { link: "Versions/Current/Print" },
      Resources: { link: "Versions/Current/Resources" },
      ...extra,
    });

  it("is checked in its current version", () => {
    expect(checkBundle(build())).toMatchObject({ status: "ok", counts: { sealed: 2 } });
  });

  it.each<[string, Entries, string]>([
    ["a file at the top", { evil: "x" }, "unsealed-root"],
    ["a link at the top to elsewhere", { Headers: { link: "/tmp" } }, "framework-root-link"],
    ["a link at the top to another's namesake", { Headers: { link: "Versions/Current/Print" } }, "framework-root-link"],
    ["a file among the versions", { "Versions/x": "x" }, "unsealed-root"],
  ])("with %s is bad", (_name, extra, id) => {
    expect(checkBundle(build(extra)).ids).toEqual([id]);
  });
});

describe("a bundle that resists", () => {
  it("with a FIFO is bad, and nothing waits for it", () => {
    const root = makeApp(RESOURCES);
    expect(spawnSync("mkfifo", [join(root, "Contents/Resources/pipe")]).status).toBe(0);
    expect(checkBundle(root).ids).toEqual(["unsupported-file-type"]);
    rmSync(join(root, "Contents/version.plist"));
    expect(spawnSync("mkfifo", [join(root, "Contents/version.plist")]).status).toBe(0);
    expect(checkBundle(root).ids).toEqual(["unsupported-file-type", "unsupported-file-type"]);
  });

  // Root may read everything.
  if (process.getuid?.() !== 0) {
    it("with an unreadable file or folder is not good", () => {
      const root = makeApp(RESOURCES);
      chmodSync(join(root, "Contents/version.plist"), 0);
      expect(checkBundle(root)).toMatchObject({ status: "not-checked", noteIds: ["unreadable-resources"] });
      chmodSync(join(root, "Contents/Resources/de.lproj"), 0);
      expect(checkBundle(root)).toMatchObject({ status: "not-checked", counts: { missing: 0 } });
      chmodSync(join(root, "Contents/Resources/de.lproj"), 0o700);
    });
  }

  it("with a file that is not what it was when listed is not compared", () => {
    const hasher = new ResourceHasher(NO_CONTROL);
    const seal = { kind: "file", sha1: null, sha256: Buffer.alloc(32), optional: false } as const;
    const root = makeApp(RESOURCES);
    symlinkSync("icon.icns", join(root, "Contents/Resources/link"));
    expect(spawnSync("mkfifo", [join(root, "Contents/Resources/pipe")]).status).toBe(0);
    for (const path of ["Contents/Resources", "Contents/Resources/link", "Contents/Resources/pipe", "nothing"])
      expect(hasher.compare(join(root, path), seal)).toBe("unreadable");
  });

  it.runIf(existsSync("/proc/self/status"))("with a file that has more than it said is not compared", () => {
    const seal = { kind: "file", sha1: null, sha256: Buffer.alloc(32), optional: false } as const;
    expect(new ResourceHasher(NO_CONTROL).compare("/proc/self/status", seal)).toBe("unreadable");
  });

  it("with a name that is not UTF-8 is not good", () => {
    const root = makeApp(RESOURCES);
    writeFileSync(Buffer.concat([Buffer.from(join(root, "Contents/Resources/x")), Buffer.from([0xff])]), "x");
    expect(checkBundle(root).status).not.toBe("ok");
  });

  it("with folders deeper than any real one is not good", () => {
    const result = withChange((root) => writeEntries(root, { [`Contents/${"d/".repeat(80)}x`]: "x" }));
    expect(result).toMatchObject({ status: "not-checked", noteIds: ["not-all-looked-at"] });
  });

  it("with rules made to take forever ends in time", () => {
    const slow = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`^.*${"a.*".repeat(100)}${i}$`, { weight: 5000 + i }]),
    );
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`Resources/${"a".repeat(100)}/${"ab".repeat(60)}${i}`, "x"]),
    );
    const root = makeApp(files);
    const start = process.cpuUsage();
    const result = checkBundle(root, { seal: sealFile(sealsOf(files), { ...RULES_V2, ...slow }) });
    expect(secondsSince(start)).toBeLessThan(8);
    expect(["ok", "not-checked"]).toContain(result.status);
  });
});

describe("a large bundle", () => {
  const files = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`Resources/modules/m${i % 100}/lib/part-${i}.js`, `part ${i}`]),
  );
  const root = makeApp({ ...files, "Resources/big": Buffer.alloc(3 * 1024 * 1024, 7) });

  it("of ten thousand files is checked in a few seconds at most", () => {
    const start = process.cpuUsage();
    const result = checkBundle(root);
    expect(secondsSince(start)).toBeLessThan(5);
    expect(result).toMatchObject({ status: "ok", counts: { sealed: 10_001 } });
  });

  it("reports its progress and can be stopped", () => {
    let done = 0;
    const control: Control = { cancelled: () => false, progress: (bytes) => void (done += bytes) };
    checkBundle(root, { control });
    const layout = layoutOf(root);
    expect(sizeOfResources(layout, readSeal(layout), control)).toBe(done);
    expect(done).toBeGreaterThan(3 * 1024 * 1024);
    let calls = 0;
    const stop: Control = { cancelled: () => ++calls > 100, progress: () => {} };
    expect(() => checkBundle(root, { control: stop })).toThrow(Cancelled);
  });

  it("notices a change in a large file", () => {
    const changed = Buffer.alloc(3 * 1024 * 1024, 7);
    changed[changed.length - 1] = 8;
    writeFileSync(join(root, "Contents/Resources/big"), changed);
    expect(checkBundle(root).ids).toEqual(["resource-altered"]);
  });
});
