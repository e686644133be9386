import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { visibleText } from "#contract/visible-text.ts";
import { errnoName } from "./safe-owner.ts";
import type { Timers } from "./timers.ts";
import { MAX_WAITING_BYTES, type Transport, type TransportListener } from "./transport.ts";

/** Sources of the helper itself in the standard tier (native/PROTOCOL.md). */
export const STANDARD_SOURCES = ["log", "proc", "probe"] as const;
export type StandardSource = (typeof STANDARD_SOURCES)[number];

export interface StandardHelperOptions {
  /** As `verifyBinary` gave it. */
  path: string;
  sources: readonly StandardSource[];
  timers: Timers;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Nothing of ours is handed down: no tokens, no DYLD_ or NODE_ variables. */
const ENVIRONMENT = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", LANG: "C", LC_ALL: "C" };
const MAX_STDERR_CHARS = 1024;
const MAX_SHOWN_CHARS = 200;

/** Each step of ending it gets so long: by itself, by SIGTERM; and its output, when something still holds it open. */
export const END_STEP_MS = 2000;

/** The helper as a child of ours, in a process group of its own. What it starts dies with it (its guardian sees to that). */
export function startStandardHelper(options: StandardHelperOptions, listener: TransportListener): Transport {
  return new StandardHelper(options, listener);
}

class StandardHelper implements Transport {
  readonly #child: Child | null;
  readonly #listener: TransportListener;
  readonly #timers: Timers;
  readonly #done = Promise.withResolvers<void>();
  #cancelTimer: () => void = () => undefined;
  #stderr = "";
  #why = "The helper ended.";
  #ending = false;
  #over = false;

  constructor({ path, sources, timers }: StandardHelperOptions, listener: TransportListener) {
    this.#listener = listener;
    this.#timers = timers;
    this.#child = this.#spawn(path, ["--standard", `--sources=${sources.join(",")}`]);
    if (this.#child !== null) this.#attend(this.#child);
  }

  write(line: string): boolean {
    const stdin = this.#child?.stdin;
    if (stdin === undefined || this.#over || !stdin.writable || stdin.writableLength > MAX_WAITING_BYTES) return false;
    stdin.write(line);
    return true;
  }

  pause(): void {
    this.#child?.stdout.pause();
  }

  resume(): void {
    this.#child?.stdout.resume();
  }

  end(): Promise<void> {
    if (this.#ending || this.#over) return this.#done.promise;
    this.#ending = true;
    this.resume();
    this.#child?.stdin.end();
    this.#cancelTimer = this.#timers.after(END_STEP_MS, () => {
      this.#signal("SIGTERM");
      this.#cancelTimer = this.#timers.after(END_STEP_MS, () => {
        this.#signal("SIGKILL");
      });
    });
    return this.#done.promise;
  }

  #spawn(path: string, args: readonly string[]): Child | null {
    try {
      return spawn(path, args, { cwd: "/", env: ENVIRONMENT, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    } catch (error) {
      const reason = `The helper cannot be started (${errnoName(error)}).`;
      queueMicrotask(() => {
        this.#finish(reason);
      });
      return null;
    }
  }

  #attend(child: Child): void {
    child.stdout.on("data", (chunk: Buffer) => {
      if (!this.#over) this.#listener.data(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString("latin1")).slice(-MAX_STDERR_CHARS);
    });
    // A pipe that broke shows by the end of the program, too.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => undefined);
    child.on("error", (error) => {
      if (child.pid === undefined) this.#finish(`The helper cannot be started (${errnoName(error)}).`);
    });
    child.on("exit", (code, signal) => {
      this.#why = signal === null ? `The helper ended (exit code ${code}).` : `The helper was ended by ${signal}.`;
      this.#cancelTimer();
      this.#cancelTimer = this.#timers.after(END_STEP_MS, () => {
        this.#leaveOutput(child);
      });
    });
    child.on("close", () => {
      this.#finish(this.#why);
    });
  }

  /** It has ended, but something that it started still holds its output: that is of its group, or out of our reach. */
  #leaveOutput(child: Child): void {
    this.#signal("SIGKILL");
    child.stdout.destroy();
    child.stderr.destroy();
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined || this.#over) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Nobody is left in the group.
    }
  }

  #finish(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer();
    const last = this.#stderr.trim().split("\n").at(-1)?.slice(0, MAX_SHOWN_CHARS) ?? "";
    this.#listener.ended(last === "" ? reason : `${reason} It said: ${visibleText(last)}`);
    this.#done.resolve();
  }
}
