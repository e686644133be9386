import { ManualClock, SECOND } from "#core/base/clock.ts";
import { Frame } from "#contract/frames.ts";
import { ManualTimers } from "#core/pipeline/timers.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { type Disk, type FolderListener, FolderRefused } from "./disk.ts";
import type { FileFacts } from "./fs-memory.ts";
import {
  type ClientSource,
  createFsWatch,
  FLUSH_MS,
  type FsWatchOptions,
  LOOK_LIMIT_MS,
  MAX_PENDING,
} from "./fs-watch.ts";
import type { OnFile } from "./requests.ts";

const DOWNLOADS = "/Users/ana/Downloads";
const APP = `${DOWNLOADS}/Invoice Viewer.app`;
const TOOL = `${DOWNLOADS}/fetch-ledger`;
const MARK = "0081;691c2b41;Safari;";
const APPROVED = "00c1;691c2b41;Safari;";

let nextInode = 1;

/** A disk in memory; marks are extended attributes. */
class MemoryDisk implements Disk {
  readonly files = new Map<string, FileFacts>();
  readonly marks = new Map<string, string>();
  readonly listeners = new Map<string, FolderListener>();
  readonly refused = new Map<string, string>();
  readonly stuck = new Set<string>();

  watch(folder: string, _recursive: boolean, listener: FolderListener): () => void {
    const code = this.refused.get(folder);
    if (code !== undefined) throw new FolderRefused(code);
    this.listeners.set(folder, listener);
    return () => this.listeners.delete(folder);
  }

  look(path: string): Promise<FileFacts | "gone" | "unknown"> {
    if (this.stuck.has(path)) return Promise.withResolvers<"gone">().promise;
    return Promise.resolve(this.files.get(path) ?? "gone");
  }

  list(folder: string, limit: number): Promise<string[]> {
    const inside = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return Promise.resolve(inside.filter((path) => !path.slice(folder.length + 1).includes("/")).slice(0, limit));
  }

  write(path: string, more: Partial<FileFacts> = {}): void {
    const before = this.files.get(path) ?? {
      identity: `1:${(nextInode += 1)}`,
      isFolder: false,
      size: 0,
      mtime: 0,
      mode: 0o755,
    };
    this.files.set(path, { ...before, size: before.size + 1, mtime: before.mtime + 1, ...more });
  }

  folder(path: string): void {
    this.write(path, { isFolder: true });
  }

  move(from: string, to: string): void {
    const file = this.files.get(from);
    if (file !== undefined) this.files.set(to, file);
    this.files.delete(from);
    const mark = this.marks.get(from);
    this.marks.delete(from);
    if (mark !== undefined) this.marks.set(to, mark);
  }
}

interface Asked {
  path: string;
  isPrivate: boolean;
  onAnswer: OnFile;
}

let disk: MemoryDisk;
let timers: ManualTimers;
let clock: ManualClock;
let lines: string[];
let asked: Asked[];
let canAsk: boolean;
let source: ClientSource;

function start(more: Partial<FsWatchOptions> = {}): void {
  source = createFsWatch({ roots: () => [DOWNLOADS], volumes: null, baseline: [], disk, clock, timers, ...more });
  begin();
}

function begin(): void {
  source.begin({
    line: (bytes) => void lines.push(bytes.toString("utf8")),
    look: (path, isPrivate, onAnswer) => {
      if (canAsk) asked.push({ path, isPrivate, onAnswer });
      return canAsk;
    },
  });
}

beforeEach(() => {
  disk = new MemoryDisk();
  timers = new ManualTimers();
  clock = new ManualClock(1_763_719_200 * SECOND + 123_456);
  lines = [];
  asked = [];
  canAsk = true;
});

/** Everything that promises can do without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets the changes so far be looked at, and the questions be answered as the disk has it. */
async function flush(): Promise<void> {
  await settle();
  timers.advance(FLUSH_MS);
  await settle();
  answerAll();
}

function answerAll(): void {
  while (asked.length > 0) {
    const question = asked.shift();
    question?.onAnswer({ id: 1, quarantine: disk.marks.get(question.path) ?? null });
  }
}

function tell(path: string, named = false, folder = DOWNLOADS): void {
  disk.listeners.get(folder)?.changed(path, named);
}

function frames(type: string): Frame[] {
  return lines.map((line) => Frame.parse(JSON.parse(line))).filter(({ t }) => t === type);
}

/** The events as rows: change, path, and what was before and after. */
function rows(): (string | null)[][] {
  return frames("event").flatMap((frame) => {
    if (frame.t !== "event") return [];
    const { change, path, before, after } = frame.body as Record<"change" | "path" | "before" | "after", string | null>;
    return [[change, path, before, after]];
  });
}

describe("the fs source", { timeout: 30_000 }, () => {
  it("says where it stands, and begins each session's numbers anew", async () => {
    start();
    expect(frames("status").map((frame) => (frame.t === "status" ? frame.state : ""))).toEqual(["starting", "running"]);
    disk.write(TOOL);
    tell(TOOL, true);
    await flush();
    expect(lines.at(-1)).toBe(
      `{"v":1,"t":"event","src":"fs","n":1,"at":"2025-11-21T10:00:00.123456000Z","body":{"path":"${TOOL}","change":"created","xattr":null,"before":null,"after":null}}`,
    );
    expect(source.counts()).toEqual({ n: 1, lines: 1, shed: 0, unreadable: 0 });
    source.suspend();
    lines = [];
    begin();
    expect(frames("status").map((frame) => (frame.t === "status" ? frame.state : ""))).toEqual(["running"]);
    expect(source.counts().n).toBe(0);
  });

  it("tells a download, its mark, its approval and the mark's removal", async () => {
    start();
    disk.folder(APP);
    disk.marks.set(APP, MARK);
    tell(APP, true);
    await flush();
    disk.marks.set(APP, APPROVED);
    tell(APP);
    await flush();
    disk.marks.delete(APP);
    tell(APP);
    await flush();
    expect(rows()).toEqual([
      ["created", APP, null, null],
      ["xattr-set", APP, null, MARK],
      ["xattr-set", APP, MARK, APPROVED],
      ["xattr-removed", APP, APPROVED, null],
    ]);
    const last = frames("event").at(-1);
    expect(last?.t === "event" && last.body["xattr"]).toBe("com.apple.quarantine");
  });

  it("knows beforehand what lies in the folders it may list, without a word about it", async () => {
    disk.folder("/Applications/Ledger.app");
    disk.marks.set("/Applications/Ledger.app", MARK);
    disk.write("/Applications/notes.txt", { mode: 0o644 });
    start({ roots: () => ["/Applications"], baseline: ["/Applications"] });
    await settle();
    timers.advance(FLUSH_MS);
    await settle();
    expect(asked.map(({ path, isPrivate }) => [path, isPrivate])).toEqual([["/Applications/Ledger.app", true]]);
    answerAll();
    expect(rows()).toEqual([]);
    disk.marks.delete("/Applications/Ledger.app");
    tell("/Applications/Ledger.app", false, "/Applications");
    await flush();
    expect(rows()).toEqual([["xattr-removed", "/Applications/Ledger.app", MARK, null]]);
  });

  it("does not claim a removal on a file of which it knew nothing, but has it looked at", async () => {
    disk.folder(APP);
    start();
    tell(APP);
    await settle();
    timers.advance(FLUSH_MS);
    await settle();
    expect(asked.map(({ isPrivate }) => isPrivate)).toEqual([false]);
    answerAll();
    expect(rows()).toEqual([]);
  });

  it("tells content, mode, renames and removals apart", async () => {
    start();
    disk.write(TOOL, { mode: 0o644 });
    disk.marks.set(TOOL, MARK);
    tell(TOOL, true);
    await flush();
    expect(rows()).toEqual([]);
    disk.files.set(TOOL, { ...(disk.files.get(TOOL) as FileFacts), mode: 0o755 });
    tell(TOOL);
    await flush();
    disk.write(TOOL);
    tell(TOOL);
    await flush();
    disk.files.set(TOOL, { ...(disk.files.get(TOOL) as FileFacts), mode: 0o4755 });
    tell(TOOL);
    await flush();
    const moved = `${DOWNLOADS}/tools/fetch`;
    disk.move(TOOL, moved);
    tell(TOOL, true);
    tell(moved, true);
    await flush();
    disk.marks.delete(moved);
    tell(moved);
    await flush();
    disk.files.delete(moved);
    tell(moved, true);
    await flush();
    expect(rows()).toEqual([
      ["modified", TOOL, "mode 644", "mode 755"],
      ["modified", TOOL, null, null],
      ["modified", TOOL, "mode 755", "mode 4755"],
      ["renamed", moved, TOOL, moved],
      ["xattr-removed", moved, MARK, null],
      ["removed", moved, null, null],
    ]);
  });

  it("sees that another file stands in the place of a known one", async () => {
    start();
    disk.write(TOOL);
    tell(TOOL, true);
    await flush();
    disk.files.set(TOOL, { ...(disk.files.get(TOOL) as FileFacts), identity: "1:other" });
    tell(TOOL, true);
    await flush();
    expect(rows().map(([change]) => change)).toEqual(["created", "modified"]);
  });

  it("takes many changes of one file as one", async () => {
    start();
    disk.write(TOOL);
    for (let written = 0; written < 1000; written += 1) tell(TOOL, written === 0);
    await flush();
    expect(rows()).toEqual([["created", TOOL, null, null]]);
  });

  it.each<[string, Partial<FileFacts>, boolean]>([
    [`${DOWNLOADS}/photo.jpeg`, { mode: 0o644 }, false],
    [`${DOWNLOADS}/photo.jpeg`, { mode: 0o755 }, true],
    [`${DOWNLOADS}/Ledger.dmg`, { mode: 0o644 }, true],
    [`${DOWNLOADS}/RUN ME.COMMAND`, { mode: 0o644 }, true],
    [`${DOWNLOADS}/.hidden`, { mode: 0o755 }, true],
    [`${DOWNLOADS}/folder`, { isFolder: true }, false],
    [APP, { isFolder: true }, true],
    [`${APP}/Contents/MacOS/Invoice Viewer`, { mode: 0o755 }, true],
    [`${APP}/Contents/_CodeSignature/CodeResources`, { mode: 0o755 }, true],
    [`${APP}/Contents/Frameworks/A.framework/Versions/A/A`, { mode: 0o755 }, true],
    [`${APP}/Contents/Frameworks/libledger.dylib`, { mode: 0o755 }, true],
    [`${APP}/Contents/Resources/en.lproj/Main.strings`, { mode: 0o755 }, false],
    [`${APP}/Contents/Resources/helper`, { mode: 0o755 }, false],
    [`${APP}/Contents/PlugIns/Quick.appex`, { isFolder: true }, true],
  ])("%s %j is told: %s", async (path, facts, isTold) => {
    start();
    disk.write(path, facts);
    tell(path, true);
    await flush();
    expect(rows()).toEqual(isTold ? [["created", path, null, null]] : []);
  });

  it("accounts for every change that it could not keep", async () => {
    start();
    const paths = Array.from({ length: MAX_PENDING + 1000 }, (_, i) => `${DOWNLOADS}/tool-${i}`);
    for (const path of paths) {
      disk.write(path);
      tell(path, true);
    }
    await settle();
    timers.advance(FLUSH_MS);
    for (let turn = 0; turn < 300; turn += 1) await settle();
    const reader = new SessionReader({ name: "live" });
    const hello = '{"v":1,"t":"hello","session":"s","at":"2025-11-21T10:00:00.000000000Z","host":{}}';
    const split = new LineSplitter().push(Buffer.from(`${[hello, ...lines].join("\n")}\n`));
    const records = [...split.flatMap((line) => reader.read(line)), ...reader.end()];
    const delivered = records.filter((record) => record.kind === "frame" && record.frame.t === "event").length;
    const gaps = records.flatMap((record) => (record.kind === "gap" && record.count !== null ? [record.count] : []));
    expect(delivered).toBe(MAX_PENDING);
    expect(gaps).toEqual([1000]);
    expect(source.counts()).toEqual({ n: paths.length, lines: MAX_PENDING, shed: 1000, unreadable: 0 });
  });

  it("counts a path that no reader would take", async () => {
    start();
    tell(`${DOWNLOADS}/${"x".repeat(5000)}`, true);
    await flush();
    expect(frames("gap")).toMatchObject([{ from: 1, to: 1, count: 1, why: "helper-overflow" }]);
  });

  it("says that something may be missing when nobody knows what, but not over and over", () => {
    start();
    disk.listeners.get(DOWNLOADS)?.changed(null, false);
    disk.listeners.get(DOWNLOADS)?.changed(null, false);
    expect(frames("gap")).toMatchObject([{ count: null, why: "source-dropped", from: null }]);
    timers.advance(60_000);
    expect(frames("gap")).toHaveLength(2);
    timers.advance(60_000);
    expect(frames("gap")).toHaveLength(2);
  });

  it("is not held up by a volume that does not answer", async () => {
    start();
    disk.stuck.add(`${DOWNLOADS}/dead`);
    tell(`${DOWNLOADS}/dead`, true);
    disk.write(TOOL);
    tell(TOOL, true);
    await flush();
    expect(rows()).toEqual([]);
    timers.advance(LOOK_LIMIT_MS);
    await settle();
    expect(rows()).toEqual([["created", TOOL, null, null]]);
    expect(frames("gap")).toMatchObject([{ count: null, why: "helper-overflow" }]);
  });

  it("asks again when the helper is busy, and says so when an answer never comes", async () => {
    start();
    canAsk = false;
    disk.write(TOOL);
    disk.marks.set(TOOL, MARK);
    tell(TOOL, true);
    await flush();
    expect(asked).toEqual([]);
    canAsk = true;
    timers.advance(1000);
    expect(asked.map(({ path }) => path)).toEqual([TOOL]);
    asked.shift()?.onAnswer(null);
    expect(frames("gap")).toMatchObject([{ count: null, why: "helper-overflow" }]);
    expect(rows().map(([change]) => change)).toEqual(["created"]);
  });

  it("lets what is only to be remembered wait without holding up what happens", async () => {
    for (let i = 0; i < 100; i += 1) disk.folder(`/Applications/Ledger ${i}.app`);
    source = createFsWatch({
      roots: () => [DOWNLOADS, "/Applications"],
      volumes: null,
      baseline: ["/Applications"],
      disk,
      clock,
      timers,
    });
    source.begin({
      line: () => undefined,
      look: (path, isPrivate, onAnswer) => {
        if (isPrivate && asked.length >= 20) return false;
        asked.push({ path, isPrivate, onAnswer });
        return true;
      },
    });
    disk.write(TOOL);
    tell(TOOL, true);
    await settle();
    timers.advance(FLUSH_MS);
    for (let turn = 0; turn < 5; turn += 1) await settle();
    disk.write(APP, { isFolder: true });
    tell(APP, true);
    timers.advance(FLUSH_MS);
    await settle();
    expect(asked.filter(({ isPrivate }) => !isPrivate).map(({ path }) => path)).toEqual([TOOL, APP]);
  });

  it("takes no answer for what could not be told", async () => {
    start();
    disk.write(TOOL);
    disk.marks.set(TOOL, MARK);
    tell(TOOL, true);
    await flush();
    tell(TOOL);
    await settle();
    timers.advance(FLUSH_MS);
    await settle();
    asked.shift()?.onAnswer({ id: 1, quarantine: undefined });
    expect(rows().map(([change]) => change)).toEqual(["created", "xattr-set"]);
  });

  it("keeps what happens between two sessions for the next one", async () => {
    start();
    source.suspend();
    disk.write(TOOL);
    tell(TOOL, true);
    await flush();
    expect(rows()).toEqual([]);
    begin();
    await flush();
    expect(rows()).toEqual([["created", TOOL, null, null]]);
  });

  it("asks in the next session what the last one left unanswered", async () => {
    start();
    disk.write(TOOL);
    disk.marks.set(TOOL, MARK);
    tell(TOOL, true);
    await settle();
    timers.advance(FLUSH_MS);
    await settle();
    const left = asked.shift();
    source.suspend();
    left?.onAnswer(null);
    expect(frames("gap")).toEqual([]);
    begin();
    answerAll();
    expect(rows().map(([change]) => change)).toEqual(["created", "xattr-set"]);
  });

  it("keeps what was being looked at when the session ended", async () => {
    start();
    disk.write(TOOL);
    tell(TOOL, true);
    timers.advance(FLUSH_MS);
    source.suspend();
    await settle();
    expect(rows()).toEqual([]);
    begin();
    await flush();
    expect(rows()).toEqual([["created", TOOL, null, null]]);
  });

  it("accounts for what it has not looked at when it is stopped, and watches nothing any more", async () => {
    start();
    tell(TOOL, true);
    tell(APP, true);
    source.stop();
    expect(frames("gap")).toMatchObject([{ count: 2, why: "helper-overflow" }]);
    expect(lines.at(-1)).toContain('"state":"stopped"');
    expect(disk.listeners.size).toBe(0);
    const { length } = lines;
    await flush();
    timers.advance(600_000);
    expect(lines).toHaveLength(length);
    begin();
    expect(disk.listeners.size).toBe(1);
  });
});

describe("the folders of the fs source", () => {
  const states = () =>
    frames("status").map((frame) =>
      frame.t === "status" ? [frame.state, frame.reason ?? null, frame.detail ?? null] : [],
    );

  it.each([
    ["EPERM", "denied", "full-disk-access"],
    ["EACCES", "denied", "full-disk-access"],
    ["ENOENT", "failed", "missing"],
    ["EMFILE", "restarting", "cannot-start"],
  ])("%s on all of them is %s", (code, state, reason) => {
    disk.refused.set(DOWNLOADS, code);
    start();
    expect(states().at(-1)).toEqual([state, reason, `Not watched: ${DOWNLOADS} (${code})`]);
  });

  it("names those that are not watched, and tries them again", () => {
    disk.refused.set("/Users/ana/Desktop", "EPERM");
    start({ roots: () => [DOWNLOADS, "/Users/ana/Desktop"] });
    expect(states().at(-1)).toEqual(["running", null, "Not watched: /Users/ana/Desktop (EPERM)"]);
    disk.refused.clear();
    expect(source.retry()).toBe(true);
    expect(states().at(-1)).toEqual(["running", null, null]);
  });

  it("says when a watch breaks, and mends it", () => {
    start();
    disk.listeners.get(DOWNLOADS)?.failed("EIO");
    expect(states().at(-1)).toEqual(["restarting", "cannot-start", `Not watched: ${DOWNLOADS} (EIO)`]);
    timers.advance(60_000);
    expect(states().at(-1)).toEqual(["running", null, null]);
  });

  it("watches a volume when it is mounted, and leaves it when it goes", () => {
    let volumes: string[] = [];
    start({ roots: () => [DOWNLOADS, ...volumes], volumes: "/Volumes" });
    expect([...disk.listeners.keys()]).toEqual([DOWNLOADS, "/Volumes"]);
    volumes = ["/Volumes/Ledger"];
    tell("/Volumes/Ledger", true, "/Volumes");
    timers.advance(500);
    expect([...disk.listeners.keys()]).toContain("/Volumes/Ledger");
    volumes = [];
    tell("/Volumes/Ledger", true, "/Volumes");
    timers.advance(500);
    expect([...disk.listeners.keys()]).toEqual([DOWNLOADS, "/Volumes"]);
  });
});
