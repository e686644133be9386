import type { Clock } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { BackOff, endOfPause, LONGEST_PAUSE_MS } from "./back-off.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import { connectDaemon } from "./daemon-helper.ts";
import type { ClientSource } from "./fs-watch.ts";
import type {
  AnchoredHead,
  HelperListener,
  HelperState,
  HelperTier,
  InspectRequest,
  LiveHelper,
} from "#core/base/live-helper.ts";
import { Marks } from "./marks.ts";
import type { OnAnchored, OnAnchors, Requests } from "./requests.ts";
import { STANDARD_SOURCES, type StandardSource, startStandardHelper } from "./standard-helper.ts";
import type { Timers } from "./timers.ts";
import type { OpenTransport } from "./transport.ts";
import { verifyBinary } from "./verify-binary.ts";
import { DAEMON_SOCKET, verifySocket } from "./verify-socket.ts";

export interface HelperOptions {
  /** Path of sealbar-helper. It is verified each time before it is started. */
  binary: string;
  /** What we call ourselves to the helper, e.g. "sealbar 1.0.0". */
  client: string;
  clock: Clock;
  timers: Timers;
  logger: Logger;
  /** Of the standard tier; the daemon decides for itself. */
  sources?: readonly StandardSource[];
  /** The source on our side of the wall, for the standard tier; null: none. */
  fs?: ClientSource | null;
  /** Null: the daemon is never used. */
  daemonSocket?: string | null;
  /** Who must own the socket, and who runs us. Tests cannot be everyone. */
  socketOwner?: number;
  uid?: number;
  maxLineBytes?: number;
}

/** How soon a daemon that was not there, or a binary that was refused, is looked for again. */
export const LOOK_AGAIN_MS = 10_000;

/**
 * Whoever collects, kept alive: the daemon when it is there and safe, else a helper of our own; never both but for the
 * moment of the hand-over, during which the daemon's stream is held so that the two sessions do not mix.
 */
export function createHelper(options: HelperOptions): LiveHelper {
  return new SupervisedHelper(options);
}

class SupervisedHelper implements LiveHelper {
  readonly #options: HelperOptions;
  readonly #marks = new Marks();
  readonly #standardBackOff = new BackOff();
  readonly #daemonBackOff = new BackOff();
  #listener: HelperListener | null = null;
  #state: HelperState = { phase: "connecting", tier: null };
  /** Its lines are the ones that are given on. */
  #current: Connection | null = null;
  /** A daemon that is being tried, or waits for its turn. */
  #candidate: Connection | null = null;
  #handingOver = false;
  #degraded: string | null = null;
  /** Of a binary that said itself that trying again cannot help. */
  #refusedStamp: string | null = null;
  #cancelRetry: (() => void) | null = null;
  #cancelProbe: () => void = () => undefined;
  #stopped = false;

  constructor(options: HelperOptions) {
    this.#options = options;
  }

  start(listener: HelperListener): void {
    if (this.#listener !== null || this.#stopped) return;
    this.#listener = listener;
    listener.state(this.#state);
    this.#attempt();
  }

  inspect(request: InspectRequest): boolean {
    return this.#asked()?.inspect(request) ?? false;
  }

  since(timeMicros: number): boolean {
    return this.#asked()?.since(timeMicros) ?? false;
  }

  probes(): boolean {
    return this.#asked()?.probes() ?? false;
  }

  retry(source: string): boolean {
    if (source === "fs" && this.#options.fs !== undefined && this.#options.fs !== null) return this.#options.fs.retry();
    return this.#asked()?.retry(source) ?? false;
  }

  prove(source: string): boolean {
    return this.#asked()?.prove(source) ?? false;
  }

  ack(mark: number): void {
    const theirs = this.#marks.acknowledge(mark);
    if (theirs !== null) this.#asked()?.ack(theirs);
  }

  anchors(onAnswer: OnAnchors): boolean {
    return this.#keeper()?.anchors(onAnswer) ?? false;
  }

  anchor(head: AnchoredHead, onAnswer: OnAnchored): boolean {
    return this.#keeper()?.anchor(head, onAnswer) ?? false;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimers();
    this.#options.fs?.stop();
    await this.#current?.close();
    await this.#candidate?.close();
  }

  #asked(): Requests | null {
    return this.#state.phase === "connected" && !this.#stopped ? (this.#current?.requests ?? null) : null;
  }

  /** Who keeps what outlives us: the daemon alone. */
  #keeper(): Requests | null {
    return this.#current?.tier === "full" ? this.#asked() : null;
  }

  #attempt(): void {
    if (this.#stopped || this.#current !== null || this.#candidate !== null) return;
    if (!this.#tryDaemon()) this.#startStandard();
  }

  /** @returns whether one is being tried now; what comes of it is told to `#candidateEnded` or `#welcomed` */
  #tryDaemon(): boolean {
    const { daemonSocket = DAEMON_SOCKET, socketOwner, timers } = this.#options;
    if (daemonSocket === null) return false;
    const verdict = verifySocket(daemonSocket, socketOwner);
    if (verdict.kind !== "safe") {
      this.#degrade(verdict.kind === "unsafe" ? verdict.reason : null);
      this.#probeIn(LOOK_AGAIN_MS);
      return false;
    }
    if (this.#current === null) this.#say({ phase: "connecting", tier: "full" });
    this.#candidate = this.#connect("full", (listener) => connectDaemon({ socket: daemonSocket, timers }, listener));
    return true;
  }

  #probeIn(ms: number): void {
    this.#cancelProbe();
    this.#cancelProbe = this.#options.timers.after(ms, () => {
      if (!this.#stopped && this.#candidate === null && this.#current?.tier !== "full") this.#tryDaemon();
    });
  }

  #startStandard(): void {
    const { binary, sources = STANDARD_SOURCES, timers, uid } = this.#options;
    const verified = verifyBinary(binary, uid);
    if (!verified.ok || verified.stamp === this.#refusedStamp) {
      this.#refuse(verified.ok ? null : verified.reason);
      return;
    }
    const { path, stamp } = verified;
    this.#refusedStamp = null;
    this.#say({ phase: "connecting", tier: "standard" });
    this.#current = this.#connect(
      "standard",
      (listener) => startStandardHelper({ path, sources, timers }, listener),
      stamp,
    );
  }

  #connect(tier: HelperTier, open: OpenTransport, stamp: string | null = null): Connection {
    const { client, clock, timers, logger, maxLineBytes } = this.#options;
    const listener: ConnectionListener = {
      welcomed: () => {
        this.#welcomed(connection);
      },
      line: (bytes) => {
        this.#listener?.line(bytes);
      },
      pong: (counts) => {
        const { fs } = this.#options;
        const all = tier === "full" || !fs ? counts : new Map(counts).set("fs", fs.counts());
        this.#listener?.pong(clock.now(), all);
      },
      mark: (mark) => {
        this.#listener?.mark(this.#marks.came(mark));
      },
      ended: (reason, final) => {
        if (connection === this.#candidate) this.#candidateEnded(reason, final);
        else this.#currentEnded(connection, reason, final ? stamp : null);
      },
    };
    const more = maxLineBytes === undefined ? {} : { maxLineBytes };
    const connection: Connection = new Connection({ tier, open, client, clock, timers, logger, ...more }, listener);
    return connection;
  }

  #welcomed(connection: Connection): void {
    if (this.#stopped) return;
    if (connection === this.#current || this.#current === null) {
      this.#adopt(connection);
      return;
    }
    connection.hold();
    this.#handingOver = true;
    this.#options.fs?.stop();
    this.#say({ phase: "connecting", tier: "full" });
    void this.#current.close();
  }

  #adopt(connection: Connection): void {
    const { clock, fs } = this.#options;
    const { tier, requests, session } = connection;
    this.#cancelTimersOf(tier);
    this.#current = connection;
    if (tier === "full") {
      this.#candidate = null;
      this.#degraded = null;
      this.#daemonBackOff.connected(clock.now());
      fs?.stop();
    } else {
      this.#standardBackOff.connected(clock.now());
    }
    this.#say({ phase: "connected", tier, session: session ?? "", degraded: this.#degraded });
    if (tier === "full") return;
    fs?.begin({
      line: (bytes) => {
        this.#listener?.line(bytes);
      },
      look: (path, isPrivate, onAnswer) => requests.inspect({ path, pid: null, assess: false }, onAnswer, isPrivate),
    });
  }

  #candidateEnded(reason: string, final: boolean): void {
    const { clock } = this.#options;
    this.#candidate = null;
    if (this.#stopped) return;
    this.#probeIn(final ? LONGEST_PAUSE_MS : this.#daemonBackOff.next(clock.now()));
    if (this.#current === null && final) this.#say({ phase: "refused", reason });
    this.#degrade(reason);
    if (this.#current === null && this.#cancelRetry === null) this.#startStandard();
  }

  #currentEnded(connection: Connection, reason: string, refusedStamp: string | null): void {
    if (connection !== this.#current) return;
    const { clock, fs } = this.#options;
    this.#current = null;
    this.#marks.connectionEnded();
    fs?.suspend();
    if (this.#stopped) return;
    const next = this.#candidate;
    if (this.#handingOver && next !== null) {
      this.#handingOver = false;
      this.#adopt(next);
      next.release();
      return;
    }
    this.#handingOver = false;
    if (connection.tier === "full") {
      this.#probeIn(this.#daemonBackOff.next(clock.now()));
      this.#degraded = reason;
      this.#startStandard();
    } else if (refusedStamp !== null) {
      this.#refusedStamp = refusedStamp;
      this.#refuse(reason);
    } else {
      this.#retryIn(this.#standardBackOff.next(clock.now()), reason);
    }
  }

  #retryIn(ms: number, reason: string): void {
    const { clock, timers } = this.#options;
    this.#say({ phase: "waiting", reason, retryAt: endOfPause(clock.now(), ms) });
    this.#cancelRetry?.();
    this.#cancelRetry = timers.after(ms, () => {
      this.#cancelRetry = null;
      this.#attempt();
    });
  }

  /** What was refused is looked at again now and then: the user may have done what the sentence says. */
  #refuse(reason: string | null): void {
    if (reason !== null) this.#say({ phase: "refused", reason });
    this.#cancelRetry?.();
    this.#cancelRetry = this.#options.timers.after(LOOK_AGAIN_MS, () => {
      this.#cancelRetry = null;
      if (!this.#stopped && this.#current === null && this.#candidate === null) this.#startStandard();
    });
  }

  #degrade(reason: string | null): void {
    this.#degraded = reason;
    const state = this.#state;
    if (state.phase === "connected" && state.tier === "standard") this.#say({ ...state, degraded: reason });
  }

  /** The same state is not said twice. */
  #say(state: HelperState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    if (state.phase === "waiting" || state.phase === "refused") this.#options.logger.warn(state.reason);
    if (!this.#stopped) this.#listener?.state(state);
  }

  #cancelTimersOf(tier: HelperTier): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    if (tier === "full") this.#cancelProbe();
  }

  #cancelTimers(): void {
    this.#cancelTimersOf("full");
  }
}
