import type { HostInfo } from "#contract/frames.ts";
import type { SourceName } from "#contract/source.ts";
import { type Micros, SECOND } from "#core/base/clock.ts";
import { Capture, type CaptureOptions } from "./capture.ts";
import { type Code, platformBinary } from "./code.ts";
import { type EsPart, es } from "./es.ts";
import { nanoTime } from "./es-file.ts";
import { type Account, ANA, type LiveProcess, ROOT } from "./es-process.ts";
import { type LogLine, log } from "./log-lines.ts";
import { Prng } from "./prng.ts";
import { type ProbeAnswer, probe } from "./probes.ts";

export interface MacOptions extends CaptureOptions {
  os?: string;
  build?: string;
  sources?: readonly SourceName[];
}

export interface LaunchOptions {
  args?: readonly string[];
  env?: readonly string[];
  cwd?: string;
  script?: string;
  as?: Account;
  tty?: string;
  /** Becomes its own responsible process, as apps do. */
  app?: true;
}

const MILLISECOND: Micros = 1000;

const FIRST_PID = 600;
/** PID_MAX of xnu is 99999; then the numbers begin again, and only pidversion tells two processes apart. */
const LAST_PID = 99_990;
const FIRST_PIDVERSION = 1400;

/** How long after boot the helper says hello. */
const HELPER_START = 11 * SECOND;

/** One Mac and what happens on it: starts programs, lets time pass, and records all of it in a capture. */
export class Mac {
  readonly capture: Capture;
  /** What the next hello says: an update of macOS changes both. */
  os: string;
  build: string;
  readonly #sources: readonly SourceName[];
  readonly #seed: string;
  #boots = 0;
  #pid = FIRST_PID;
  #pidversion = FIRST_PIDVERSION;
  #launchd: LiveProcess;
  bootUuid = "";
  bootTime: Micros = 0;

  constructor({ os = "26.1", build = "25B78", sources = ["es", "log", "probe"], ...capture }: MacOptions) {
    this.capture = new Capture(capture);
    this.#seed = capture.seed;
    this.#sources = sources;
    this.os = os;
    this.build = build;
    this.#launchd = this.#newLaunchd();
  }

  /** Starts the Mac: a new boot UUID, a hello, and each source running. */
  boot(options: { session?: false } = {}): void {
    this.#boots += 1;
    this.bootTime = this.capture.now();
    this.bootUuid = new Prng(`${this.#seed} boot ${this.#boots}`).uuid();
    this.#pid = FIRST_PID;
    this.#pidversion = FIRST_PIDVERSION;
    this.#launchd = this.#newLaunchd();
    this.wait(HELPER_START);
    this.hello(options);
  }

  /** The helper introduces itself: after a boot, and whenever it was restarted. */
  hello(options: { session?: false } = {}): void {
    const host: HostInfo = {
      os: this.os,
      build: this.build,
      arch: "arm64",
      model: "Mac16,5",
      bootUUID: this.bootUuid,
      bootTime: nanoTime(this.bootTime),
    };
    this.capture.hello({ host, sources: this.#sources, ...options });
    for (const src of this.#sources) this.capture.status({ src, state: "running" });
  }

  get launchd(): LiveProcess {
    return this.#launchd;
  }

  now(): Micros {
    return this.capture.now();
  }

  wait(time: Micros): void {
    this.capture.wait(time);
  }

  /** A process that was there before anybody watched. */
  already(code: Code, options: { as?: Account; parent?: LiveProcess; tty?: string; pid?: number } = {}): LiveProcess {
    const pid = options.pid ?? this.#nextPid();
    const parent = options.parent ?? this.#launchd;
    return {
      pid,
      pidversion: this.#nextPidversion(),
      parent,
      responsible: options.parent === undefined ? null : (parent.responsible ?? parent),
      account: options.as ?? ANA,
      code,
      groupId: pid,
      sessionId: pid,
      tty: options.tty ?? null,
      started: this.bootTime + 4 * SECOND + pid * MILLISECOND,
    };
  }

  /** fork, then exec in the child. Returns the new process. */
  launch(parent: LiveProcess, code: Code, options: LaunchOptions = {}): LiveProcess {
    return this.exec(this.fork(parent), code, options);
  }

  fork(parent: LiveProcess): LiveProcess {
    const pid = this.#nextPid();
    const child: LiveProcess = {
      ...parent,
      pid,
      pidversion: this.#nextPidversion(),
      parent,
      responsible: parent.responsible ?? parent,
      started: this.now(),
    };
    this.event(parent, es.fork(child));
    return child;
  }

  /** The process becomes another program; `before` is no longer after this. */
  exec(before: LiveProcess, code: Code, options: LaunchOptions = {}): LiveProcess {
    const { args = [code.path], env, cwd, script, as, tty, app } = options;
    const target: LiveProcess = {
      ...before,
      pidversion: this.#nextPidversion(),
      code,
      account: as ?? (before.code.path === "/sbin/launchd" ? ANA : before.account),
      responsible: app === undefined ? before.responsible : null,
      groupId: before.pid,
      sessionId: app === undefined ? before.sessionId : before.pid,
      tty: tty ?? before.tty,
    };
    this.event(
      before,
      es.exec({
        target,
        args,
        ...(env === undefined ? {} : { env }),
        ...(cwd === undefined ? {} : { cwd }),
        ...(script === undefined ? {} : { script }),
      }),
    );
    return target;
  }

  exit(process: LiveProcess, code: number | { signal: number } = 0): void {
    this.event(process, es.exit(code));
  }

  /** Starts a program, gives it `lasting`, and sees it end. */
  run(
    parent: LiveProcess,
    code: Code,
    options: LaunchOptions & { lasting?: Micros; status?: number } = {},
  ): LiveProcess {
    const { lasting = 40 * MILLISECOND, status = 0, ...launch } = options;
    const process = this.launch(parent, code, launch);
    this.wait(lasting);
    this.exit(process, status);
    return process;
  }

  event(actor: LiveProcess, part: EsPart): void {
    this.capture.es(actor, part);
    this.wait(2 * MILLISECOND + this.capture.prng.below(3000));
  }

  log(line: LogLine): void {
    this.capture.log(line);
    this.wait(MILLISECOND + this.capture.prng.below(2000));
  }

  /** What amfid and the kernel remark at the first run of any ad-hoc signed file. */
  adHocRemarks(code: Code): void {
    this.log(log.amfid.adHoc(code.path));
    this.log(log.kernel.adHoc(code.path));
  }

  probes(answers: readonly ProbeAnswer[]): void {
    for (const answer of answers) this.capture.probe(answer);
  }

  /** Every probe of a Mac that protects as Apple ships it. */
  healthyProbes(): ProbeAnswer[] {
    return [
      probe.csrutilStatus("enabled"),
      probe.authenticatedRoot("enabled"),
      probe.spctlStatus("enabled"),
      probe.sysctl({ bootUuid: this.bootUuid, bootTime: this.bootTime }),
      probe.nvramUnset(),
      probe.ibridge(),
      probe.software(this.os, this.build, "integrity_enabled"),
      probe.mount(),
      probe.swVers(this.os, this.build),
    ];
  }

  #newLaunchd(): LiveProcess {
    return {
      pid: 1,
      pidversion: 281,
      parent: null,
      responsible: null,
      account: ROOT,
      code: platformBinary("/sbin/launchd", "com.apple.xpc.launchd"),
      groupId: 1,
      sessionId: 1,
      tty: null,
      started: this.bootTime,
    };
  }

  #nextPid(): number {
    this.#pid += 1 + this.capture.prng.below(3);
    if (this.#pid > LAST_PID) this.#pid = FIRST_PID;
    return this.#pid;
  }

  #nextPidversion(): number {
    this.#pidversion += 1 + this.capture.prng.below(4);
    return this.#pidversion;
  }
}
