import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { FuseV1Options } from "@electron/fuses";
import { Arch, build, DIR_TARGET, Platform } from "electron-builder";
import { buildHelper, compilerFor, outputOf } from "#native/build.ts";
import { packConfig } from "../../electron-builder.config.ts";
import packageJson from "../../package.json" with { type: "json" };
import { HELPERS } from "./before-pack.ts";
import { makeStubElectron, makeStubHelpers } from "./stub-electron.ts";

/**
 * `node tools/pack/pack.ts [--release] [--electron-dist DIR]`: builds and packs the macOS app into dist/.
 * Without --release: the app folders only, unsigned unless an identity is at hand. With it: disk images, on a Mac.
 */
const root = path.join(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: { release: { type: "boolean", default: false }, "electron-dist": { type: "string" } },
});

const ELECTRON_VERSION = packageJson.devDependencies.electron;
const STUB_HELPERS = ".cache/stub-helpers";
const FUSE_COUNT = Object.values(FuseV1Options).filter((value) => typeof value === "number").length;

function buildApp(): void {
  const tool = path.join(root, "node_modules/electron-vite/bin/electron-vite.js");
  const { status } = spawnSync(process.execPath, [tool, "build"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The app could not be built.");
}

/**
 * Builds the native helper for both architectures.
 * @returns the folder that holds them, from the project's root
 */
function buildHelpers(): string {
  for (const target of ["darwin-arm64", "darwin-x64"] as const) {
    const compiler = compilerFor(target);
    if (compiler === null) {
      makeStubHelpers(path.join(root, STUB_HELPERS));
      console.log(
        "Packing stubs of the native helper too: building it needs a Mac, or zig (SEALBAR_ZIG=/path/to/zig).",
      );
      return STUB_HELPERS;
    }
    const problem = buildHelper({ compiler, output: outputOf(target) });
    if (problem !== null) throw new Error(`The native helper could not be built for ${target}.\n${problem}`);
  }
  return HELPERS;
}

/** Electron's own distribution is left to electron-builder on a Mac; elsewhere a stub takes its place. */
function electronDist(): string | null {
  if (values["electron-dist"] !== undefined) return path.resolve(values["electron-dist"]);
  if (process.platform === "darwin") return null;
  const stub = path.join(root, ".cache", `stub-electron-${ELECTRON_VERSION}`);
  makeStubElectron(stub, ELECTRON_VERSION, FUSE_COUNT);
  console.log("Packing around a stub of Electron, since this is not a Mac: the result can be inspected, but not run.");
  return stub;
}

async function main(): Promise<void> {
  if (values.release && process.platform !== "darwin") throw new Error("Disk images are made on a Mac only.");
  buildApp();
  const dist = electronDist();
  const config = packConfig(buildHelpers());
  const target = values.release ? "dmg" : DIR_TARGET;
  await build({
    projectDir: root,
    targets: Platform.MAC.createTarget(target, Arch.arm64, Arch.x64),
    publish: "never",
    config: { ...config, ...(dist !== null && { electronDist: dist }) },
  });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
