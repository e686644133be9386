import { describe, expect, it } from "vitest";
import type { StateEntry } from "#core/base/state.ts";
import { type QuarantineMark, QuarantineMemory } from "./quarantine-memory.ts";

const XATTR = "/usr/bin/xattr";
const KIT = "/Users/ana/Downloads/kit";
const APP = "/Users/ana/Downloads/Invoice Viewer.app";
const BINARY = "Contents/MacOS/Invoice Viewer";
const FILE = 0o100_755;
const FOLDER = 0o040_755;

type Step = (memory: QuarantineMemory) => void;
const set =
  (path: string, at: number): Step =>
  (memory) =>
    memory.set(path, "0081;6a988290;Safari;", at, null);
const clear =
  (path: string, at: number, recursive = true): Step =>
  (memory) =>
    memory.removed(path, at, XATTR, recursive);
const move =
  (path: string, to: string, mode: number | null = null): Step =>
  (memory) =>
    memory.moved({ path, mode }, to);
const link =
  (path: string, to: string): Step =>
  (memory) =>
    memory.copied({ path, mode: FILE }, to);
const look =
  (path: string, at: number): Step =>
  (memory) =>
    memory.seenWithout(path, at);

type Answer = [state: QuarantineMark["state"] | undefined, root: string | null | undefined];

describe("QuarantineMemory", () => {
  it.each<[string, Step[], string, Answer]>([
    ["a folder cleared as a whole", [clear(KIT, 1)], `${KIT}/sub/tool`, ["removed", KIT]],
    ["its app too", [clear(KIT, 1)], `${KIT}/A.app/Contents/MacOS/A`, ["removed", KIT]],
    ["not what only begins alike", [clear(KIT, 1)], `${KIT}2/tool`, [undefined, undefined]],
    ["not when the folder alone was cleared", [clear(KIT, 1, false)], `${KIT}/tool`, [undefined, undefined]],
    ["a mark set before is gone", [set(`${KIT}/tool`, 1), clear(KIT, 2)], `${KIT}/tool`, ["removed", KIT]],
    ["a mark set later stands", [clear(KIT, 1), set(`${KIT}/tool`, 2)], `${KIT}/tool`, ["present", null]],
    ["there was none to remove", [look(`${KIT}/tool`, 1), clear(KIT, 2)], `${KIT}/tool`, ["absent", null]],
    ["the latest of two folders", [clear(`${KIT}/sub`, 1), clear(KIT, 2)], `${KIT}/sub/tool`, ["removed", KIT]],
    ["the whole disk", [clear("/", 1)], "/tool", ["removed", "/"]],
    ["twelve folders up", [clear(KIT, 1)], `${KIT}${"/s".repeat(11)}/tool`, ["removed", KIT]],
    ["no further", [clear(KIT, 1)], `${KIT}${"/s".repeat(12)}/tool`, [undefined, undefined]],
    ["the folder's own record does not undo it", [clear(KIT, 1), clear(KIT, 2, false)], `${KIT}/t`, ["removed", KIT]],
    ["a file moved", [clear("/tmp/a", 1), move("/tmp/a", "/opt/b", FILE)], "/opt/b", ["removed", "/tmp/a"]],
    [
      "an app moved",
      [clear(APP, 1), move(APP, "/Applications/I.app", FOLDER)],
      "/Applications/I.app",
      ["removed", APP],
    ],
    ["an app that lost its name", [clear(APP, 1), move(APP, "/opt/iv", FOLDER)], `/opt/iv/${BINARY}`, ["removed", APP]],
    ["an app's program taken out", [clear(APP, 1), move(`${APP}/${BINARY}`, "/tmp/x")], "/tmp/x", ["removed", APP]],
    [
      "a folder moved takes along what is inside",
      [set(`${KIT}/a`, 1), clear(`${KIT}/sub/b`, 2), move(KIT, "/opt/kit", FOLDER)],
      "/opt/kit/sub/b",
      ["removed", `${KIT}/sub/b`],
    ],
    [
      "a folder that becomes an app",
      [clear(`${KIT}/Contents/MacOS/kit`, 1), move(KIT, `${KIT}.app`, FOLDER)],
      `${KIT}.app/Contents/MacOS/kit`,
      ["removed", `${KIT}/Contents/MacOS/kit`],
    ],
    ["a cleared folder moved", [clear(KIT, 1), move(KIT, "/opt/kit", FOLDER)], "/opt/kit/sub/b", ["removed", KIT]],
    ["nothing stays behind", [clear(KIT, 1), move(KIT, "/opt/kit", FOLDER)], `${KIT}/b`, [undefined, undefined]],
    ["taken out of a cleared folder", [clear(KIT, 1), move(`${KIT}/b`, "/tmp/b", FILE)], "/tmp/b", ["removed", KIT]],
    [
      "a folder taken out of it",
      [clear(KIT, 1), move(`${KIT}/sub`, "/tmp/sub", FOLDER)],
      "/tmp/sub/b",
      ["removed", KIT],
    ],
    ["a second name for the file", [clear("/tmp/a", 1), link("/tmp/a", "/opt/b")], "/opt/b", ["removed", "/tmp/a"]],
    ["the first name stays", [clear("/tmp/a", 1), link("/tmp/a", "/opt/b")], "/tmp/a", ["removed", "/tmp/a"]],
    ["a copy out of a cleared folder", [clear(KIT, 1), link(`${KIT}/a`, "/opt/b")], "/opt/b", ["removed", KIT]],
    ["a copy of what nobody saw", [link("/tmp/a", "/opt/b")], "/opt/b", [undefined, undefined]],
    ["renamed within it", [clear(KIT, 1), move(`${KIT}/a`, `${KIT}/b`, FILE)], `${KIT}/b`, ["removed", KIT]],
  ])("%s", (_what, steps, path, expected) => {
    const memory = new QuarantineMemory([]);
    for (const step of steps) step(memory);
    const mark = memory.find(path);
    expect([mark?.state, mark?.root]).toEqual(expected);
  });

  it("goes on from its stored state at every point", () => {
    const steps = [
      set(`${KIT}/tool`, 1),
      clear(KIT, 2),
      move(KIT, "/opt/kit", FOLDER),
      clear(APP, 3),
      move(APP, "/opt/iv"),
    ];
    const whole = new QuarantineMemory([]);
    const stored = new Map<string, string>();
    for (const step of steps) {
      step(whole);
      const entries: StateEntry[] = [...stored].map(([key, value]) => ({ key, value }));
      const memory = new QuarantineMemory(entries);
      step(memory);
      for (const { key, value } of memory.drainChanges()) {
        if (value === null) stored.delete(key);
        else stored.set(key, value);
      }
    }
    const last = new QuarantineMemory([...stored].map(([key, value]) => ({ key, value })));
    for (const path of ["/opt/kit/tool", "/opt/kit/x/y", `/opt/iv/${BINARY}`, `${KIT}/tool`, APP]) {
      expect(last.find(path)).toEqual(whole.find(path));
    }
    expect(last.find("/opt/kit/x/y")?.state).toBe("removed");
  });

  it("moves within a cleared folder leave no marks of their own", () => {
    const memory = new QuarantineMemory([]);
    memory.removed(KIT, 1, XATTR, true);
    memory.drainChanges();
    for (let n = 0; n < 1000; n += 1) memory.moved({ path: `${KIT}/${n}.tmp`, mode: FILE }, `${KIT}/${n}.o`);
    expect(memory.drainChanges()).toEqual([]);
  });

  const SAFARI = "/Applications/Safari.app/Contents/MacOS/Safari";
  const SCRIPT = "/usr/bin/osascript";
  const APPROVED = "00c1;6a988290;Safari;";
  const by =
    (actor: string, at: number): Step =>
    (memory) =>
      memory.set(APP, null, at, actor);
  const watched =
    (at: number): Step =>
    (memory) =>
      memory.set(APP, APPROVED, at, null);

  it.each<[string, Step[], "present" | "approved"]>([
    ["who did it first", [by(SCRIPT, 10_000_000), watched(10_400_000)], "approved"],
    ["what was written first", [watched(10_400_000), by(SCRIPT, 10_000_000)], "approved"],
  ])("two sources tell of one rewriting, %s: it is known who and what", (_what, steps, state) => {
    const memory = new QuarantineMemory([]);
    by(SAFARI, 1_000_000)(memory);
    for (const step of steps) step(memory);
    expect(memory.find(APP)).toMatchObject({ state, by: SCRIPT, agent: "Safari" });
    expect(memory.findBefore(APP, 10_000_000, null)).toMatchObject({ state: "present", by: SAFARI });
  });

  it("the mark before a change is known, although another source's record of it came first", () => {
    const memory = new QuarantineMemory([]);
    by(SAFARI, 1_000_000)(memory);
    watched(10_000_000)(memory);
    expect(memory.findBefore(APP, 9_900_000, SCRIPT)?.state).toBe("present");
    // Another deed: more than two seconds lie between them.
    expect(memory.findBefore(APP, 12_100_000, SCRIPT)?.state).toBe("approved");
    expect(memory.find(APP)?.state).toBe("approved");
  });

  it("a download's first mark had nothing before it, whoever tells of it first", () => {
    const memory = new QuarantineMemory([]);
    watched(10_000_000)(memory);
    expect(memory.findBefore(APP, 9_900_000, SCRIPT)).toBeNull();
  });

  it("a removal and who did it are one deed too", () => {
    const memory = new QuarantineMemory([]);
    by(SAFARI, 1_000_000)(memory);
    memory.removed(APP, 10_000_000, SCRIPT);
    memory.removed(APP, 10_300_000, null);
    expect(memory.find(APP)).toMatchObject({ state: "removed", by: SCRIPT, root: APP });
    expect(memory.findBefore(APP, 10_300_000, null)?.state).toBe("present");
  });

  it("the files of a folder that is being cleared leave no marks of their own and push out no others", () => {
    const memory = new QuarantineMemory([]);
    set(APP, 1)(memory);
    clear(KIT, 2)(memory);
    memory.drainChanges();
    for (let n = 0; n < 10_000; n += 1) memory.removed(`${KIT}/lib/${n}.o`, 3, XATTR);
    expect(memory.drainChanges()).toEqual([]);
    expect(memory.find(APP)?.state).toBe("present");
    expect(memory.find(`${KIT}/lib/7.o`)).toMatchObject({ state: "removed", root: KIT });
    // Somebody else, and the same tool a day later, do something of their own.
    memory.removed(`${KIT}/a`, 4, SCRIPT);
    memory.removed(`${KIT}/b`, 86_400_000_000, XATTR);
    expect([memory.find(`${KIT}/a`)?.root, memory.find(`${KIT}/b`)?.root]).toEqual([`${KIT}/a`, `${KIT}/b`]);
  });
});
