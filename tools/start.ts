import { createRequire } from "node:module";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, runTool } from "./test/step.ts";

const DEMO = "assets/demo/demo.sealcap.jsonl";
const DEMO_DB = "out/demo/demo.db";
/** Plays the recording's forty minutes of machine life well within half a minute. */
const DEMO_SPEED = "120";
/** An app that fails within this time, building included, never showed a window. */
const OPENING_MS = 60_000;

/** Why the app's window cannot open here, or null. */
function whyNoApp(): string | null {
  if (process.platform !== "darwin") return "this is not a Mac";
  try {
    createRequire(import.meta.url).resolve("electron");
    return null;
  } catch {
    return "Electron is not installed";
  }
}

/** Without the helper the app opens all the same, says that it watches nothing, and plays recordings. */
async function buildHelper(): Promise<void> {
  if ((await runTool("node", ["native/build.ts", "host"])) === 0) return;
  console.log(
    "The native helper could not be built, so this Mac is not watched. Install Apple's compiler with “xcode-select --install” and start again.\n",
  );
}

async function openApp(): Promise<number> {
  await buildHelper();
  const built = await runTool("electron-vite", ["build", "--logLevel", "warn"]);
  return built === 0 ? runTool("electron", ["."]) : built;
}

async function playInTerminal(why: string): Promise<number> {
  console.log(
    `The menu-bar app cannot open here (${why}), so the same monitor plays the bundled recording in this terminal.\n`,
  );
  rmSync(join(ROOT, dirname(DEMO_DB)), { recursive: true, force: true });
  return runTool("node", ["core/cli/main.ts", "replay", DEMO, "--db", DEMO_DB, "--speed", DEMO_SPEED]);
}

const why = whyNoApp();
if (why !== null) {
  process.exitCode = await playInTerminal(why);
} else {
  const started = performance.now();
  const code = await openApp();
  // Without its binary or without a display (over SSH) Electron ends at once; later, it was the app that ended.
  const neverOpened = code !== 0 && performance.now() - started < OPENING_MS;
  process.exitCode = neverOpened ? await playInTerminal("Electron could not be started") : code;
}
