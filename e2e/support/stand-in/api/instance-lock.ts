import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

export interface SecondInstance {
  argv: string[];
  workingDirectory: string;
  additionalData: unknown;
}

/** Longest message a second instance may send, in bytes. */
const MESSAGE_MAX = 1024 * 1024;
const LOCK = "SingletonLock";
const SOCKET = "SingletonSocket";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * One process a user-data folder, kept the way Chromium keeps it on macOS and Linux: a symbolic link `SingletonLock`
 * that names host and pid, and a socket through which a second process tells the first about itself.
 */
export class InstanceLock {
  readonly #folder: string;
  readonly #onSecond: (second: SecondInstance) => void;
  #server: Server | null = null;
  #socketFolder: string | null = null;
  #handover: Promise<void> = Promise.resolve();

  constructor(folder: string, onSecond: (second: SecondInstance) => void) {
    this.#folder = folder;
    this.#onSecond = onSecond;
  }

  get isHeld(): boolean {
    return this.#server !== null;
  }

  /** Settles once the first instance has been told. */
  get handover(): Promise<void> {
    return this.#handover;
  }

  /** @returns false when another living process has it; that one is told about `self` */
  acquire(self: SecondInstance): boolean {
    if (this.isHeld) return true;
    mkdirSync(this.#folder, { recursive: true });
    if (!this.#link()) {
      if (this.#holderIsAlive()) {
        this.#handover = this.#tellFirst(self);
        return false;
      }
      this.#removeLinks();
      if (!this.#link()) return false;
    }
    this.#listen();
    return true;
  }

  release(): void {
    if (!this.isHeld) return;
    this.#server?.close();
    this.#server = null;
    this.#removeLinks();
    if (this.#socketFolder !== null) rmSync(this.#socketFolder, { recursive: true, force: true });
  }

  #link(): boolean {
    try {
      symlinkSync(`${hostname()}-${process.pid}`, join(this.#folder, LOCK));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  #holderIsAlive(): boolean {
    const pid = Number(/-(\d+)$/.exec(readlinkSync(join(this.#folder, LOCK)))?.[1]);
    return Number.isInteger(pid) && isAlive(pid);
  }

  #removeLinks(): void {
    for (const name of [LOCK, SOCKET]) rmSync(join(this.#folder, name), { force: true });
  }

  #listen(): void {
    // A socket's path may have about a hundred bytes, so it lives in a short folder and the lock's folder links to it.
    this.#socketFolder = mkdtempSync(join(tmpdir(), "sealbar-lock-"));
    const path = join(this.#socketFolder, "s");
    this.#server = createServer((socket) => {
      let text = "";
      socket.setEncoding("utf8");
      socket.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > MESSAGE_MAX) socket.destroy();
      });
      socket.on("end", () => {
        socket.end("ok");
        this.#onSecond(JSON.parse(text) as SecondInstance);
      });
      socket.on("error", () => undefined);
    });
    this.#server.listen(path);
    this.#server.unref();
    symlinkSync(path, join(this.#folder, SOCKET));
  }

  #tellFirst(self: SecondInstance): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(readlinkSync(join(this.#folder, SOCKET)));
      socket.on("connect", () => socket.end(JSON.stringify(self)));
      socket.on("data", () => resolve());
      socket.on("close", () => resolve());
      socket.on("error", () => resolve());
    });
  }
}
