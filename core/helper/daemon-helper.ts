import { createConnection, type Socket } from "node:net";
import { errnoName } from "./safe-owner.ts";
import type { Timers } from "./timers.ts";
import { MAX_WAITING_BYTES, type Transport, type TransportListener } from "./transport.ts";

export interface DaemonHelperOptions {
  /** As `verifySocket` judged it. */
  socket: string;
  timers: Timers;
}

/** So long for the daemon to close the connection itself, after we said that we are done. */
export const CLOSE_LIMIT_MS = 2000;

/** A connection to the launch daemon, which goes on without us. */
export function connectDaemon(options: DaemonHelperOptions, listener: TransportListener): Transport {
  return new DaemonConnection(options, listener);
}

class DaemonConnection implements Transport {
  readonly #socket: Socket;
  readonly #listener: TransportListener;
  readonly #timers: Timers;
  readonly #done = Promise.withResolvers<void>();
  #cancelTimer: () => void = () => undefined;
  #why = "The launch daemon closed the connection.";
  #ending = false;
  #over = false;

  constructor({ socket, timers }: DaemonHelperOptions, listener: TransportListener) {
    this.#listener = listener;
    this.#timers = timers;
    this.#socket = createConnection({ path: socket });
    this.#socket.on("data", (chunk: Buffer) => {
      if (!this.#over) this.#listener.data(chunk);
    });
    this.#socket.on("error", (error) => {
      this.#why = `The connection to the launch daemon failed (${errnoName(error)}).`;
    });
    this.#socket.on("close", () => {
      this.#finish();
    });
  }

  write(line: string): boolean {
    if (this.#over || !this.#socket.writable || this.#socket.writableLength > MAX_WAITING_BYTES) return false;
    this.#socket.write(line);
    return true;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): Promise<void> {
    if (this.#ending || this.#over) return this.#done.promise;
    this.#ending = true;
    this.resume();
    this.#socket.end();
    this.#cancelTimer = this.#timers.after(CLOSE_LIMIT_MS, () => {
      this.#socket.destroy();
    });
    return this.#done.promise;
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer();
    this.#listener.ended(this.#why);
    this.#done.resolve();
  }
}
