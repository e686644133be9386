import { EventEmitter } from "node:events";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { registerElectron } from "./register.ts";
import { partOf } from "./surface.ts";
import type * as Electron from "electron";

const [, , modulePath = "", ...args] = process.argv;
const events = new EventEmitter();
const waiting: unknown[] = [];

function deliver(data: unknown): void {
  if (!events.emit("message", { data, ports: [] })) waiting.push(data);
}
// Messages wait for the first listener, as a MessagePort's do.
events.on("newListener", (name) => {
  if (name !== "message") return;
  queueMicrotask(() => {
    for (const data of waiting.splice(0)) deliver(data);
  });
});
process.on("message", deliver);
// The main process is gone, so this one must not go on by itself.
process.on("disconnect", () => process.exit(0));

const members = partOf<Electron.ParentPort>()({
  postMessage(message: unknown): void {
    structuredClone(message);
    process.send?.(message);
  },
});
Object.defineProperty(process, "parentPort", { value: Object.assign(events, members), enumerable: true });
Object.defineProperty(process, "type", { value: "utility", enumerable: true });
registerElectron("./electron-utility.ts");
process.argv = [process.argv[0] ?? "", resolve(modulePath), ...args];
await import(pathToFileURL(resolve(modulePath)).href);
