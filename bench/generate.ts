import { closeSync, openSync, renameSync, writeSync } from "node:fs";
import { type Code, developerId, linkerSigned, platformBinary } from "../tools/capture/code.ts";
import { es } from "../tools/capture/es.ts";
import { ANA, type LiveProcess, ROOT } from "../tools/capture/es-process.ts";
import { log } from "../tools/capture/log-lines.ts";
import { Mac } from "../tools/capture/mac.ts";
import { Prng } from "../tools/capture/prng.ts";

export interface BenchCapture {
  /** How many frames of type `event`; hello, probes and status come on top. */
  events: number;
  seed: number;
}

const FLUSH_BYTES = 1024 * 1024;
const START = Date.parse("2026-11-18T08:00:00Z") * 1000;

/** Weights of what happens inside one process's life, beside its fork, exec and exit; README.md says what comes out. */
const FILE_WORK = [
  ["close", 34],
  ["create", 20],
  ["write", 16],
  ["rename", 14],
  ["unlink", 8],
  ["setextattr", 5],
  ["setmode", 2],
  ["deleteextattr", 1],
] as const;
type FileWork = (typeof FILE_WORK)[number][0];

const PROJECTS = ["tides", "buoy", "kelp-site", "lattice-notes", "harbour", "lantern"];
const FILES_PER_PROJECT = 300;
/** Few programs make most launches: the index is drawn from a squared uniform number. */
const PLATFORM_TOOLS = 180;
const VENDOR_APPS = 40;
const LOCAL_BUILDS = 60;
const LONGEST_COMMAND_LINE = 14;

/** As much environment as a developer's shell hands on: it brings an exec line near 4.4 KB. */
const ENVIRONMENT = [
  "TERM_PROGRAM=Apple_Terminal",
  "TERM=xterm-256color",
  "SHELL=/bin/zsh",
  "TMPDIR=/var/folders/q1/7d2k9x0s5c3_w8rj5bq0m6vr0000gn/T/",
  "USER=ana",
  "HOME=/Users/ana",
  "LOGNAME=ana",
  "LANG=en_GB.UTF-8",
  "SSH_AUTH_SOCK=/private/tmp/com.apple.launchd.Kq0ZtqS1xC/Listeners",
  "PATH=/opt/homebrew/bin:/opt/homebrew/sbin:/usr/local/go/bin:/usr/local/bin:/System/Cryptexes/App/usr/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  "XPC_SERVICE_NAME=0",
  "XPC_FLAGS=0x0",
  "__CFBundleIdentifier=com.apple.Terminal",
  "SDKROOT=/Applications/Xcode.app/Contents/Developer/Platforms/MacOSX.platform/Developer/SDKs/MacOSX.sdk",
  "MAKEFLAGS=-j8 --jobserver-fds=3,4",
];

function programs(): Code[] {
  const tools = Array.from({ length: PLATFORM_TOOLS }, (_, i) =>
    platformBinary(`/usr/bin/tool-${i}`, `com.apple.tool-${i}`),
  );
  const apps = Array.from({ length: VENDOR_APPS }, (_, i) =>
    developerId(
      `/Applications/Vendor ${i}.app/Contents/MacOS/Vendor ${i}`,
      `com.vendor${i}.app`,
      new Prng(`team ${i}`).hex(10),
    ),
  );
  const builds = Array.from({ length: LOCAL_BUILDS }, (_, i) =>
    linkerSigned(`/Users/ana/Developer/${PROJECTS[i % PROJECTS.length] ?? ""}/build/test-${i}`),
  );
  return [...tools, ...apps, ...builds];
}

class Workload {
  readonly #mac: Mac;
  readonly #prng: Prng;
  readonly #programs = programs();
  readonly #parents: LiveProcess[];
  readonly #weights = FILE_WORK.flatMap(([work, weight]) => Array.from({ length: weight }, (): FileWork => work));

  constructor(mac: Mac, prng: Prng) {
    this.#mac = mac;
    this.#prng = prng;
    const shells = [0, 1, 2, 3].map(() => mac.already(platformBinary("/bin/zsh", "com.apple.zsh"), { as: ANA }));
    this.#parents = [mac.launchd, ...shells];
  }

  /** One process from fork to exit, with what it does to files and what the log says about it. */
  life(): void {
    const parent = this.#prng.pick(this.#parents);
    const program = this.#program();
    const args = Array.from({ length: 1 + this.#prng.below(LONGEST_COMMAND_LINE) }, () => this.#file());
    const process = this.#mac.launch(parent, program, {
      args: [program.path, ...args],
      env: ENVIRONMENT,
      cwd: `/Users/ana/Developer/${this.#prng.pick(PROJECTS)}`,
      as: program.path.startsWith("/usr/") && this.#prng.below(4) === 0 ? ROOT : ANA,
    });
    for (let n = this.#prng.below(7); n > 0; n -= 1) this.#touch(process);
    if (this.#prng.below(2) === 0) this.#remark(process);
    this.#mac.exit(process, this.#prng.below(20) === 0 ? 1 : 0);
  }

  #program(): Code {
    const uniform = this.#prng.below(10_000) / 10_000;
    return this.#programs[Math.floor(uniform * uniform * this.#programs.length)] ?? this.#prng.pick(this.#programs);
  }

  /** Mostly the same files again and again; one in twenty is new. */
  #file(): string {
    const project = this.#prng.pick(PROJECTS);
    const name =
      this.#prng.below(20) === 0 ? `tmp-${this.#prng.hex(8)}` : `module-${this.#prng.below(FILES_PER_PROJECT)}`;
    return `/Users/ana/Developer/${project}/src/${name}.o`;
  }

  #touch(process: LiveProcess): void {
    const path = this.#file();
    switch (this.#prng.pick(this.#weights)) {
      case "close":
        return this.#mac.event(process, es.close(path));
      case "create":
        return this.#mac.event(process, es.create(path));
      case "write":
        return this.#mac.event(process, es.write(path));
      case "rename":
        return this.#mac.event(process, es.rename(`${path}.tmp`, path));
      case "unlink":
        return this.#mac.event(process, es.unlink(path));
      case "setextattr":
        return this.#mac.event(process, es.setextattr(path, "com.apple.lastuseddate#PS"));
      case "setmode":
        return this.#mac.event(process, es.setmode(path, 0o755));
      case "deleteextattr":
        return this.#mac.event(process, es.deleteextattr(path, "com.apple.quarantine"));
    }
  }

  #remark(process: LiveProcess): void {
    const { code } = process;
    if (code.teamId !== null)
      this.#mac.log(log.syspolicyd.scanResult(3, code, this.#prng.hex(16).toLowerCase(), code.signingId));
    else if (code.platform)
      this.#mac.log(log.kernel.sandboxDenied("tool", process.pid, "file-read-data", this.#file()));
    else this.#mac.log(log.amfid.adHoc(code.path));
  }
}

/** Lines on their way to a file, at most one buffer of them in memory; event frames beyond the limit are left out. */
class CaptureWriter {
  readonly #file: number;
  #room: number;
  #pending: string[] = [];
  #pendingBytes = 0;

  constructor(file: number, events: number) {
    this.#file = file;
    this.#room = events;
  }

  full(): boolean {
    return this.#room === 0;
  }

  push(line: string): void {
    if (line.startsWith('{"v":1,"t":"event"')) {
      if (this.#room === 0) return;
      this.#room -= 1;
    }
    this.#pending.push(line);
    this.#pendingBytes += line.length;
    if (this.#pendingBytes > FLUSH_BYTES) this.flush();
  }

  flush(): void {
    if (this.#pending.length > 0) writeSync(this.#file, `${this.#pending.join("\n")}\n`);
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}

/**
 * Writes a capture of exactly `events` event frames to `path`: the same bytes for the same seed, in bounded memory.
 * Until it is complete the file carries another name, so that an interrupted run leaves nothing that looks finished.
 */
export async function writeCapture(path: string, { events, seed }: BenchCapture): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, "w");
  try {
    const writer = new CaptureWriter(file, events);
    const mac = new Mac({ seed: `bench ${seed}`, start: START, sink: (line) => writer.push(line) });
    mac.boot();
    mac.probes(mac.healthyProbes());
    const workload = new Workload(mac, new Prng(`workload ${seed}`));
    while (!writer.full()) workload.life();
    mac.capture.bye();
    writer.flush();
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
}
