import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { _electron, test as base } from "@playwright/test";
import { electronBinary, STAND_IN } from "./electron-binary.ts";
import { RunningApp } from "./running-app.ts";

export interface LaunchOptions {
  /** Plays the bundled recording. */
  demo?: boolean;
  /** A capture to show. */
  recording?: string;
  /** Another test app's user data; without it every launch has a folder of its own. */
  userDataDir?: string;
  /** Presents a Mac to the application's own code; only the stand-in can. */
  platform?: "darwin";
}

const APP = resolve(import.meta.dirname, "../..");
/** The bundled recording as a file: opened as one it is read at once, while `demo` plays it as a story. */
export const DEMO_RECORDING = join(APP, "assets/demo/demo.sealcap.jsonl");
const LAUNCH_TIMEOUT_MS = 20_000;

export interface AppFixtures {
  /** Launches Sealbar; what is launched is quit at the end, and must leave nothing behind. */
  launch: (options?: LaunchOptions) => Promise<RunningApp>;
  /** A folder of this test's own. */
  folder: string;
}

/**
 * Starts Sealbar on a user-data folder that another one holds: it ends by itself before a driver could attach.
 * @returns its exit code, or the signal that ended it
 */
export function runSecondInstance(userDataDir: string, args: readonly string[]): Promise<number | string | null> {
  const child = spawn(electronBinary() ?? STAND_IN, [APP, `--user-data-dir=${userDataDir}`, ...args], {
    stdio: "ignore",
    timeout: LAUNCH_TIMEOUT_MS,
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal));
  });
}

function argumentsFor(options: LaunchOptions, userDataDir: string): string[] {
  return [
    APP,
    `--user-data-dir=${userDataDir}`,
    ...(options.demo === true ? ["--demo"] : []),
    ...(options.recording === undefined ? [] : [`--recording=${options.recording}`]),
  ];
}

export const test = base.extend<AppFixtures>({
  // Playwright reads the first parameter's pattern to learn which fixtures are needed: here none.
  // oxlint-disable-next-line no-empty-pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "sealbar-e2e-"));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },

  launch: async ({ folder }, use, testInfo) => {
    const apps: RunningApp[] = [];
    const binary = electronBinary();
    await use(async (options = {}) => {
      const userDataDir = options.userDataDir ?? mkdtempSync(join(folder, "user-data-"));
      const electron = await _electron.launch({
        ...(binary === null ? { executablePath: STAND_IN } : {}),
        args: argumentsFor(options, userDataDir),
        cwd: APP,
        timeout: LAUNCH_TIMEOUT_MS,
        // The app follows nativeTheme; without this Playwright would set a theme of its own.
        colorScheme: null,
        locale: "en-US",
        timezoneId: "UTC",
        env: {
          ...(process.env as Record<string, string>),
          TZ: "UTC",
          ...(options.platform === undefined ? {} : { SEALBAR_STAND_IN_PLATFORM: options.platform }),
        },
      });
      const app = new RunningApp(electron, userDataDir, binary === null);
      apps.push(app);
      return app;
    });
    const failed = testInfo.status !== testInfo.expectedStatus;
    for (const [index, app] of apps.entries()) {
      if (failed) await testInfo.attach(`output-${index}.txt`, { body: app.output, contentType: "text/plain" });
      await app.quit();
    }
  },
});

export { expect } from "@playwright/test";
