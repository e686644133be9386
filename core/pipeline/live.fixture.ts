import type { Clock, Micros } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import { formatTime, parseTime } from "#core/base/time.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { StoreFull } from "#core/store/errors.ts";
import { IN_MEMORY, openStore } from "#core/store/open.ts";
import type { AnchoredHead, HelperCounts, HelperListener, HelperTier, LiveHelper } from "#core/base/live-helper.ts";
import { LiveSession, type LiveSessionOptions } from "./live-session.ts";
import { Monitor } from "./monitor.ts";
import { loadRuleFolders, OUR_RULES } from "./rules-folder.ts";
import { sqliteStore } from "./sqlite-store.ts";
import { ManualTimers } from "./timers.ts";

/** A helper in memory and a monitor with its store, for tests. All frames are constructed; names and hashes are invented. */
export const START = parseTime("2026-11-21T10:00:00Z") ?? 0;
export const SESSION = "11111111-2222-4333-8444-555555555555";
const library = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);

/** A clock that can be set to any time, as a user can. */
export class SettableClock implements Clock {
  time: Micros = START;
  now(): Micros {
    return this.time;
  }
}

export class FakeHelper implements LiveHelper {
  readonly inspected: { path: string; pid: number | null; assess: boolean }[] = [];
  readonly asked: string[] = [];
  readonly acked: number[] = [];
  canBeAsked = true;
  stopped = false;
  #listener: HelperListener | null = null;
  /** What the fake says in its pongs. */
  readonly counts = new Map<string, HelperCounts>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get listener(): HelperListener {
    if (this.#listener === null) throw new Error("the helper was not started");
    return this.#listener;
  }

  start(listener: HelperListener): void {
    this.#listener = listener;
    listener.state({ phase: "connecting", tier: null });
  }
  inspect(request: { path: string; pid: number | null; assess: boolean }): boolean {
    if (this.canBeAsked) this.inspected.push(request);
    return this.canBeAsked;
  }
  since(time: number): boolean {
    return this.#ask(`since ${formatTime(time)}`);
  }
  probes(): boolean {
    return this.#ask("probes");
  }
  retry(source: string): boolean {
    return this.#ask(`retry ${source}`);
  }
  prove(source: string): boolean {
    return this.#ask(`prove ${source}`);
  }
  ack(mark: number): void {
    this.acked.push(mark);
  }
  /** What the daemon keeps, and whether it answers at all. */
  readonly kept: AnchoredHead[] = [];
  keepsHeads = true;
  anchors(onAnswer: (heads: readonly AnchoredHead[] | null) => void): boolean {
    if (!this.#ask("anchors")) return false;
    onAnswer(this.keepsHeads ? [...this.kept] : null);
    return true;
  }
  /** As the daemon does: only higher numbers. */
  anchor(head: AnchoredHead, onAnswer: (answer: (AnchoredHead & { kept: boolean }) | null) => void): boolean {
    if (!this.#ask(`anchor ${head.seq}`)) return false;
    if (!this.keepsHeads) {
      onAnswer(null);
      return true;
    }
    const place = this.kept.findIndex(({ journal }) => journal === head.journal);
    const before = this.kept[place];
    const kept = before === undefined || head.seq > before.seq || head.hash === before.hash;
    if (before === undefined) this.kept.push(head);
    else if (kept) this.kept[place] = head;
    onAnswer({ ...(kept ? head : (before ?? head)), kept });
    return true;
  }
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    if (this.#listener !== null) this.send({ t: "bye", at: this.at() });
  }

  #ask(what: string): boolean {
    if (this.canBeAsked) this.asked.push(what);
    return this.canBeAsked;
  }

  at(): string {
    return formatTime(this.#clock.now());
  }

  send(...frames: object[]): void {
    for (const frame of frames) this.sendText(JSON.stringify({ v: 1, ...frame }));
  }
  sendText(text: string): void {
    this.listener.line(Buffer.from(text));
  }
  connect(tier: HelperTier = "full", session = SESSION): void {
    this.listener.state({ phase: "connected", tier, session, degraded: null });
  }
  hello(sources: string[] = ["es", "log", "proc", "probe"], session = SESSION): void {
    const host = { os: "26.1", build: "25B78", bootUUID: "AAAAAAAA-0000-4000-8000-000000000001" };
    this.send({ t: "hello", session, at: this.at(), host, helper: { version: "1.0.0", privileged: true }, sources });
  }
  status(src: string, state: string, reason: string | null = null): void {
    this.send({ t: "status", src, state, reason, at: this.at() });
  }
  event(src: string, body: object, more: object = {}): void {
    const n = this.#count(src);
    this.send({ t: "event", src, n, at: this.at(), ...more, body });
  }
  exec(path = "/usr/bin/true", fields: object = {}): void {
    this.event("es", execBody(this.at(), path, fields));
  }
  line(text: string, src = "log"): void {
    const n = this.#count(src);
    this.send({ t: "line", src, n, at: this.at(), text });
  }
  log(message: string, more: object = {}): void {
    this.event("log", logBody(this.at(), message, this.counts.get("log")?.n ?? 0), more);
  }
  probe(name = "spctl-status", out = "assessments enabled\n"): void {
    this.send({ t: "probe", name, at: this.at(), exit: 0, ms: 3, timedOut: false, out, err: "" });
  }
  /** So many numbers were used and their records shed. */
  skip(src: string, count: number, field: "shed" | "unreadable" = "shed"): { from: number; to: number } {
    const counts = this.#countsOf(src);
    const from = counts.n + 1;
    counts.n += count;
    counts[field] += count;
    return { from, to: counts.n };
  }
  pong(): void {
    this.listener.pong(this.#clock.now(), new Map([...this.counts].map(([src, counts]) => [src, { ...counts }])));
  }

  #count(src: string): number {
    const counts = this.#countsOf(src);
    counts.n += 1;
    counts.lines += 1;
    return counts.n;
  }
  #countsOf(src: string): HelperCounts {
    const counts = this.counts.get(src) ?? { n: 0, lines: 0, shed: 0, unreadable: 0 };
    this.counts.set(src, counts);
    return counts;
  }
}

export interface Live {
  clock: SettableClock;
  timers: ManualTimers;
  helper: FakeHelper;
  monitor: Monitor;
  session: LiveSession;
  ports: ReturnType<typeof sqliteStore>;
  disk: { full: boolean };
  faults: unknown[];
  /** Lets time pass, as clocks and timers see it. */
  pass(seconds: number): void;
  state(source: string): string | undefined;
}

export function openLive(options: Partial<LiveSessionOptions> = {}, ports = newStore()): Live {
  const clock = new SettableClock();
  const timers = new ManualTimers();
  const helper = new FakeHelper(clock);
  const disk = { full: false };
  const monitor = new Monitor({
    store: {
      ...ports,
      commit: (batch) => {
        if (disk.full) throw new StoreFull("SQLITE_FULL", null);
        return ports.commit(batch);
      },
    },
    library,
    settings: DEFAULT_MONITOR_SETTINGS,
    logger: silentLogger,
  });
  const faults: unknown[] = [];
  const session = new LiveSession({
    helper,
    monitor,
    clock,
    timers,
    summariseFile: () => Promise.resolve(null),
    durable: true,
    onFault: (error) => faults.push(error),
    ...options,
  });
  return {
    clock,
    timers,
    helper,
    monitor,
    session,
    ports,
    disk,
    faults,
    pass(seconds) {
      for (let step = 0; step < seconds * 4; step += 1) {
        clock.time += 250_000;
        timers.advance(250);
      }
    },
    state: (source) => session.coverage().sources.find((one) => one.source === source)?.state,
  };
}

export function newStore(): ReturnType<typeof sqliteStore> {
  return sqliteStore(openStore(IN_MEMORY, { clock: { now: () => START }, logger: silentLogger }).db);
}

export function logBody(at: string, eventMessage: string, machTimestamp: number): object {
  return {
    timestamp: at.replace("T", " ").replace("Z", "+0000"),
    machTimestamp,
    threadID: 77,
    processID: 300,
    processImagePath: "/usr/libexec/amfid",
    senderImagePath: "/usr/libexec/amfid",
    subsystem: "",
    category: "",
    messageType: "Default",
    eventMessage,
  };
}

let pid = 2000;
/** As eslogger writes it, as far as core/parse looks at it. */
export function execBody(time: string, path: string, fields: object = {}): object {
  pid += 1;
  const token = { auid: 501, euid: 501, egid: 20, ruid: 501, rgid: 20, pid, asid: 100_001, pidversion: pid + 5000 };
  const process = (image: string) => ({
    audit_token: token,
    parent_audit_token: { ...token, pid: 500, pidversion: 5500 },
    responsible_audit_token: { ...token, pid: 400, pidversion: 5400 },
    ppid: 500,
    codesigning_flags: 637_623_057,
    is_platform_binary: true,
    cdhash: "B14F480C655A2F6AC39E5E82D0A14231D333C518",
    signing_id: "com.apple.true",
    team_id: null,
    executable: { path: image, path_truncated: false, stat: {} },
    tty: null,
    start_time: time,
  });
  return {
    schema_version: 1,
    version: 10,
    time,
    event_type: 9,
    process: process("/bin/zsh"),
    event: { exec: { target: { ...process(path), ...fields }, args: [path], script: null, cwd: null } },
  };
}
