import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection } from "./cdp.ts";

/** A private Chromium: no network, no profile of its own that outlives it, no window that nobody asked for. */
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--no-startup-window",
  "--remote-debugging-port=0",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--disable-breakpad",
  "--disable-back-forward-cache",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--disable-ipc-flooding-protection",
  // A frame of another origin stays in the page's process, so that one session sees every frame.
  "--disable-site-isolation-trials",
  "--disable-features=IsolateOrigins,site-per-process,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,PaintHolding,OptimizationHints,MediaRouter",
  "--force-color-profile=srgb",
  "--font-render-hinting=none",
  "--hide-scrollbars",
  "--mute-audio",
  "--no-first-run",
  "--no-default-browser-check",
  "--password-store=basic",
  "--use-mock-keychain",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export interface Chromium {
  connection: Connection;
  /** What Playwright connects to. */
  endpoint: string;
  close: () => Promise<void>;
}

/** @throws (rejects) when the executable is missing or ends before it listens. */
export async function launchChromium(executable: string): Promise<Chromium> {
  const profile = mkdtempSync(join(tmpdir(), "sealbar-chromium-"));
  const child = spawn(executable, [...ARGUMENTS, `--user-data-dir=${profile}`], {
    // In the stand-in's process group: a driver that has to kill the group kills Chromium with it.
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const removeAll = (): void => {
    child.kill("SIGKILL");
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  process.once("exit", removeAll);
  const endpoint = await listeningAddress(child, executable);
  const connection = await Connection.connect(endpoint);
  return {
    connection,
    endpoint,
    close: async () => {
      void connection.root.send("Browser.close").catch(() => undefined);
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
      connection.close();
      removeAll();
    },
  };
}

function listeningAddress(child: ChildProcess, executable: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      // Read on for ever, so that Chromium never blocks on a full pipe; keep only what the address needs.
      if (text.length > 65_536) return;
      text += chunk;
      const match = /DevTools listening on (ws:\/\/\S+)/.exec(text);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.once("error", (error) => reject(new Error(`stand-in: ${executable} cannot be started: ${error.message}`)));
    child.once("exit", (code) => reject(new Error(`stand-in: ${executable} ended (${code}) at once: ${text}`)));
  });
}
