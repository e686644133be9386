import type { TelemetryEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { TrustClass } from "#contract/trust.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { type Clock, type Micros, MINUTE, SECOND } from "#core/base/clock.ts";
import type { LiveHelper } from "#core/base/live-helper.ts";
import type { Timers } from "./timers.ts";
import { TokenBucket } from "./token-bucket.ts";

type InspectRequest = Parameters<LiveHelper["inspect"]>[0];

/** The helper answers one at a time, and our inspector reads what it names: a build that starts thousands must not fill both. */
const RATE = { perSecond: 20, burst: 40 };
const PUMP_MS = 100;
const MAX_WAITING = 1024;
const MAX_ASKED = 8192;
/** Bytes of a request's string, native/PROTOCOL.md; a character takes four at most. */
const MAX_PATH_CHARS = 1024;
/** A pid that was told longer ago may be another process's by now. */
const PID_LIFE: Micros = 10 * SECOND;
/** What has no CDHash is only known by its path, where other code may lie soon. */
const UNSIGNED_LIFE: Micros = MINUTE;

interface Wanted {
  key: string;
  process: Process;
  time: Micros;
  assess: boolean;
}

/**
 * Asks the helper to look at what was started: each code at each path once, not faster than can be answered. What waits
 * too long is given up and counted; the next start of the same code asks again.
 */
export class FileLooks {
  readonly #helper: Pick<LiveHelper, "inspect">;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #bucket: TokenBucket;
  /** By code and path, until when it need not be asked again; the order is that of use. */
  readonly #asked = new Map<string, Micros>();
  #waiting: Wanted[] = [];
  #cancel: (() => void) | null = null;
  #count = 0;
  #skipped = 0;

  constructor(options: { helper: Pick<LiveHelper, "inspect">; clock: Clock; timers: Timers }) {
    this.#helper = options.helper;
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#bucket = new TokenBucket(RATE, options.clock.now());
  }

  get asked(): number {
    return this.#count;
  }

  get skipped(): number {
    return this.#skipped;
  }

  /** @param trust in the event's subject, as far as it is known without a look */
  started(event: TelemetryEvent, trust: TrustClass | null): void {
    const process = startedBy(event);
    if (process === null || !canBeAsked(process)) return;
    const { path, cdhash } = process;
    const key = `${cdhash ?? ""}\n${path}`;
    if (this.#isKnown(key, event.time)) return;
    this.#remember(key, cdhash === null ? event.time + UNSIGNED_LIFE : Number.MAX_SAFE_INTEGER);
    const wanted = { key, process, time: event.time, assess: isUnsettled(trust) };
    if (this.#waiting.length > 0 || !this.#ask(wanted)) this.#wait(wanted);
  }

  /** Nothing that waited is asked any more, e.g. because another helper answers now. */
  forget(): void {
    this.#cancel?.();
    this.#cancel = null;
    for (const { key } of this.#waiting) this.#asked.delete(key);
    this.#skipped += this.#waiting.length;
    this.#waiting = [];
  }

  #isKnown(key: string, time: Micros): boolean {
    const until = this.#asked.get(key);
    if (until === undefined || until < time) return false;
    this.#remember(key, until);
    return true;
  }

  #remember(key: string, until: Micros): void {
    this.#asked.delete(key);
    this.#asked.set(key, until);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAX_ASKED && oldest !== undefined) this.#asked.delete(oldest);
  }

  #ask({ process, time, assess }: Wanted): boolean {
    const now = this.#clock.now();
    if (!this.#bucket.take(now)) return false;
    const isNew = Math.abs(now - time) <= PID_LIFE;
    const request: InspectRequest = { path: process.path, pid: isNew ? process.id.pid : null, assess };
    if (!this.#helper.inspect(request)) return false;
    this.#count += 1;
    return true;
  }

  #wait(wanted: Wanted): void {
    this.#waiting.push(wanted);
    const oldest = this.#waiting.length > MAX_WAITING ? this.#waiting.shift() : undefined;
    if (oldest !== undefined) {
      this.#asked.delete(oldest.key);
      this.#skipped += 1;
    }
    this.#cancel ??= this.#timers.after(PUMP_MS, () => this.#pump());
  }

  #pump(): void {
    this.#cancel = null;
    while (this.#waiting[0] !== undefined && this.#ask(this.#waiting[0])) this.#waiting.shift();
    if (this.#waiting.length > 0) this.#cancel = this.#timers.after(PUMP_MS, () => this.#pump());
  }
}

function startedBy(event: TelemetryEvent): Process | null {
  if (event.kind === "exec") return event.target;
  return event.kind === "process_snapshot" && event.change !== "gone" ? event.process : null;
}

function canBeAsked({ path, pathTruncated }: Process): boolean {
  return !pathTruncated && path.startsWith("/") && path.length <= MAX_PATH_CHARS && !path.includes("\0");
}

/**
 * Whether Gatekeeper can tell more than the kernel did: unknown covers code signed for a team on a macOS that does not
 * say by which kind of certificate. What has no signer at all needs no second opinion, and what macOS vouches for neither.
 */
function isUnsettled(trust: TrustClass | null): boolean {
  switch (trust) {
    case null:
    case "unknown":
    case "developer-id":
    case "invalid":
    case "untrusted":
    case "self-signed":
      return true;
    case "platform":
    case "platform-legacy":
    case "app-store":
    case "app-store-submission":
    case "testflight":
    case "development":
    case "enterprise":
    case "local-signing":
    case "linker-signed":
    case "ad-hoc":
    case "unsigned":
    case "revoked":
    case "not-code":
      return false;
    default:
      return assertNever(trust, "every trust class is settled or not");
  }
}
