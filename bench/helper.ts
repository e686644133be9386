import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Sandbox } from "#native/test/sandbox.ts";
import { parseRecord } from "#core/parse/parse-record.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { writeCapture } from "./generate.ts";

const FOLDER = join(import.meta.dirname, "../.cache/bench");
const SEED = 1;
const LINES = 100_000;
const LATENCY_LINES = 15_000;
const LATENCY_RATE = 1000;
const IDLE_SECONDS = 20;
const LIST_EVENTS = '[ "$1" = --list-events ] && { echo exec; exit 0; }';

function count(n: number): string {
  return Math.round(n).toLocaleString("en-US");
}

interface Sent {
  file: string;
  lines: number;
  bytes: number;
}

/** What eslogger would have said: the es events of the pipeline's benchmark, without the helper's frame around them. */
async function eslogger(events: number): Promise<Sent> {
  const capture = join(FOLDER, `helper-${events}-${SEED}.sealcap.jsonl`);
  const file = join(FOLDER, `helper-${events}-${SEED}.ndjson`);
  mkdirSync(FOLDER, { recursive: true });
  await writeCapture(capture, { events, seed: SEED });
  const out = createWriteStream(file);
  let lines = 0;
  let bytes = 0;
  // The generator's own text: it holds none of the separators that readline cuts at beside the newline.
  for await (const line of createInterface({ input: createReadStream(capture) })) {
    const frame = JSON.parse(line) as { t: string; src?: string; body?: unknown };
    if (frame.t !== "event" || frame.src !== "es") continue;
    const text = `${JSON.stringify(frame.body)}\n`;
    lines += 1;
    bytes += text.length;
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await finished(out);
  return { file, lines, bytes };
}

/** User and system time of a process, in seconds; of this machine's Linux. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function peakMiB(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

interface Run {
  pid: number;
  stop: () => Promise<void>;
  stall: () => void;
  goOn: () => void;
}

function start(machine: Sandbox, sources: string, onRecord: (record: SessionRecord) => void): Run {
  const child = spawn(machine.helper, ["--standard", `--sources=${sources}`], { stdio: ["pipe", "pipe", "inherit"] });
  const splitter = new LineSplitter();
  const reader = new SessionReader({ name: "bench" });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  child.stdout.on("data", (chunk: Buffer) => {
    for (const line of splitter.push(chunk)) for (const record of reader.read(line)) onRecord(record);
  });
  return {
    pid: child.pid ?? 0,
    stop: () => {
      child.stdin.end();
      return ended;
    },
    stall: () => child.stdout.pause(),
    goOn: () => child.stdout.resume(),
  };
}

/** Counts until everything that was sent has come or been told as a gap. */
export class Accounts {
  delivered = 0;
  shed = 0;
  faults = 0;
  readonly #sent: number;
  readonly #done = Promise.withResolvers<void>();

  constructor(sent: number) {
    this.#sent = sent;
  }

  take(record: SessionRecord): void {
    if (record.kind === "fault") this.faults += 1;
    if (record.kind === "gap") this.shed += record.count ?? 0;
    if (record.kind === "frame" && record.frame.t === "event") {
      this.delivered += 1;
      if (parseRecord(record).kind === "fault") this.faults += 1;
    }
    if (this.delivered + this.shed >= this.#sent) this.#done.resolve();
  }

  get done(): Promise<void> {
    return this.#done.promise;
  }
}

interface Load {
  what: string;
  /** Lines a second; null: as fast as they are taken. */
  rate: number | null;
  stallMs: number;
}

const LOADS: readonly Load[] = [
  { what: `${count(20_000)} lines/s`, rate: 20_000, stallMs: 0 },
  { what: "as fast as the helper takes them", rate: null, stallMs: 0 },
  { what: "the same, to a reader that hangs for 3 s", rate: null, stallMs: 3000 },
];

async function throughput(machine: Sandbox, sent: Sent, { rate, stallMs }: Load) {
  const talk = rate === null ? `cat ${sent.file}; exec sleep 300` : `exec ${machine.tool("pace")} ${sent.file} ${rate}`;
  machine.standIn("usr/bin/eslogger", `${LIST_EVENTS}; ${talk}`);
  const accounts = new Accounts(sent.lines);
  const started = performance.now();
  const run = start(machine, "es", (record) => accounts.take(record));
  if (stallMs > 0) {
    run.stall();
    await pause(stallMs);
    run.goOn();
  }
  await accounts.done;
  const seconds = (performance.now() - started) / 1000;
  const result = { seconds, cpu: cpuSeconds(run.pid), peak: peakMiB(run.pid), accounts };
  await run.stop();
  return result;
}

/** From the moment the stand-in wrote a line to the moment its frame was decoded here. */
async function latency(machine: Sandbox): Promise<number[]> {
  machine.standIn(
    "usr/bin/eslogger",
    `${LIST_EVENTS}; exec ${machine.tool("flood")} ${LATENCY_LINES} 2000 ${LATENCY_RATE}`,
  );
  const times: number[] = [];
  const done = Promise.withResolvers<void>();
  const run = start(machine, "es", (record) => {
    if (record.kind !== "frame" || record.frame.t !== "event") return;
    times.push(performance.timeOrigin + performance.now() - Number(record.frame.body["at"]) * 1000);
    if (times.length === LATENCY_LINES) done.resolve();
  });
  await done.promise;
  await run.stop();
  return times.toSorted((a, b) => a - b);
}

async function idle(machine: Sandbox, sources: string): Promise<number> {
  machine.standIn("usr/bin/eslogger", `${LIST_EVENTS}; exec sleep 300`);
  machine.standIn("usr/bin/log", "exec sleep 300");
  const run = start(machine, sources, () => {});
  await pause(2000);
  const before = cpuSeconds(run.pid);
  await pause(IDLE_SECONDS * 1000);
  const share = (cpuSeconds(run.pid) - before) / IDLE_SECONDS;
  await run.stop();
  return share * 100;
}

/** Prints what the helper costs: a flood to a reader that keeps up and to one that hangs, latency, idleness. */
export async function benchHelper(): Promise<void> {
  if (process.platform !== "linux") throw new Error("The helper's benchmark reads /proc: run it on Linux.");
  const machine = new Sandbox();
  try {
    machine.build({ sanitize: false, limitDivisor: 1 });
    machine.write("as-root", "");
    process.stderr.write("making what eslogger would say …\n");
    const sent = await eslogger(LINES);
    console.log(
      `${count(sent.lines)} eslogger lines, ${count(sent.bytes / sent.lines)} bytes each; Node ${process.version}\n`,
    );
    for (const load of LOADS) {
      const { seconds, cpu, peak, accounts } = await throughput(machine, sent, load);
      const { delivered, shed, faults } = accounts;
      console.log(
        `${load.what}: all accounted for after ${seconds.toFixed(1)} s; ${count(delivered)} parsed + ${count(shed)} told as gaps = ` +
          `${count(delivered + shed)} of ${count(sent.lines)} sent, ${faults} faults; helper ${((cpu / sent.lines) * 1e6).toFixed(1)} µs CPU a line, ${peak.toFixed(1)} MiB`,
      );
    }
    const times = await latency(machine);
    const at = (share: number): string => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(2);
    console.log(
      `latency at ${LATENCY_RATE} lines/s: median ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${(times.at(-1) ?? 0).toFixed(2)} ms`,
    );
    console.log(
      `idle CPU: es, log: ${(await idle(machine, "es,log")).toFixed(3)} %; with proc every 2 s: ${(await idle(machine, "es,log,proc")).toFixed(3)} %`,
    );
  } finally {
    machine.clear();
  }
}
