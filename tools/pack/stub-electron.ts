import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writePlist } from "./plist.ts";

/** Where a 64-bit Mach-O begins (mach-o/loader.h, MH_MAGIC_64, little-endian on disk). */
const MACH_O = Buffer.from([0xcf, 0xfa, 0xed, 0xfe]);

/** What @electron/fuses looks for in a real Electron (its README and constants), followed by version, length and states. */
const FUSE_SENTINEL = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const FUSE_VERSION = 1;

const HELPERS = ["Electron Helper", "Electron Helper (GPU)", "Electron Helper (Plugin)", "Electron Helper (Renderer)"];

/**
 * Makes a folder with the shape of Electron's macOS distribution and none of its code, so that packing can be proved
 * on a machine that cannot have the real one. What it packs cannot run.
 * @param fuseCount how many fuses its wire has, all off
 */
export function makeStubElectron(folder: string, version: string, fuseCount: number): void {
  rmSync(folder, { recursive: true, force: true });
  const contents = path.join(folder, "Electron.app/Contents");
  makeBundle(contents, "Electron", "com.github.Electron", version);
  makeLanguages(path.join(contents, "Resources"));
  for (const helper of HELPERS) {
    makeBundle(path.join(contents, `Frameworks/${helper}.app/Contents`), helper, "com.github.Electron.helper", version);
  }
  const framework = path.join(contents, "Frameworks/Electron Framework.framework");
  const current = path.join(framework, "Versions/A");
  makeLanguages(path.join(current, "Resources"));
  const wire = Buffer.from([FUSE_VERSION, fuseCount, ...Buffer.from("0".repeat(fuseCount))]);
  const padding = Buffer.alloc(64);
  writeFileSync(
    path.join(current, "Electron Framework"),
    Buffer.concat([MACH_O, padding, Buffer.from(FUSE_SENTINEL), wire, padding]),
    { mode: 0o755 },
  );
  symlinkSync("A", path.join(framework, "Versions/Current"));
  symlinkSync("Versions/Current/Electron Framework", path.join(framework, "Electron Framework"));
  for (const name of ["LICENSE", "LICENSES.chromium.html"]) writeFileSync(path.join(folder, name), "stub\n");
  writeFileSync(path.join(folder, "version"), version);
}

/** Two of Electron's languages: one that is kept and one that is not. */
function makeLanguages(resources: string): void {
  for (const language of ["en", "de"]) {
    mkdirSync(path.join(resources, `${language}.lproj`), { recursive: true });
    writeFileSync(path.join(resources, `${language}.lproj`, "locale.pak"), "stub");
  }
}

/** The beginning of each architecture's programs: mach-o/loader.h, and CPU_TYPE_* of mach/machine.h. */
const CPU_TYPES = { arm64: 0x0100000c, x64: 0x01000007 } as const;

/** Makes files that are helpers by their place and their first bytes only. */
export function makeStubHelpers(folder: string): void {
  for (const [arch, cpuType] of Object.entries(CPU_TYPES)) {
    const type = Buffer.alloc(4);
    type.writeUInt32LE(cpuType);
    mkdirSync(path.join(folder, `darwin-${arch}`), { recursive: true });
    const program = Buffer.concat([MACH_O, type, Buffer.alloc(64)]);
    writeFileSync(path.join(folder, `darwin-${arch}`, "sealbar-helper"), program, { mode: 0o755 });
  }
}

function makeBundle(contents: string, name: string, identifier: string, version: string): void {
  mkdirSync(path.join(contents, "MacOS"), { recursive: true });
  writeFileSync(path.join(contents, "MacOS", name), Buffer.concat([MACH_O, Buffer.alloc(64)]), { mode: 0o755 });
  const info = writePlist({
    CFBundleName: name,
    CFBundleDisplayName: name,
    CFBundleIdentifier: identifier,
    CFBundleExecutable: name,
    CFBundlePackageType: "APPL",
    CFBundleVersion: version,
    CFBundleShortVersionString: version,
    CFBundleIconFile: "electron.icns",
  });
  writeFileSync(path.join(contents, "Info.plist"), info);
}
