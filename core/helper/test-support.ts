import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bytesOf, FakeHelper, type Fault } from "./fake-helper.ts";
import type { HelperCounts, HelperListener, HelperState } from "#core/base/live-helper.ts";

export const DAEMON_SESSION = "99999999-2222-4333-8444-555555555555";
const FAKE = fileURLToPath(new URL("./fake-helper.ts", import.meta.url));

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "sealbar-core-helper-"));
}

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A program in the folder that behaves as the faults say. */
export function installFake(folder: string, ...faults: readonly Fault[]): string {
  const path = join(folder, "sealbar-helper");
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${FAKE}" ${faults.join(" ")} -- "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Writes down what it is told, and lets a test wait for something without asking how long it takes. */
export class Witness implements HelperListener {
  readonly lines: string[] = [];
  readonly states: HelperState[] = [];
  readonly pongs: ReadonlyMap<string, HelperCounts>[] = [];
  readonly marks: number[] = [];
  #waiting: { condition: () => boolean; resolve: () => void }[] = [];

  line(bytes: Buffer): void {
    this.lines.push(bytes.toString("utf8"));
    this.#look();
  }

  state(state: HelperState): void {
    this.states.push(state);
    this.#look();
  }

  pong(_at: number, counts: ReadonlyMap<string, HelperCounts>): void {
    this.pongs.push(counts);
    this.#look();
  }

  mark(mark: number): void {
    this.marks.push(mark);
    this.#look();
  }

  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ condition, resolve });
    return promise;
  }

  /** The states so far, shortened to what a table can hold. */
  words(): string[] {
    return this.states.map((state) => {
      if (state.phase === "connecting") return `connecting ${state.tier ?? "-"}`;
      if (state.phase === "connected") return `connected ${state.tier}${state.degraded === null ? "" : " degraded"}`;
      return state.phase;
    });
  }

  untilSaid(words: string, times = 1): Promise<void> {
    return this.until(() => this.words().filter((said) => said === words).length >= times);
  }

  #look(): void {
    for (const entry of this.#waiting) {
      if (!entry.condition()) continue;
      entry.resolve();
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    }
  }
}

/** The launch daemon of the tests: a server at a Unix socket, in this process. */
export class FakeDaemon {
  readonly path: string;
  readonly clients = new Set<Socket>();
  readonly helpers: FakeHelper[] = [];
  readonly #faults: readonly Fault[];
  #server: Server | null = null;

  constructor(folder: string, ...faults: readonly Fault[]) {
    this.path = join(folder, "helper.sock");
    this.#faults = faults;
  }

  listen(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server = createServer((socket) => {
      this.#serve(socket);
    });
    this.#server.listen(this.path, resolve);
    return promise;
  }

  async close(): Promise<void> {
    this.cut();
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#server === null) return;
    this.#server.close(() => {
      resolve();
    });
    this.#server = null;
    await promise;
  }

  /** As if the daemon had been killed. */
  cut(): void {
    for (const socket of this.clients) socket.destroy();
  }

  say(frame: object | string | Buffer): void {
    for (const socket of this.clients) socket.write(bytesOf(frame));
  }

  #serve(socket: Socket): void {
    this.clients.add(socket);
    socket.on("close", () => this.clients.delete(socket));
    socket.on("error", () => undefined);
    const say = (frame: object | string | Buffer) => {
      if (socket.writable) socket.write(bytesOf(frame));
    };
    const helper = new FakeHelper(say, this.#faults, DAEMON_SESSION);
    this.helpers.push(helper);
    createInterface({ input: socket }).on("line", (line) => {
      if (!helper.answer(line)) socket.end();
    });
  }
}
