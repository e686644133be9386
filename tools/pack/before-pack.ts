import { accessSync, constants } from "node:fs";
import path from "node:path";

/** What must be built before the app is packed, each with how to get it. */
export interface Needed {
  file: string;
  how: string;
  executable: boolean;
}

/** Where the native helper's build leaves one folder for each architecture, from the project's root. */
export const HELPERS = "native/build";

/**
 * @param arch `arm64` or `x64`
 * @param helpers {@link HELPERS}, or where stand-ins for them are
 */
export function neededFor(arch: string, helpers: string): Needed[] {
  const built = (file: string): Needed => ({ file, how: "run `npm run pack`, which builds it", executable: false });
  return [
    built("out/main/main.js"),
    built("out/main/monitor.js"),
    built("out/main/inspect-worker.js"),
    built("out/preload/preload.cjs"),
    built("out/renderer/index.html"),
    { file: "assets/demo/demo.sealcap.jsonl", how: "it belongs to the source tree", executable: false },
    {
      file: `${helpers}/darwin-${arch}/sealbar-helper`,
      how: "run `node native/build.ts` on a Mac, or with SEALBAR_ZIG naming a zig program",
      executable: true,
    },
  ];
}

/**
 * @param root the project's folder
 * @throws one sentence for everything that is missing: electron-builder itself only warns, and packs without it
 */
export function refuseIfMissing(root: string, needed: readonly Needed[]): void {
  const missing = needed.filter(({ file, executable }) => {
    try {
      accessSync(path.join(root, file), executable ? constants.X_OK : constants.R_OK);
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return;
  throw new Error(missing.map(({ file, how }) => `${file} is missing: ${how}.`).join("\n"));
}
