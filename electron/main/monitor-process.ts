import { utilityProcess } from "electron";
import type { MonitorProcess } from "./monitor-host.ts";

/** Runs the built monitor in a utility process of its own. */
export function forkMonitor(entry: string): MonitorProcess {
  const child = utilityProcess.fork(entry, [], { serviceName: "Sealbar Monitor" });
  return {
    postMessage: (message) => child.postMessage(message),
    kill: () => void child.kill(),
    onMessage: (listener) => void child.on("message", (message: unknown) => listener(message)),
    onExit: (listener) => void child.once("exit", listener),
  };
}
