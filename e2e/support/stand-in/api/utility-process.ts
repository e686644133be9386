import { type ChildProcess, fork } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { electronEvent } from "../electron-event.ts";
import { strictEmitter, strictObject } from "../strict.ts";
import { asElectron, type PartOf, partOf } from "../surface.ts";
import { appEvents } from "./app-events.ts";
import type * as Electron from "electron";

const living = new Set<UtilityProcess>();
const ENTRY = new URL("../utility-child.ts", import.meta.url);

/** `waitpid`'s view of the end: the exit code, or the signal's number. */
function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? (signal === null ? 0 : constants.signals[signal]);
}

/** A Node process of its own, with structured-clone messages, as Electron's utility process has them. */
export class UtilityProcess extends strictEmitter("UtilityProcess") implements PartOf<Electron.UtilityProcess> {
  readonly #child: ChildProcess;
  readonly #name: string;

  constructor(modulePath: string, args: string[], options: Electron.ForkOptions) {
    super();
    this.#name = options.serviceName ?? "Node Utility Process";
    const output = options.stdio ?? "inherit";
    if (Array.isArray(output)) throw new Error("stand-in: fork's stdio as a list is not implemented");
    this.#child = fork(ENTRY, [modulePath, ...args], {
      serialization: "advanced",
      execArgv: ["--no-warnings", ...(options.execArgv ?? [])],
      stdio: ["ignore", output, output, "ipc"] as ("ignore" | "inherit" | "pipe" | "ipc")[],
      env: { ...(options.env ?? process.env) },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    living.add(this);
    this.#child.on("spawn", () => this.emit("spawn"));
    this.#child.on("message", (message) => this.emit("message", message));
    this.#child.on("error", (error) => process.stderr.write(`stand-in: utility process: ${error.message}\n`));
    this.#child.on("exit", (code, signal) => this.#ended(exitCode(code, signal), signal));
  }

  get pid(): number | undefined {
    return living.has(this) ? this.#child.pid : undefined;
  }

  get stdout(): Readable | null {
    return this.#child.stdout;
  }

  get stderr(): Readable | null {
    return this.#child.stderr;
  }

  /** @throws DataCloneError for what cannot be cloned; a process that has ended hears nothing. */
  postMessage(message: unknown): void {
    structuredClone(message);
    if (this.#child.connected) this.#child.send(message as object, () => undefined);
  }

  kill(): boolean {
    return this.#child.kill("SIGTERM");
  }

  static nameOf(utility: UtilityProcess): string {
    return utility.#name;
  }

  static end(utility: UtilityProcess): void {
    utility.#child.kill("SIGKILL");
  }

  #ended(code: number, signal: NodeJS.Signals | null): void {
    living.delete(this);
    this.emit("exit", code);
    const reason = signal !== null ? "killed" : code === 0 ? "clean-exit" : "abnormal-exit";
    const details = {
      type: "Utility",
      reason,
      exitCode: code,
      serviceName: "node.mojom.NodeService",
      name: this.#name,
    };
    if (code !== 0) appEvents.emit("child-process-gone", electronEvent({}), details);
  }
}

export const utilityProcess = strictObject(
  "utilityProcess",
  partOf<typeof Electron.utilityProcess>()({
    fork: (modulePath: string, args: string[] = [], options: Electron.ForkOptions = {}) =>
      asElectron<Electron.UtilityProcess>(new UtilityProcess(modulePath, args, options)),
  }),
);

export function utilityProcessMetrics(): Electron.ProcessMetric[] {
  return [...living].map((utility) =>
    asElectron<Electron.ProcessMetric>({
      pid: utility.pid ?? 0,
      type: "Utility",
      serviceName: "node.mojom.NodeService",
      name: UtilityProcess.nameOf(utility),
    }),
  );
}

/** As when Electron's main process ends: its utility processes go with it. */
export function endUtilityProcesses(): void {
  for (const utility of living) UtilityProcess.end(utility);
}
