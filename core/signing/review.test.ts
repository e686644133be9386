import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeApple } from "#tools/signing/authorities.ts";
import { Real } from "#tools/signing/plist.ts";
import { RULES_V2 } from "#tools/signing/resource-rules.ts";
import { NO_REQUIREMENTS } from "#tools/signing/requirement.ts";
import { writeBundle, type WrittenBundle } from "#tools/signing/bundle.ts";
import { codeDirectory, FLAG } from "#tools/signing/code-directory.ts";
import { time } from "#tools/signing/certificate.ts";
import { fat, fatHeader } from "#tools/signing/fat.ts";
import { ARCHITECTURES, machO } from "#tools/signing/mach-o.ts";
import { sign, signAdHoc } from "#tools/signing/sign.ts";
import type { Inspection, InspectionDepth } from "#contract/inspection.ts";
import { notarizedUnless } from "./inspection-result.ts";
import { inspectBytes, inspectFile } from "./inspect.ts";

/** Ways found in review to get a better verdict than Apple's own tools would give, and good code that was called bad. */
const NOW = time("2026-11-21T10:00:00Z");
const TEAM = "7QXW3N5R2K";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealbar-review-"));
});
afterEach(() => {
  spawnSync("chmod", ["-R", "u+rwX", folder]);
  rmSync(folder, { recursive: true, force: true });
});

function inspect(path: string, depth: InspectionDepth = "full", more: object = {}): Inspection {
  return inspectFile(path, { depth, now: NOW, ...more });
}
const ids = ({ verdict }: Inspection): string[] => verdict.problems.map(({ id }) => id);
const noteIds = ({ verdict }: Inspection): string[] => verdict.notes.map(({ id }) => id);

/** By a chain that is whole but not Apple's: what holds for it holds for Apple's. */
const bySigner = () => ({
  teamId: TEAM,
  flags: FLAG.runtime,
  cms: { chain: fakeApple("developer-id", { teamId: TEAM }) },
});
const FILES = { "Resources/invoice.html": "<p>An invoice</p>" };

function app(spec: Parameters<typeof writeBundle>[1] = {}): WrittenBundle {
  return writeBundle(folder, { files: FILES, ...spec });
}

describe("a bundle around code that was not signed as one", () => {
  const tool = () => sign(machO(), { identifier: "test.ana.tool", ...bySigner() });

  it.each(["full", "header", "deep"] as const)("is not valid without a seal (%s)", (depth) => {
    const { path, executable } = app({ seal: "none" });
    writeFileSync(executable, tool());
    const inspection = inspect(path, depth);
    expect(inspection.verdict.class).toBe("invalid");
    expect(ids(inspection)).toContain("resources-not-sealed");
  });

  it("is not valid with a seal that its signature does not cover", () => {
    const { path, executable } = app();
    writeFileSync(executable, tool());
    expect(inspect(path).verdict.class).toBe("invalid");
    expect(ids(inspect(path))).toContain("resources-not-sealed");
  });

  it("is told of, and no more, when nobody signed it", () => {
    const { path, executable } = app({ seal: "none" });
    writeFileSync(executable, signAdHoc(machO()));
    expect(inspect(path).verdict.class).toBe("ad-hoc");
    expect(noteIds(inspect(path))).toContain("files-not-sealed");
  });
});

describe("code nested in a bundle", () => {
  const arm = () => signAdHoc(machO({ arch: "arm64", seed: "tool" }), { identifier: "test.ana.tool" });

  it("is not what was sealed when a program for another architecture was added to it", () => {
    const { path, content } = app({ nestedFiles: { "MacOS/tool": arm() } });
    expect(inspect(path).verdict.class).toBe("ad-hoc");
    const evil = signAdHoc(machO({ arch: "x86_64", seed: "other" }), { identifier: "test.ana.tool" });
    for (const images of [
      [arm(), evil],
      [evil, arm()],
    ]) {
      writeFileSync(join(content, "MacOS/tool"), fat(images));
      for (const depth of ["full", "deep"] as const)
        expect(ids(inspect(path, depth))).toContain("nested-code-replaced");
    }
  });

  it("that is a data file with its signature in attributes that cannot be read is not called replaced", () => {
    const { path, content } = app({ nestedFiles: { "MacOS/tool": arm() } });
    for (const text of ["just data", "", "#!/bin/sh\n"]) {
      writeFileSync(join(content, "MacOS/tool"), text);
      const inspection = inspect(path);
      expect(ids(inspection)).toEqual([]);
      expect(inspection.bundle?.resources).toBe("not-checked");
      expect(inspection.bundle?.nested).toMatchObject([{ class: "unknown", sealed: "not-checked" }]);
    }
  });
});

describe("what was not looked at", () => {
  const trusted = () => app({ sign: bySigner() });

  it("keeps a bundle from being trusted", () => {
    // Untrusted is worse than unknown already; an unread file must show in the files' own answer.
    const { path, content } = trusted();
    const deep = join(content, "Resources", ...Array.from({ length: 70 }, () => "d"));
    mkdirSync(deep, { recursive: true });
    const inspection = inspect(path);
    expect(inspection.bundle?.resources).toBe("not-checked");
    expect(inspection.notChecked.map(({ check }) => check)).toContain("resources");
  });
});

describe("a wrapper", () => {
  it("is followed only when there is nothing beside what it wraps", () => {
    const inner = writeBundle(join(folder, "Outer.app/Wrapper"), { files: FILES });
    symlinkSync("Wrapper/Invoice Viewer.app", join(folder, "Outer.app/WrappedBundle"));
    const outer = join(folder, "Outer.app");
    expect(inner.path).toContain("Wrapper");
    expect(inspect(outer)).toMatchObject({ kind: "bundle", verdict: { class: "ad-hoc" } });
    writeFileSync(join(outer, "Wrapper/iTunesMetadata.plist"), "x");
    expect(inspect(outer).verdict.class).toBe("ad-hoc");

    const evil = writeBundle(join(folder, "evil"), { files: FILES });
    renameSync(evil.content, join(outer, "Contents"));
    const inspection = inspect(outer);
    expect(inspection.verdict.class).toBe("invalid");
    expect(ids(inspection)).toContain("unsealed-root");
    // macOS goes by the wrapper all the same: a look at Contents alone must not be the answer.
    expect(ids(inspect(outer, "header"))).toContain("bundle-shape-ambiguous");
  });

  it("has the ending of what it wraps", () => {
    writeBundle(join(folder, "Outer.bundle/Wrapper"), { files: FILES });
    symlinkSync("Wrapper/Invoice Viewer.app", join(folder, "Outer.bundle/WrappedBundle"));
    expect(inspect(join(folder, "Outer.bundle")).verdict.class).not.toBe("ad-hoc");
  });

  it("does not lead to another place than its own folder", () => {
    const inner = writeBundle(join(folder, "Outer.app/Other"), { files: FILES });
    symlinkSync("Other/Invoice Viewer.app", join(folder, "Outer.app/WrappedBundle"));
    expect(inner.path).toContain("Other");
    expect(inspect(join(folder, "Outer.app")).verdict.class).not.toBe("ad-hoc");
  });
});

describe("a bundle whose main executable is a script", () => {
  /** codesign keeps its signature in files of `_CodeSignature`. Constructed. */
  function scripted(): WrittenBundle & { parts: ReadonlyMap<string, Buffer> } {
    const written = app();
    const script = Buffer.from("#!/bin/sh\necho invoice\n");
    writeFileSync(written.executable, script);
    const directory = codeDirectory({
      hash: "sha256",
      version: 0x20400,
      flags: FLAG.adHoc,
      identifier: "test.ana.invoice-viewer",
      teamId: null,
      platform: 0,
      pageSize: null,
      code: script,
      special: new Map([
        [1, readFileSync(join(written.content, "Info.plist"))],
        [2, NO_REQUIREMENTS],
        [3, readFileSync(written.codeResources)],
      ]),
      execSegment: { base: 0, limit: 0, flags: 0 },
      runtimeVersion: 0,
    });
    return {
      ...written,
      parts: new Map([
        ["CodeDirectory", directory],
        ["CodeRequirements", NO_REQUIREMENTS],
      ]),
    };
  }

  it("is checked with the signature's files", () => {
    const { path, content, executable, parts } = scripted();
    for (const [name, bytes] of parts) writeFileSync(join(content, "_CodeSignature", name), bytes);
    writeFileSync(join(content, "_CodeSignature/CodeSignature"), "");
    const inspection = inspect(path);
    expect(ids(inspection)).toEqual([]);
    expect(inspection).toMatchObject({ verdict: { class: "ad-hoc" }, bundle: { resources: "ok" } });
    writeFileSync(join(content, "Resources/invoice.html"), "other");
    expect(inspect(path).verdict.class).toBe("invalid");
    writeFileSync(join(content, "Resources/invoice.html"), FILES["Resources/invoice.html"]);
    writeFileSync(executable, "#!/bin/sh\necho another\n");
    expect(ids(inspect(path))).toContain("page-hash-mismatch");
  });

  it("is checked with the signature in the script's attributes, which binds the bundle", () => {
    const { path, content, parts } = scripted();
    const attributes = () => new Map([...parts].map(([name, bytes]) => [`com.apple.cs.${name}`, bytes]));
    expect(inspect(path, "full", { attributes })).toMatchObject({
      verdict: { class: "ad-hoc", problems: [] },
      bundle: { resources: "ok" },
    });
    writeFileSync(join(content, "Resources/extra.sh"), "#!/bin/sh\n");
    expect(inspect(path, "full", { attributes }).verdict.class).toBe("invalid");
  });

  it("is not known without either, and says that its files were not compared", () => {
    const { path } = scripted();
    const inspection = inspect(path);
    expect(inspection).toMatchObject({ verdict: { class: "unknown" }, bundle: { resources: "not-checked" } });
    expect(inspection.notChecked.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["code-directory", "resources"]),
    );
  });
});

describe("an Info.plist with a key that stands twice", () => {
  const twice = (key: string, first: string, second: string) => (info: string) =>
    info
      .replace("<dict>", `<dict><key>${key}</key><string>${first}</string>`)
      .replace(
        "</dict>",
        key === "CFBundleExecutable" ? "</dict>" : `<key>${key}</key><string>${second}</string></dict>`,
      );

  function with_(change: (info: string) => string): Inspection {
    const { path, content, executable, codeResources } = app();
    const info = Buffer.from(change(readFileSync(join(content, "Info.plist"), "utf8")));
    writeFileSync(join(content, "Info.plist"), info);
    writeFileSync(executable, signAdHoc(machO(), { infoPlist: info, codeResources: readFileSync(codeResources) }));
    return inspect(path);
  }

  it("is read as macOS reads it when nothing here depends on the key", () => {
    const inspection = with_(twice("LSMinimumSystemVersion", "11.0", "12.0"));
    expect(inspection.verdict.class).toBe("ad-hoc");
    expect(noteIds(inspection)).toContain("info-plist-duplicate-key");
    const same = with_(twice("CFBundleExecutable", "Invoice Viewer", ""));
    expect(same.verdict.class).toBe("ad-hoc");
  });

  it("is not when it could name two main executables", () => {
    const inspection = with_(twice("CFBundleExecutable", "Other", ""));
    expect(inspection.verdict.class).toBe("invalid");
    expect(ids(inspection)).toContain("info-plist-ambiguous");
  });
});

describe("files that a foreign disk adds", () => {
  const appleDouble = () => {
    const bytes = Buffer.alloc(120);
    bytes.writeUInt32BE(0x00051607, 0);
    bytes.writeUInt32BE(0x00020000, 4);
    return bytes;
  };

  it("are not called added code, and not good either", () => {
    const { path, content } = app();
    writeFileSync(join(content, "Resources/._invoice.html"), appleDouble());
    const inspection = inspect(path);
    expect(ids(inspection)).toEqual([]);
    expect(inspection.bundle?.resources).toBe("not-checked");
    expect(noteIds(inspection)).toContain("apple-double-beside");
  });

  it("are told apart also at the top and beside the seal", () => {
    const { path, content } = app();
    writeFileSync(join(path, "._Contents"), appleDouble());
    writeFileSync(join(content, "_CodeSignature/._CodeResources"), appleDouble());
    expect(ids(inspect(path))).toEqual([]);
    expect(inspect(path).bundle?.resources).toBe("not-checked");
  });

  it("are added when they hold something else or belong to nothing", () => {
    const { path, content } = app();
    writeFileSync(join(content, "Resources/._invoice.html"), "#!/bin/sh\n");
    expect(ids(inspect(path))).toEqual(["resource-added"]);
    rmSync(join(content, "Resources/._invoice.html"));
    writeFileSync(join(content, "Resources/._nothing"), appleDouble());
    expect(ids(inspect(path))).toEqual(["resource-added"]);
  });

  it("do not keep a script from being inspected when they are no files", () => {
    const script = join(folder, "run.sh");
    writeFileSync(script, "#!/bin/sh\n");
    expect(spawnSync("mkfifo", [join(folder, "._run.sh")]).status).toBe(0);
    expect(inspect(script)).toMatchObject({ kind: "script", verdict: { class: "unknown", problems: [] } });
  });
});

describe("an old seal", () => {
  it("does not say that all is well when a script or link is outside of it", () => {
    const { path, content } = app({ seal: "v1" });
    expect(inspect(path).bundle?.resources).toBe("ok");
    writeFileSync(join(content, "MacOS/run"), "#!/bin/sh\n");
    expect(inspect(path).bundle?.resources).toBe("not-checked");
    rmSync(join(content, "MacOS/run"));
    symlinkSync("/tmp", join(content, "Frameworks"));
    expect(inspect(path).bundle?.resources).toBe("not-checked");
  });
});

describe("the rules of an app for iOS from the store", () => {
  const LICENCES =
    "^(Frameworks/[^/]+\\.framework/|PlugIns/[^/]+\\.appex/|PlugIns/[^/]+\\.appex/Frameworks/[^/]+\\.framework/|())SC_Info/[^/]+\\.(sinf|supf|supp)$";
  const withRule = (pattern: string) =>
    app({ rules: { ...RULES_V2, [pattern]: { omit: true, weight: new Real(10_000) } } });

  it("may leave out its licences, and no code under their names", () => {
    const { path, content } = withRule(LICENCES);
    mkdirSync(join(content, "SC_Info"));
    writeFileSync(join(content, "SC_Info/Invoice.sinf"), "licence");
    expect(inspect(path)).toMatchObject({ verdict: { class: "ad-hoc", problems: [] }, bundle: { resources: "ok" } });
    writeFileSync(join(content, "SC_Info/Invoice.sinf"), machO());
    expect(ids(inspect(path))).toEqual(["unsealed-code"]);
  });

  it("may not leave out more by a rule that only looks like it", () => {
    expect(ids(inspect(withRule(`^.*|${LICENCES}`).path))).toContain("rules-omit-code");
  });
});

describe("many programs over each other", () => {
  it("are not hashed again and again", () => {
    const image = signAdHoc(machO({ textSize: 4096 * 16 }));
    const entries = Array.from({ length: 700 }, (_, cpuSubtype) => ({
      cpuType: ARCHITECTURES.x86_64.cpuType,
      cpuSubtype,
      offset: 16384,
      size: image.length,
      align: 12,
    }));
    const header = fatHeader(entries);
    let hashed = 0;
    const control = { cancelled: () => false, progress: (bytes: number) => void (hashed += bytes) };
    const file = Buffer.concat([header, Buffer.alloc(16384 - header.length), image]);
    const inspection = inspectBytes(file, { depth: "full", now: NOW, control });
    expect(inspection.verdict.class).toBe("invalid");
    expect(inspection.slices).toHaveLength(700);
    expect(inspection.notChecked.map(({ check }) => check)).toContain("page-hashes");
    expect(hashed).toBeLessThan(2 * image.length);
    expect(inspection.slices.filter(({ cdhash }) => cdhash !== null)).toHaveLength(20);
    for (const { problems } of inspection.slices.slice(20)) expect(problems).not.toEqual([]);
  });

  it("nor are programs side by side, when there are more than any file has", () => {
    const image = signAdHoc(machO());
    const file = fat(Array.from({ length: 60 }, () => image));
    const inspection = inspectBytes(file, { depth: "full", now: NOW });
    expect(inspection.verdict.class).toBe("invalid");
    expect(inspection.slices).toHaveLength(60);
    expect(inspection.notChecked.map(({ check }) => check)).toContain("code-directory");
  });
});

describe("programs of one file", () => {
  it("must be of one team", () => {
    const image = (arch: "arm64" | "x86_64", teamId: string) =>
      sign(machO({ arch }), { ...bySigner(), teamId, cms: { chain: fakeApple("developer-id", { teamId }) } });
    const both = fat([image("x86_64", TEAM), image("arm64", "4B8KZT6M9P")]);
    expect(ids(inspectBytes(both, { depth: "full", now: NOW }))).toEqual(["architectures-of-different-teams"]);
    const one = fat([image("x86_64", TEAM), image("arm64", TEAM)]);
    expect(ids(inspectBytes(one, { depth: "full", now: NOW }))).toEqual([]);
  });
});

describe("what was checked", () => {
  it("does not list a chain when there was none to check", () => {
    const image = sign(machO(), {
      cms: "none",
      editBlobs: (blobs) => [...blobs, { slot: 0x10000, bytes: Buffer.from("fade0b010000000c30820001", "hex") }],
    });
    const inspection = inspectBytes(image, { depth: "full", now: NOW });
    expect(inspection.verdict.class).toBe("invalid");
    expect(inspection.checked).toContain("cms");
    expect(inspection.checked).not.toContain("chain");
  });
});

describe("a framework by itself", () => {
  it("with another version is not good by its current one alone", () => {
    const { path, content } = writeBundle(folder, { kind: "framework", name: "Printing", files: FILES });
    expect(inspect(path).bundle?.resources).toBe("ok");
    mkdirSync(join(content, "../B"));
    writeFileSync(join(content, "../B/Printing"), signAdHoc(machO({ seed: "other" })));
    const inspection = inspect(path);
    expect(ids(inspection)).toEqual([]);
    expect(inspection.bundle?.resources).toBe("not-checked");
    expect(noteIds(inspection)).toContain("framework-other-version");
  });
});

describe("a signature in the file beside a script", () => {
  it("is named as such", () => {
    const script = Buffer.from("#!/bin/sh\n");
    writeFileSync(join(folder, "run.sh"), script);
    const directory = codeDirectory({
      hash: "sha256",
      version: 0x20400,
      flags: FLAG.adHoc,
      identifier: "run",
      teamId: null,
      platform: 0,
      pageSize: null,
      code: script,
      special: new Map(),
      execSegment: { base: 0, limit: 0, flags: 0 },
      runtimeVersion: 0,
    });
    writeFileSync(join(folder, "._run.sh"), appleDoubleWith("com.apple.cs.CodeDirectory", directory));
    const inspection = inspect(join(folder, "run.sh"));
    expect(inspection.verdict.class).toBe("ad-hoc");
    expect(noteIds(inspection)).toContain("signature-beside-file");
    const own = inspect(join(folder, "run.sh"), "full", {
      attributes: () => new Map([["com.apple.cs.CodeDirectory", directory]]),
    });
    expect(noteIds(own)).not.toContain("signature-beside-file");
  });
});

/** xnu's layout (bsd/vfs/vfs_xattr.c) with one attribute. Constructed. */
function appleDoubleWith(name: string, value: Buffer): Buffer {
  const header = Buffer.alloc(84 + 36);
  header.writeUInt32BE(0x00051607, 0);
  header.writeUInt32BE(0x00020000, 4);
  header.writeUInt16BE(1, 24);
  const entry = Buffer.alloc(11);
  const nameBytes = Buffer.from(`${name}\0`);
  const start = header.length + Math.ceil((entry.length + nameBytes.length) / 4) * 4;
  header.writeUInt32BE(9, 26);
  header.writeUInt32BE(50, 30);
  header.writeUInt32BE(start + value.length - 50, 34);
  header.writeUInt32BE(0x41545452, 84);
  header.writeUInt16BE(1, 84 + 34);
  entry.writeUInt32BE(start, 0);
  entry.writeUInt32BE(value.length, 4);
  entry.writeUInt8(nameBytes.length, 10);
  const names = Buffer.alloc(start - header.length);
  Buffer.concat([entry, nameBytes]).copy(names);
  return Buffer.concat([header, names, value]);
}

describe("a ticket", () => {
  it.each(["invalid", "unknown"] as const)("says nothing for code that is %s", (trust) => {
    expect(notarizedUnless(trust, "yes")).toBe("not-checked");
    expect(notarizedUnless(trust, "no")).toBe("no");
    expect(notarizedUnless("developer-id", "yes")).toBe("yes");
  });
});

describe("a main executable alone", () => {
  it("says when the bundle around it is none that it was signed for", () => {
    const { executable } = app({ seal: "none" });
    writeFileSync(executable, sign(machO(), bySigner()));
    expect(noteIds(inspect(executable))).toContain("files-not-sealed");
    const sealed = writeBundle(join(folder, "sealed"), { files: FILES, sign: bySigner() });
    expect(noteIds(inspect(sealed.executable))).not.toContain("files-not-sealed");
  });
});

// Root may read everything.
if (process.getuid?.() !== 0) {
  it("without permission, a file that cannot be read leaves the question open", () => {
    const { path, content } = app();
    chmodSync(join(content, "Resources/invoice.html"), 0);
    expect(inspect(path).bundle?.resources).toBe("not-checked");
  });
}
