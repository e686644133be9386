import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { time } from "#tools/signing/certificate.ts";
import { machO } from "#tools/signing/mach-o.ts";
import { allSignedPackages, type PackageName } from "#tools/signing/packages.ts";
import { signAdHoc } from "#tools/signing/sign.ts";
import { inspectFile } from "../inspect.ts";

/** Real Developer ID code in places that its signer did not put it. */
const NOW = time("2026-11-21T10:00:00Z");
const folders = allSignedPackages();

describe.skipIf(!folders)("code that is really signed", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sealbar-review-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const realPath = (from: PackageName, path: string): string => join(folders?.[from] ?? "", path);
  const evil = (): Buffer => signAdHoc(machO());
  const inspect = (name: string) => {
    const { verdict, bundle } = inspectFile(join(folder, name), { depth: "deep", now: NOW });
    return { class: verdict.class, resources: bundle?.resources, problems: verdict.problems.map(({ id }) => id) };
  };
  function oldApp(name: string): string {
    cpSync(realPath("osx-notifier", "osx/terminal-notifier-info.app"), join(folder, name), { recursive: true });
    return join(folder, name, "Contents");
  }

  it("is no app's when someone puts an app around it", () => {
    const contents = join(folder, "Evil.app/Contents");
    mkdirSync(join(contents, "MacOS"), { recursive: true });
    cpSync(realPath("node", "bin/node"), join(contents, "MacOS/node"));
    writeFileSync(
      join(contents, "Info.plist"),
      "<plist><dict><key>CFBundleExecutable</key><string>node</string></dict></plist>",
    );
    expect(inspect("Evil.app")).toEqual({
      class: "invalid",
      resources: "absent",
      problems: ["resources-not-sealed"],
    });
  });

  it("is not trusted with code beside it that its old seal does not cover", () => {
    const contents = oldApp("Old.app");
    expect(inspect("Old.app")).toMatchObject({ class: "developer-id", resources: "ok" });
    mkdirSync(join(contents, "Frameworks"));
    writeFileSync(join(contents, "Frameworks/evil.dylib"), evil());
    expect(inspect("Old.app")).toEqual({ class: "unknown", resources: "not-checked", problems: [] });
  });

  it("is not trusted when a part of it could not be looked at", () => {
    mkdirSync(join(oldApp("Deep.app"), "Frameworks", ...Array.from({ length: 70 }, () => "d")), { recursive: true });
    expect(inspect("Deep.app")).toMatchObject({ class: "unknown", resources: "not-checked" });
  });

  it("does not vouch for the folder that wraps it", () => {
    oldApp("Outer.app/Wrapper/Real.app");
    symlinkSync("Wrapper/Real.app", join(folder, "Outer.app/WrappedBundle"));
    expect(inspect("Outer.app").class).toBe("developer-id");
    mkdirSync(join(folder, "Outer.app/Contents/MacOS"), { recursive: true });
    writeFileSync(join(folder, "Outer.app/Contents/MacOS/Outer"), evil());
    expect(inspect("Outer.app").class).toBe("invalid");
  });
});
