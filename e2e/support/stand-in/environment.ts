import { readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** What the launcher was asked to run, and how. */
export interface Environment {
  /** The folder of the application's package.json. */
  readonly appDir: string;
  readonly mainModule: string;
  readonly name: string;
  readonly version: string;
  readonly isPackaged: boolean;
  readonly userDataDir: string;
  /** Playwright drives this run: `ready` waits until it is attached, as its own loader does for Electron. */
  readonly awaitDriver: boolean;
  readonly chromium: string;
  readonly locale: string;
  readonly deviceScaleFactor: number;
}

interface AppPackage {
  name: string;
  productName?: string;
  version: string;
  main?: string;
}

/** The value of `--name=value`, or undefined. Electron reads Chromium's switches the same way. */
export function switchValue(argv: readonly string[], name: string): string | undefined {
  const prefix = `--${name}=`;
  return argv.findLast((arg) => arg.startsWith(prefix))?.slice(prefix.length);
}

/** Reads the process's own arguments and variables; `argv` is what follows the launcher's own switches. */
export function readEnvironment(argv: readonly string[], env: NodeJS.ProcessEnv): Environment {
  const target = resolve(argv.find((arg) => !arg.startsWith("-")) ?? ".");
  const isFolder = statSync(target).isDirectory();
  const appDir = isFolder ? target : dirname(target);
  const pkg: AppPackage = isFolder
    ? (JSON.parse(readFileSync(join(appDir, "package.json"), "utf8")) as AppPackage)
    : { name: "Electron", version: "0.0.0" };
  const name = pkg.productName ?? pkg.name;
  return {
    appDir,
    mainModule: isFolder ? join(appDir, pkg.main ?? "index.js") : target,
    name,
    version: pkg.version,
    isPackaged: false,
    userDataDir: switchValue(argv, "user-data-dir") ?? join(tmpdir(), `${name}-stand-in`),
    awaitDriver: env["SEALBAR_STAND_IN_AWAIT_DRIVER"] === "1",
    chromium: env["SEALBAR_CHROMIUM"] ?? "/usr/bin/chromium",
    locale: "en-US",
    deviceScaleFactor: Number(env["SEALBAR_STAND_IN_SCALE"] ?? "1"),
  };
}

// Set once by run.ts, before the application's main module is loaded.
let current: Environment | null = null;

export function setEnvironment(environment: Environment): void {
  current = environment;
}

export function environment(): Environment {
  if (current === null) throw new Error("stand-in: `electron` was imported outside the stand-in executable");
  return current;
}
