import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { connect, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { until } from "./sandbox.ts";

/** Any frame, by its keys; which types there are is the protocol's. */
export interface AnyFrame {
  v: number;
  t: string;
  src?: string;
  n?: number;
  id?: string | number | null;
  [key: string]: unknown;
}

const NEWLINE = 0x0a;

/** What came from the helper, and the way to ask it. */
export class Reader {
  readonly frames: AnyFrame[] = [];
  ended = false;
  readonly #to: Writable;
  readonly #from: Readable;
  #pending: Buffer[] = [];

  constructor(from: Readable, to: Writable) {
    this.#from = from;
    this.#to = to;
    to.on("error", () => {});
    from.on("error", () => {});
    from.on("data", (chunk: Buffer) => this.#take(chunk));
    from.on("close", () => {
      this.ended = true;
    });
  }

  #take(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.#pending.push(chunk.subarray(from, at));
      const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(this.#pending));
      this.frames.push(JSON.parse(text) as AnyFrame);
      this.#pending = [];
      from = at + 1;
    }
    if (from < chunk.length) this.#pending.push(chunk.subarray(from));
  }

  send(request: object | string): void {
    this.#to.write(typeof request === "string" ? request : `${JSON.stringify({ v: 1, ...request })}\n`);
  }

  /** Stops taking anything, as a program does that hangs. */
  stall(): void {
    this.#from.pause();
  }

  goOn(): void {
    this.#from.resume();
  }

  of(t: string, src?: string): AnyFrame[] {
    return this.frames.filter((frame) => frame.t === t && (src === undefined || frame.src === src));
  }

  /** The first frame that is so, also if it came before. */
  async wait(what: string, isIt: (frame: AnyFrame) => boolean, limitMs = 10_000): Promise<AnyFrame> {
    await until(() => this.frames.some(isIt) || this.ended, limitMs);
    const found = this.frames.find(isIt);
    if (found === undefined) {
      const seen = this.frames.slice(-12).map((frame) => JSON.stringify(frame).slice(0, 200));
      throw new Error(`no ${what} came${this.ended ? " before the end" : ""}; last frames:\n${seen.join("\n")}`);
    }
    return found;
  }

  status(src: string, state: string): Promise<AnyFrame> {
    return this.wait(
      `status ${src} ${state}`,
      (frame) => frame.t === "status" && frame.src === src && frame["state"] === state,
    );
  }

  #asked = 0;
  /** Sends a request and waits for its answer. */
  ask(request: Record<string, unknown>, limitMs?: number): Promise<AnyFrame> {
    this.#asked += 1;
    const id = `q${this.#asked}`;
    this.send({ ...request, id });
    return this.wait(`answer to ${JSON.stringify(request).slice(0, 100)}`, (frame) => frame.id === id, limitMs);
  }

  end(): void {
    this.#to.end();
  }
}

export class HelperProcess extends Reader {
  readonly process: ChildProcess;
  errors = "";
  readonly #exit: Promise<number | null>;

  constructor(program: string, args: readonly string[]) {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    super(child.stdout, child.stdin);
    this.process = child;
    child.stderr.on("data", (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    this.#exit = new Promise((resolve) => {
      child.once("close", (code) => resolve(code));
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  exit(): Promise<number | null> {
    return this.#exit;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }
}

export class Connection extends Reader {
  readonly socket: Socket;

  private constructor(socket: Socket) {
    super(socket, socket);
    this.socket = socket;
  }

  static async open(path: string): Promise<Connection> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new Connection(socket);
  }
}

/** What a source sent, by what came of it. */
export interface Ledger {
  delivered: number;
  shed: number;
  unreadable: number;
  /** Numbers that came twice. */
  twice: number;
  /** Numbers up to the newest that neither came nor were told as a gap. */
  missing: number[];
}

/** Accounts for every number of one source up to `to`. */
export function account(frames: readonly AnyFrame[], src: string, to: number): Ledger {
  const ledger: Ledger = { delivered: 0, shed: 0, unreadable: 0, twice: 0, missing: [] };
  const known = new Uint8Array(to + 1);
  for (const frame of frames) {
    if (frame.src !== src) continue;
    if (frame.t === "event" || frame.t === "line") {
      const n = frame.n ?? 0;
      if (n > to) continue;
      if (known[n] === 1) ledger.twice += 1;
      known[n] = 1;
      ledger.delivered += 1;
    }
    if (frame.t !== "gap" || typeof frame["from"] !== "number" || typeof frame["to"] !== "number") continue;
    for (let n = frame["from"]; n <= Math.min(frame["to"], to); n += 1) known[n] = 1;
    if (frame["why"] === "unreadable") ledger.unreadable += Number(frame["count"]);
    else ledger.shed += Number(frame["count"]);
  }
  for (let n = 1; n <= to; n += 1) if (known[n] === 0) ledger.missing.push(n);
  return ledger;
}
