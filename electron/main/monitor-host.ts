import type { Clock } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { formatTime } from "#core/base/time.ts";
import type { InspectionProgress } from "#contract/inspection-port.ts";
import {
  type MonitorChange,
  type MonitorStart,
  type PortAnswerOf,
  PortMessage,
  type PortRequest,
  type PortRequestOf,
  type PortStart,
  type PortVerb,
  portVerbs,
} from "#contract/monitor-port.ts";
import type { Later } from "./later.ts";
import { restartDelay, STEADY_MS } from "./monitor-backoff.ts";
import { MonitorRefusal, MonitorUnavailable } from "./monitor-errors.ts";

/** What the host needs of the process that runs the monitor. */
export interface MonitorProcess {
  postMessage(message: unknown): void;
  kill(): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number) => void): void;
}

export interface MonitorHostDeps {
  fork: () => MonitorProcess;
  start: Omit<MonitorStart, "restartedAfter">;
  clock: Clock;
  later: Later;
  log: Logger;
}

interface Pending {
  verb: PortVerb;
  resolve: (value: unknown) => void;
  reject: (reason: Error) => void;
  cancelTimeout: () => void;
}

const ANSWER_MS = 30_000;
/** It takes as long as its file is large, and whoever asked can end it. */
const TAKES_ITS_TIME: PortVerb = "inspect";
const SHUTDOWN_MS = 3_000;
const KILL_MS = 1_000;

const STARTING = "Sealbar's monitor is starting.";
const RESTARTING = "Sealbar's monitor stopped and is being restarted. Nothing is recorded until it is back.";
const QUITTING = "Sealbar is quitting.";
const NO_ANSWER = "Sealbar's monitor did not answer in time.";

/** Starts the monitor's process, speaks with it, and starts another one when it dies, unless it said that this is no use. */
export class MonitorHost {
  readonly #deps: MonitorHostDeps;
  readonly #pending = new Map<number, Pending>();
  readonly #changeListeners: ((change: MonitorChange) => void)[] = [];
  readonly #troubleListeners: ((trouble: string | null) => void)[] = [];
  readonly #progressListeners: ((progress: InspectionProgress) => void)[] = [];
  #process: MonitorProcess | null = null;
  #trouble: string | null = STARTING;
  #failures = 0;
  #nextId = 1;
  #downSince: string | null = null;
  #stopping: Promise<void> | null = null;
  /** The monitor said that it will never start: so it is until the app is started anew. */
  #gaveUp = false;
  #exited: () => void = () => undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(deps: MonitorHostDeps) {
    this.#deps = deps;
  }

  /** Why the monitor cannot be asked at present, in words; null while it can. */
  get trouble(): string | null {
    return this.#trouble;
  }

  onChange(listener: (change: MonitorChange) => void): void {
    this.#changeListeners.push(listener);
  }

  /** Called with a sentence when the monitor goes away, and with null when it is (again) there to be asked. */
  onTrouble(listener: (trouble: string | null) => void): void {
    this.#troubleListeners.push(listener);
  }

  onInspectionProgress(listener: (progress: InspectionProgress) => void): void {
    this.#progressListeners.push(listener);
  }

  start(): void {
    const child = this.#deps.fork();
    this.#process = child;
    child.onMessage((message) => {
      if (child === this.#process) this.#receive(message);
    });
    child.onExit((code) => {
      if (child === this.#process) this.#died(code);
    });
    const first: PortStart = { t: "start", start: { ...this.#deps.start, restartedAfter: this.#downSince } };
    child.postMessage(first);
  }

  /**
   * Asks the monitor; its answer is parsed before anyone sees it.
   * @throws MonitorUnavailable when it is not there, goes away or does not answer; MonitorRefusal with its sentence
   */
  request<V extends PortVerb>(verb: V, payload: PortRequestOf<V>): Promise<PortAnswerOf<V>> {
    if (this.#stopping !== null) return Promise.reject(new MonitorUnavailable(QUITTING));
    if (this.#trouble !== null) return Promise.reject(new MonitorUnavailable(this.#trouble));
    return this.#ask(verb, payload) as Promise<PortAnswerOf<V>>;
  }

  /** Lets the monitor commit and close its database; bounded in time, after which it is killed. */
  stop(): Promise<void> {
    this.#stopping ??= this.#shutDown();
    return this.#stopping;
  }

  async #shutDown(): Promise<void> {
    this.#cancelTimer();
    const child = this.#process;
    if (child === null) return;
    await this.#exitWithin(SHUTDOWN_MS, () => {
      this.#ask("shutdown", null).catch(() => undefined);
    });
    if (this.#process === null) return;
    this.#deps.log.warn("the monitor did not stop by itself and is ended");
    await this.#exitWithin(KILL_MS, () => child.kill());
  }

  #exitWithin(milliseconds: number, ask: () => void): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#deps.later(milliseconds, resolve);
      this.#exited = () => {
        cancel();
        resolve();
      };
      ask();
    });
  }

  #ask(verb: PortVerb, payload: unknown): Promise<unknown> {
    const id = this.#nextId++;
    const request: PortRequest = { t: "request", id, verb, payload };
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#pending.delete(id);
        reject(new MonitorUnavailable(NO_ANSWER));
      };
      const cancelTimeout = verb === TAKES_ITS_TIME ? () => undefined : this.#deps.later(ANSWER_MS, giveUp);
      this.#pending.set(id, { verb, resolve, reject, cancelTimeout });
      this.#process?.postMessage(request);
    });
  }

  #receive(raw: unknown): void {
    const parsed = PortMessage.safeParse(raw);
    if (!parsed.success) {
      this.#deps.log.error("the monitor sent a message that is not of the contract; it is left out");
      return;
    }
    const message = parsed.data;
    switch (message.t) {
      case "ready":
        return this.#becameReady();
      case "failed":
        this.#gaveUp = true;
        this.#deps.log.error(`the monitor cannot start: ${message.message}`);
        return this.#setTrouble(message.message);
      case "change":
        for (const listener of this.#changeListeners) listener(message.change);
        return;
      case "inspection-progress":
        for (const listener of this.#progressListeners) listener(message.progress);
        return;
      case "answer":
        return this.#settle(message.id, (pending) => {
          const answer = portVerbs[pending.verb].answer.safeParse(message.value);
          if (answer.success) pending.resolve(answer.data);
          else pending.reject(new MonitorRefusal("Sealbar's monitor gave an answer that cannot be read."));
        });
      case "refusal":
        return this.#settle(message.id, (pending) => pending.reject(new MonitorRefusal(message.message)));
    }
  }

  #settle(id: number, how: (pending: Pending) => void): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.cancelTimeout();
    how(pending);
  }

  #becameReady(): void {
    if (this.#stopping !== null || this.#gaveUp) return;
    this.#downSince = null;
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.later(STEADY_MS, () => {
      this.#failures = 0;
    });
    this.#setTrouble(null);
  }

  #died(code: number): void {
    this.#process = null;
    this.#cancelTimer();
    this.#exited();
    const why = this.#gaveUp ? (this.#trouble ?? RESTARTING) : RESTARTING;
    for (const id of this.#pending.keys()) {
      this.#settle(id, (pending) => pending.reject(new MonitorUnavailable(why)));
    }
    if (this.#stopping !== null || this.#gaveUp) return;
    this.#failures += 1;
    this.#downSince ??= formatTime(this.#deps.clock.now());
    const delay = restartDelay(this.#failures);
    this.#deps.log.warn(`the monitor ended with code ${code}; another one is started in ${delay} ms`);
    this.#cancelTimer = this.#deps.later(delay, () => this.start());
    this.#setTrouble(RESTARTING);
  }

  #setTrouble(trouble: string | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    for (const listener of this.#troubleListeners) listener(trouble);
  }
}
