import { spawnSync } from "node:child_process";
import {
  chmodSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeBundle } from "#tools/signing/bundle.ts";
import { flipBit } from "#tools/signing/bytes.ts";
import { fat } from "#tools/signing/fat.ts";
import { machO } from "#tools/signing/mach-o.ts";
import { selfSigned } from "#tools/signing/authorities.ts";
import { sign, signAdHoc, signAsLinker } from "#tools/signing/sign.ts";
import { runCli } from "#tools/test/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "sealbar-inspect-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, bytes: Buffer | string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

interface Line {
  path: string;
  kind: string;
  verdict: { class: string; problems: string[]; notes: string[] };
  slices: { arch: string; class: string; pageHashes: string; cdhashes: Record<string, string | null> }[];
  bundle: { resources: string; counts: Record<string, number> } | null;
  checked: string[];
  notChecked: string[];
  messages: { id: string; message: string }[];
}

function inspect(...args: string[]): { code: number | null; lines: Line[]; stderr: string } {
  const { code, stdout, stderr } = runCli("inspect", "--json", ...args);
  const lines = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  return { code, lines, stderr };
}

describe("sealbar inspect --json", () => {
  it("prints one object a path, in their order, slices in file order", () => {
    const unsignedIntel = machO({ arch: "x86_64", signable: false });
    const linked = signAsLinker(machO({ arch: "arm64" }), { identifier: "invoice" });
    const paths = [
      file("universal", fat([unsignedIntel, linked])),
      file("notes.txt", "nothing to see"),
      file("tool", signAdHoc(machO())),
    ];
    const { code, lines, stderr } = inspect(...paths);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(lines.map(({ path }) => path)).toEqual(paths);
    expect(lines.map(({ verdict }) => verdict.class)).toEqual(["unsigned", "not-code", "ad-hoc"]);
    expect(lines[0]?.slices).toMatchObject([
      {
        arch: "x86_64",
        class: "unsigned",
        identifier: null,
        cdhashes: { sha1: null, sha256: null },
        pageHashes: "not-checked",
        cms: "absent",
        leaf: null,
      },
      {
        arch: "arm64",
        class: "linker-signed",
        identifier: "invoice",
        teamId: null,
        flags: ["adhoc", "linker-signed"],
        pageHashes: "ok",
        cms: "absent",
        timestamp: null,
      },
    ]);
    expect(lines[0]?.slices[1]?.cdhashes["sha256"]).toMatch(/^[0-9a-f]{40}$/);
  });

  it("finds a changed page and says which, and reads no page with --header", () => {
    const bytes = signAdHoc(machO({ textSize: 40_960 }));
    const path = file("altered", flipBit(bytes, 20_000 * 8));
    const full = inspect(path);
    expect(full.code).toBe(1);
    expect(full.lines[0]).toMatchObject({
      verdict: { class: "invalid", problems: ["page-hash-mismatch"] },
      slices: [{ pageHashes: "bad" }],
    });
    expect(full.lines[0]?.checked).toContain("page-hashes");
    expect(full.lines[0]?.messages[0]?.message).toContain("first page 4");
    const header = inspect("--header", path);
    expect(header.lines[0]).toMatchObject({ verdict: { class: "ad-hoc" }, slices: [{ pageHashes: "not-checked" }] });
    expect(header.lines[0]?.notChecked).toContain("page-hashes");
  });

  it("shows a signer that does not hold as claimed, and never trusts it", () => {
    const bytes = sign(machO(), {
      identifier: "test.invoice",
      teamId: "7QXW3N5R2K",
      cms: { chain: selfSigned({ teamId: "7QXW3N5R2K" }) },
    });
    const { code, lines } = inspect(file("self-signed", bytes));
    expect(code).toBe(1);
    expect(lines[0]).toMatchObject({
      verdict: { class: "self-signed" },
      slices: [{ identifier: "test.invoice", teamId: "7QXW3N5R2K", cms: "ok" }],
    });
    expect(lines[0]?.notChecked).toContain("revocation");
  });

  it("compares a bundle's files with its seal", () => {
    const bundle = writeBundle(join(folder, "bundles"), {
      files: { "Resources/a.txt": "one", "Resources/b.txt": "two" },
    });
    expect(inspect(bundle.path).lines[0]).toMatchObject({
      kind: "bundle",
      verdict: { class: "ad-hoc", problems: [] },
      bundle: { resources: "ok" },
    });
    expect(inspect(bundle.path).lines[0]?.checked).toContain("resources");
    writeFileSync(join(bundle.content, "Resources/a.txt"), "changed");
    writeFileSync(join(bundle.content, "Resources/c.txt"), "added");
    rmSync(join(bundle.content, "Resources/b.txt"));
    const { code, lines } = inspect(bundle.path);
    expect(code).toBe(1);
    expect(lines[0]).toMatchObject({
      verdict: { class: "invalid" },
      bundle: { resources: "bad", counts: { altered: 1, missing: 1, added: 1 } },
    });
    // A header-level look at the same bundle says that it did not look.
    expect(inspect("--header", bundle.path).lines[0]?.notChecked).toEqual(
      expect.arrayContaining(["resources", "page-hashes"]),
    );
    // The main executable alone is told apart from its bundle.
    expect(inspect(bundle.executable).lines[0]).toMatchObject({ kind: "mach-o", verdict: { class: "ad-hoc" } });
    expect(inspect(bundle.executable).lines[0]?.notChecked).toContain("resources");
  });

  it("says of packages, disk images and scripts what was not done", () => {
    const image = Buffer.alloc(2048);
    image.write("koly", 2048 - 512, "latin1");
    const paths = [
      file("a.pkg", Buffer.from("xar!\0\0\0\0")),
      file("a.dmg", image),
      file("run.sh", "#!/bin/sh\nexit 0\n"),
    ];
    const { code, lines } = inspect(...paths);
    expect(code).toBe(2);
    expect(lines.map(({ kind, verdict }) => [kind, verdict.class, verdict.notes[0]])).toEqual([
      ["installer-package", "unknown", "installer-package-not-inspected"],
      ["disk-image", "unknown", "disk-image-not-inspected"],
      ["script", "unknown", "script-attributes-unread"],
    ]);
  });

  it("has a clear reason for everything that cannot be read, and loses nothing beside it", () => {
    const pipe = join(folder, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    symlinkSync("loop-b", join(folder, "loop-a"));
    symlinkSync("loop-a", join(folder, "loop-b"));
    const good = file("good", signAdHoc(machO()));
    const paths = [join(folder, "none"), pipe, "/dev/zero", join(folder, "loop-a"), file("empty", ""), good];
    const { code, lines, stderr } = inspect(...paths);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(lines.map(({ verdict }) => [verdict.class, verdict.problems[0] ?? verdict.notes[0] ?? null])).toEqual([
      ["unknown", "read-enoent"],
      ["unknown", "read-not-a-file"],
      ["unknown", "read-not-a-file"],
      ["unknown", "read-eloop"],
      ["not-code", "empty-file"],
      ["ad-hoc", null],
    ]);
    const reasons = lines
      .filter(({ verdict }) => verdict.class === "unknown")
      .map(({ messages }) => messages[0]?.message);
    expect(reasons).toHaveLength(4);
    for (const reason of reasons) expect(reason).toMatch(/\.$/);
  });

  it("reads the header of a 4 GB program without reading the rest", () => {
    const bytes = signAdHoc(machO());
    const path = file("huge", bytes);
    const fd = openSync(path, "r+");
    ftruncateSync(fd, 4 * 1024 ** 3 + 4096);
    writeSync(fd, "end", 4 * 1024 ** 3);
    closeSync(fd);
    const { code, lines } = inspect("--header", path);
    expect(code).toBe(1);
    expect(lines[0]?.verdict.class).toBe("invalid");
  });
});

describe("sealbar inspect on a folder", () => {
  it("inspects what holds code, counts the rest, and sums up", () => {
    const tree = join(folder, "tree");
    file("tree/bin/tool", signAdHoc(machO()));
    file("tree/bin/plain", machO({ signable: false }));
    file("tree/readme.txt", "hello");
    file("tree/lib/x.js", "1");
    writeBundle(join(tree, "Applications"), { files: { "Resources/a.txt": "one" } });
    symlinkSync("bin", join(tree, "link"));
    expect(spawnSync("mkfifo", [join(tree, "pipe")]).status).toBe(0);
    const json = inspect(tree);
    expect(json.code).toBe(1);
    expect(json.lines.map(({ path, verdict }) => [path.slice(tree.length + 1), verdict.class])).toEqual([
      ["Applications/Invoice Viewer.app", "ad-hoc"],
      ["bin/plain", "unsigned"],
      ["bin/tool", "ad-hoc"],
    ]);
    expect(json.stderr).toContain("3 with code in 4 folders");
    const { stdout } = runCli("inspect", tree);
    expect(stdout).toContain("not signed");
    expect(stdout).toMatch(/2 {2}other files hold no code/);
    expect(stdout).toMatch(/1 {2}symbolic links? /);
    expect(stdout).toMatch(/1 {2}pipes?, /);
  });

  it("is done when there is no code at all", () => {
    file("no-code/a.txt", "a");
    const { code, stdout } = runCli("inspect", join(folder, "no-code"));
    expect(stdout).toContain("0 with code in 1 folders");
    expect(code).toBe(0);
  });
});

describe("for people", () => {
  it("puts the verdict first, shows hostile names as text, and what was not checked last", () => {
    const path = file("in\u202evoice\nviewer", signAdHoc(machO(), { identifier: "x\u001b[31m" }));
    const { stdout } = runCli("inspect", path);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toContain("in‹U+202E›voice‹U+000A›viewer");
    expect(lines[0]).toContain("ad hoc (no developer identity)");
    expect(stdout).not.toContain("\u001b[31m");
    expect(stdout).toContain("x‹U+001B›[31m");
    expect(stdout.indexOf("Not checked")).toBeGreaterThan(stdout.indexOf("Checked"));
  });

  it("explains itself, and wrong usage is 64", () => {
    expect(runCli("inspect", "--help")).toMatchObject({ code: 0, stderr: "" });
    for (const args of [[], ["--deep", "--header", "x"], ["--nonsense", "x"], [""]]) {
      const { code, stdout, stderr } = runCli("inspect", ...args);
      expect([code, stdout]).toEqual([64, ""]);
      expect(stderr).toMatch(/^sealbar: .+/);
    }
  });

  // Root may read everything, so there is nothing to see as root.
  if (process.getuid?.() !== 0) {
    it("says that permission was denied", () => {
      const path = file("secret", signAdHoc(machO()));
      chmodSync(path, 0);
      expect(inspect(path).lines[0]?.verdict.problems).toEqual(["read-eacces"]);
    });
  }
});
