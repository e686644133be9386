import { createInterface } from "node:readline";

/**
 * A stand-in for sealbar-helper over standard input and output, constructed from native/PROTOCOL.md. Run as
 * `node fake-helper.ts SCRIPT… -- --standard …`; each word of the script is one way to behave badly.
 */
export const FAULTS = [
  "die-at-once",
  "die-at-ping",
  "die-in-a-line",
  "stall",
  "never-pong",
  "never-welcome",
  "other-version",
  "other-hello-version",
  "refuse-version",
  "refuse-peer",
  "busy",
  "flood",
  "huge",
  "invalid-utf8",
  "unknown-type",
  "stubborn",
  "environment",
] as const;
export type Fault = (typeof FAULTS)[number];

export const SESSION = "11111111-2222-4333-8444-555555555555";
export const FLOOD = 20_000;
export const HUGE_BYTES = 100 * 1024 * 1024;
const AT = "2026-11-21T10:00:00.000000000Z";

/** The answers to one client, over whatever carries them; the daemon of the tests uses it too. */
export class FakeHelper {
  readonly #say: (frame: object | string | Buffer) => void;
  readonly #faults: ReadonlySet<Fault>;
  readonly #session: string;
  readonly #isDaemon: boolean;
  n = 0;
  /** What was given to be kept; a real daemon keeps the newest of each journal. */
  readonly heads: object[] = [];

  /** A daemon says its hello only after the welcome. */
  constructor(say: (frame: object | string | Buffer) => void, faults: readonly Fault[], daemonSession?: string) {
    this.#say = say;
    this.#faults = new Set(faults);
    this.#isDaemon = daemonSession !== undefined;
    this.#session = daemonSession ?? SESSION;
  }

  hello(): void {
    const v = this.#faults.has("other-hello-version") ? 2 : 1;
    this.#say({ v, t: "hello", session: this.#session, at: AT, host: {}, sources: ["log", "proc", "probe"] });
  }

  event(more: object = {}): void {
    this.n += 1;
    this.#say({ v: 1, t: "event", src: "log", n: this.n, at: AT, body: more });
  }

  /** @returns false when the helper is to be ended now */
  answer(line: string): boolean {
    const request = JSON.parse(line) as {
      r: string;
      id: number;
      path?: string;
      mark?: number;
      journal?: string;
      seq?: number;
      hash?: string;
    };
    const { r, id } = request;
    if (r === "hello") return this.#welcome(id);
    if (r === "ping") return this.#pong(id);
    if (r === "bye") {
      this.#say({ v: 1, t: "bye", at: AT });
      return this.#faults.has("stubborn");
    }
    if (this.#faults.has("busy")) this.#say({ v: 1, t: "refused", at: AT, id, r, why: "busy", count: 1 });
    else if (r === "inspect") {
      const file = {
        path: request.path,
        quarantine: null,
        provenance: null,
        mode: 33_261,
        size: 1,
        mtime: AT,
        cdhash: null,
      };
      this.#say({ v: 1, t: "file", at: AT, id, ...file, assessment: null });
    } else if (r === "anchors" && this.#isDaemon) this.#say({ v: 1, t: "anchors", at: AT, id, heads: this.heads });
    else if (r === "anchor" && this.#isDaemon) {
      const { journal, seq, hash } = request;
      this.heads.push({ journal, seq, hash });
      this.#say({ v: 1, t: "anchored", at: AT, id, journal, seq, hash, kept: true });
    } else if (r === "ack") this.event({ acknowledged: request.mark });
    else this.#say({ v: 1, t: "done", at: AT, id, r });
    return true;
  }

  #welcome(id: number): boolean {
    if (this.#faults.has("never-welcome")) return true;
    const why = this.#faults.has("refuse-version") ? "version" : this.#faults.has("refuse-peer") ? "peer" : null;
    if (why !== null) {
      this.#say({ v: 1, t: "refused", at: AT, id, r: "hello", why, count: 1 });
      return false;
    }
    const protocol = this.#faults.has("other-version") ? [2, 3] : [1];
    this.#say({
      v: 1,
      t: "welcome",
      at: AT,
      id,
      protocol,
      helper: {},
      session: this.#session,
      sources: [],
      spool: null,
    });
    if (this.#isDaemon) this.hello();
    if (this.#faults.has("flood"))
      for (let sent = 0; sent < FLOOD; sent += 1) this.event({ eventMessage: "x".repeat(500) });
    if (this.#faults.has("huge")) {
      this.n += 1;
      const head = `{"v":1,"t":"event","src":"log","n":${this.n},"at":"${AT}","body":{"a":"`;
      this.#say(Buffer.concat([Buffer.from(head), Buffer.alloc(HUGE_BYTES, 0x78), Buffer.from('"}}\n')]));
      this.event({ after: "the long one" });
    }
    if (this.#faults.has("invalid-utf8")) {
      this.#say(
        Buffer.from([
          ...Buffer.from('{"v":1,"t":"line","src":"log","n":1,"text":"'),
          0xff,
          0xc3,
          ...Buffer.from('"}\n'),
        ]),
      );
    }
    if (this.#faults.has("unknown-type")) {
      this.#say('{"v":1,"t":"weather","sun":true}\n');
      this.#say("no frame at all\n");
      this.#say('{"v":1,"t":"pong","id":"not ours","counts":7}\n');
    }
    if (this.#faults.has("environment"))
      this.event({ environment: process.env, argv: process.argv.slice(2), cwd: process.cwd() });
    return true;
  }

  #pong(id: number): boolean {
    if (this.#faults.has("die-at-ping")) return false;
    if (this.#faults.has("die-in-a-line")) {
      this.#say('{"v":1,"t":"event","src":"log","n":1,"at":"cut');
      return false;
    }
    if (this.#faults.has("never-pong")) return true;
    const log = { n: this.n, lines: this.n, lastAt: null, shed: 0, unreadable: 0 };
    this.#say({
      v: 1,
      t: "pong",
      at: AT,
      id,
      session: this.#session,
      uptimeMs: 1,
      counts: { log },
      queue: {},
      refused: 0,
    });
    return true;
  }
}

/** A frame as bytes, its newline added; text and bytes as they are. */
export function bytesOf(frame: object | string | Buffer): string | Buffer {
  return typeof frame === "string" || Buffer.isBuffer(frame) ? frame : `${JSON.stringify(frame)}\n`;
}

async function runOverStdio(faults: readonly Fault[]): Promise<void> {
  if (faults.includes("die-at-once")) {
    process.stderr.write("cannot go on\u001b[31m\n");
    process.exit(3);
  }
  if (faults.includes("stubborn")) {
    process.on("SIGTERM", () => undefined);
    setInterval(() => undefined, 1000);
  }
  const helper = new FakeHelper((frame) => process.stdout.write(bytesOf(frame)), faults);
  helper.hello();
  let isStalled = false;
  for await (const line of createInterface({ input: process.stdin })) {
    if (isStalled) continue;
    if (!helper.answer(line)) process.exit(4);
    isStalled = faults.includes("stall");
  }
  if (!faults.includes("stubborn")) process.exit(0);
}

if (import.meta.main) {
  const words = process.argv.slice(2);
  const end = words.indexOf("--");
  await runOverStdio(FAULTS.filter((fault) => words.slice(0, end).includes(fault)));
}
