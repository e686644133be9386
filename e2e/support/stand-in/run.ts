import { pathToFileURL } from "node:url";
import { appState } from "./app-state.ts";
import { startBrowser } from "./chromium/browser.ts";
import { electronEvent } from "./electron-event.ts";
import { readEnvironment, setEnvironment } from "./environment.ts";
import { registerElectron } from "./register.ts";

/** Entry of the stand-in executable: what Electron does before and after it runs the application's main module. */
const [node = "", , ...args] = process.argv;
const environment = readEnvironment(args, process.env);
setEnvironment(environment);
registerElectron("./electron.ts");
Object.defineProperty(process, "type", { value: "browser", enumerable: true });
Object.defineProperty(process, "resourcesPath", { value: environment.appDir, enumerable: true });
// The application's own code sees this platform; the utility process and Chromium keep the true one, because they
// load native files by it.
const platform = process.env["SEALBAR_STAND_IN_PLATFORM"];
if (platform !== undefined) Object.defineProperty(process, "platform", { value: platform, enumerable: true });
process.argv = [node, ...args];

function driverAttached(): Promise<void> {
  if (!environment.awaitDriver) return Promise.resolve();
  return new Promise((resolve) => Object.defineProperty(globalThis, "__playwright_run", { value: resolve }));
}

// Before the first await: the driver may come at any time.
const attached = driverAttached();
const started = startBrowser();
const { app } = await import("./api/app.ts");
process.once("SIGTERM", () => app.quit());
process.once("SIGINT", () => app.quit());
started.catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(70);
});
await import(pathToFileURL(environment.mainModule).href);
await Promise.all([started, attached]);
appState.ready = true;
app.emit("will-finish-launching");
app.emit("ready", electronEvent({}), {});
