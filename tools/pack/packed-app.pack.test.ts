import { accessSync, constants, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { extractFile, listPackage, statFile } from "@electron/asar";
import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { describe, expect, it } from "vitest";
import { FUSES } from "./fuses.ts";
import { readPlist } from "./plist.ts";

// Reads back what `npm run pack` made. It proves the configuration; only a Mac proves that the app starts.
const root = path.join(import.meta.dirname, "../..");
const packageJson = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };

/** Every file below a folder, relative to it. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

describe.each([
  { arch: "arm64", folder: "mac-arm64" },
  { arch: "x64", folder: "mac" },
])("the packed app for $arch", ({ arch, folder }) => {
  const app = path.join(root, "dist", folder, "Sealbar.app");
  const contents = path.join(app, "Contents");
  const resources = path.join(contents, "Resources");
  const asar = path.join(resources, "app.asar");
  const packed = () => listPackage(asar, { isPack: false }).map((file) => file.replaceAll("\\", "/"));

  it("is a menu-bar app with its own identity, for macOS 13 and later", () => {
    const info = readPlist(readFileSync(path.join(contents, "Info.plist"), "utf8"));
    expect(info).toMatchObject({
      CFBundleIdentifier: "app.sealbar",
      CFBundleName: "Sealbar",
      CFBundleExecutable: "Sealbar",
      CFBundleShortVersionString: packageJson.version,
      LSUIElement: true,
      LSMinimumSystemVersion: "13.0",
      LSApplicationCategoryType: "public.app-category.utilities",
      ElectronAsarIntegrity: {
        "Resources/app.asar": { algorithm: "SHA256", hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
  });

  it("has every fuse as it is spelt out", async () => {
    const { version: _version, ...wire } = await getCurrentFuseWire(app);
    const expected = Object.entries(FUSES).map(([fuse, on]) => [fuse, on ? FuseState.ENABLE : FuseState.DISABLE]);
    expect(wire).toEqual(Object.fromEntries(expected));
    expect(wire[FuseV1Options.RunAsNode]).toBe(FuseState.DISABLE);
  });

  it("holds the built app and nothing it is built from", () => {
    const files = packed();
    expect(files).toEqual(
      expect.arrayContaining([
        "/package.json",
        "/out/main/main.js",
        "/out/main/monitor.js",
        "/out/main/inspect-worker.js",
        "/out/preload/preload.cjs",
        "/out/renderer/index.html",
      ]),
    );
    expect(files.some((file) => /^\/out\/renderer\/assets\/.+\.js$/.test(file))).toBe(true);
    expect(
      files.filter((file) => /\.(?:tsx?|map|[ch]|cc|cpp|md|jsonl|gyp)$|\.test\.|\/(?:test|e2e|bench)\//.test(file)),
    ).toEqual([]);
    const modules = new Set(files.flatMap((file) => /^\/node_modules\/([^/]+)/.exec(file)?.[1] ?? []));
    expect([...modules]).toEqual(["better-sqlite3"]);
  });

  it("holds no path of the machine it was packed on", () => {
    const scripts = packed().filter((file) => /^\/out\/.+\.c?js$/.test(file));
    expect(scripts.filter((file) => extractFile(asar, file.slice(1)).includes(root))).toEqual([]);
  });

  it("has one native module, for this architecture, outside the archive", () => {
    const native = `node_modules/better-sqlite3/prebuilds/darwin-${arch}.node`;
    expect(packed().filter((file) => file.endsWith(".node"))).toEqual([`/${native}`]);
    expect(statFile(asar, native)).toMatchObject({ unpacked: true });
    expect(filesBelow(`${asar}.unpacked`)).toEqual([native]);
  });

  it("has its rules, its demo and its menu-bar images as resources", () => {
    const files = filesBelow(resources);
    expect(files).toContain("assets/demo/demo.sealcap.jsonl");
    for (const icon of ["calm", "attention", "alert", "degraded"]) {
      expect(files).toContain(`assets/icons/tray/${icon}Template.png`);
      expect(files).toContain(`assets/icons/tray/${icon}Template@2x.png`);
    }
    const rules = files.filter((file) => file.startsWith("rules/"));
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((file) => !/\.ya?ml$/.test(file))).toEqual([]);
  });

  it("has the helper beside the app's executable, and both can be run", () => {
    const folder = path.join(contents, "MacOS");
    expect(readdirSync(folder).sort()).toEqual(["Sealbar", "sealbar-helper"]);
    const daemons = path.join(contents, "Library/LaunchDaemons");
    expect(readdirSync(daemons)).toEqual(["app.sealbar.helper.plist"]);
    expect(readFileSync(path.join(daemons, "app.sealbar.helper.plist"), "utf8")).toContain(
      "<key>BundleProgram</key><string>Contents/MacOS/sealbar-helper</string>",
    );
    for (const name of ["Sealbar", "sealbar-helper"]) {
      accessSync(path.join(folder, name), constants.X_OK);
      expect(statSync(path.join(folder, name)).mode & 0o022).toBe(0);
    }
  });

  it("has the helper built for this architecture", () => {
    const binary = readFileSync(path.join(contents, "MacOS/sealbar-helper"));
    expect(binary.readUInt32LE(0)).toBe(MH_MAGIC_64);
    expect(binary.readUInt32LE(CPU_TYPE_AT)).toBe(CPU_TYPE[arch]);
  });

  it("has the app's icon", () => {
    const icon = readFileSync(path.join(resources, "icon.icns"));
    expect(icon.equals(readFileSync(path.join(root, "assets/icons/app/Sealbar.icns")))).toBe(true);
  });
});

/** mach-o/loader.h and mach/machine.h. */
const MH_MAGIC_64 = 0xfeedfacf;
const CPU_TYPE_AT = 4;
const CPU_TYPE: Record<string, number> = { arm64: 0x0100000c, x64: 0x01000007 };
