import { describe, expect, it } from "vitest";
import type { EsEvent, EventOf, TelemetryEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import { MINUTE, SECOND } from "#core/base/clock.ts";
import {
  APP,
  APP_IMAGE,
  appleTool,
  AT,
  enricher,
  exec,
  FLAGS,
  header,
  invoiceViewer,
  posture,
  process,
  xattrEvent,
} from "./events.fixture.ts";
import type { Enricher } from "./enricher.ts";

const safari = process({ path: "/Applications/Safari.app/Contents/MacOS/Safari", signingId: "com.apple.Safari" });
const mover = process({ path: "/bin/mv", signingId: "com.apple.mv" });
const writer = process({ path: "/bin/cat", signingId: "com.apple.cat" });
const dropper = process({
  path: "/tmp/dropper",
  signingId: "dropper",
  codesigningFlags: FLAGS.adHoc,
  isPlatformBinary: false,
});
const installd = process({ path: "/System/Library/installd", signingId: "com.apple.installd" });

function es<K extends EsEvent["kind"]>(kind: K, actor: Process, rest: object, time = AT): EventOf<K> {
  return { ...header(time), version: 9, seqNum: 1, globalSeqNum: 1, actor, kind, ...rest } as unknown as EventOf<K>;
}
const file = (path: string) => ({ path, mode: null });
const write = (path: string, actor: Process, time = AT) => es("write", actor, { target: file(path) }, time);
const rename = (from: string, to: string, actor: Process, time = AT) =>
  es("rename", actor, { source: file(from), destination: to }, time);

function change(path: string, kind: EventOf<"fs_change">["change"], time = AT): EventOf<"fs_change"> {
  return { ...header(time), kind: "fs_change", path, change: kind, xattr: null, before: null, after: null };
}

function feed(room: Enricher, ...events: TelemetryEvent[]): Enricher {
  for (const event of events) room.enrich(event, posture());
  return room;
}

function run(room: Enricher, path = APP_IMAGE, time = AT): unknown[] {
  const { fields } = room.enrich(exec(invoiceViewer({ path }), [], { time }), posture());
  return ["WrittenBy", "WrittenBySigningId", "WrittenByTrust", "MinutesSinceWritten"].map((name) => fields.get(name));
}

describe("who wrote it", () => {
  it.each<[string, TelemetryEvent]>([
    ["create", es("create", dropper, { target: file(APP_IMAGE), existing: false })],
    ["rename", rename("/tmp/new", APP_IMAGE, dropper)],
    ["close of a changed file", es("close", dropper, { target: file(`${APP}/Contents/x`), modified: true })],
    ["write", write(`${APP}/Contents/Resources/app.asar`, dropper)],
    ["copyfile", es("copyfile", dropper, { source: file("/tmp/a"), destination: APP_IMAGE })],
    ["link", es("link", dropper, { source: file("/tmp/a"), destination: APP_IMAGE })],
  ])("%s, of the file or of something in its bundle", (_, event) => {
    expect(run(feed(enricher(), event), APP_IMAGE, AT + 3.5 * MINUTE)).toEqual([
      "/tmp/dropper",
      "dropper",
      "ad-hoc",
      3,
    ]);
  });

  it.each<[string, TelemetryEvent[], string]>([
    [
      "what was fetched and then moved was fetched",
      [
        es("create", dropper, { target: file("/tmp/a"), existing: false }),
        rename("/tmp/a", "/Users/ana/Downloads/b", mover),
      ],
      "/tmp/dropper",
    ],
    [
      "moved twice, too",
      [write("/tmp/a", dropper), rename("/tmp/a", "/tmp/b", mover), rename("/tmp/b", "/Users/ana/Downloads/b", mover)],
      "/tmp/dropper",
    ],
    ["whose writer nobody saw came from who moved it", [rename("/tmp/a", "/Users/ana/Downloads/b", mover)], "/bin/mv"],
    [
      "written anew after the move, it is the later writer's",
      [
        write("/tmp/a", dropper),
        rename("/tmp/a", "/Users/ana/Downloads/b", dropper),
        es("write", writer, { target: file("/Users/ana/Downloads/b") }, AT + MINUTE),
      ],
      "/bin/cat",
    ],
  ])("%s", (_, events, by) => {
    expect(run(feed(enricher(), ...events), "/Users/ana/Downloads/b", AT + 3 * MINUTE)[0]).toBe(by);
  });

  it("a close that changed nothing, another file, and no record at all say nothing", () => {
    const room = feed(
      enricher(),
      es("close", dropper, { target: file(APP_IMAGE), modified: false }),
      write("/Users/ana/Downloads/other", dropper),
      es("setmode", dropper, { target: file(APP_IMAGE), mode: 0o755 }),
    );
    expect(run(room)).toEqual([null, null, null, null]);
    expect(room.enrich(write("/tmp/x", dropper), posture()).fields.get("WrittenBy")).toBeUndefined();
  });

  it("the latest writer counts, but macOS' installer hides nobody in a bundle", () => {
    const room = feed(enricher(), write(APP_IMAGE, safari), write(APP_IMAGE, dropper, AT + 9 * SECOND));
    expect(run(feed(room, write(APP_IMAGE, installd, AT + MINUTE)))[0]).toBe("/tmp/dropper");
    expect(run(feed(room, write(APP_IMAGE, { ...installd, isPlatformBinary: false }, AT + MINUTE)))[0]).toBe(
      installd.path,
    );
    expect(run(feed(enricher(), write(APP_IMAGE, installd)))[0]).toBe(installd.path);
    const tool = "/usr/local/bin/tool";
    expect(run(feed(enricher(), write(tool, dropper), write(tool, installd, AT + MINUTE)), tool)[0]).toBe(
      installd.path,
    );
  });

  it("a source without the writer does not hide the one just seen, and later tells that it is not known", () => {
    const room = feed(enricher(), write(APP_IMAGE, dropper), change(APP_IMAGE, "modified", AT + 2 * SECOND));
    expect(run(room)[0]).toBe("/tmp/dropper");
    feed(room, change(APP_IMAGE, "modified", AT + MINUTE));
    expect(run(room, APP_IMAGE, AT + 2 * MINUTE)).toEqual([null, null, null, 1]);
  });

  it("what is gone or was moved away is forgotten; times that go backwards are not negative", () => {
    expect(
      run(feed(enricher(), write("/tmp/t", dropper), es("unlink", dropper, { target: file("/tmp/t") })), "/tmp/t")[0],
    ).toBeNull();
    expect(run(feed(enricher(), write("/tmp/t", dropper), rename("/tmp/t", "/tmp/u", safari)), "/tmp/t")[0]).toBeNull();
    expect(run(feed(enricher(), write(APP_IMAGE, dropper, AT + 400 * MINUTE)))[3]).toBe(0);
    const back = feed(enricher(), write(APP_IMAGE, dropper, AT + MINUTE), write(APP_IMAGE, safari, AT - MINUTE));
    expect(run(back)[0]).toBe(safari.path);
  });

  it("survives a restart of the Mac, is bounded and counted", () => {
    const room = feed(enricher(), write(APP_IMAGE, dropper));
    expect(room.enrich(exec(invoiceViewer(), []), posture({ bootOrdinal: 2 })).fields.get("WrittenBy")).toBe(
      "/tmp/dropper",
    );
    for (let index = 0; index < 8200; index += 1) feed(room, write(`/tmp/${index}`, dropper));
    expect(room.evictions().origins).toBe(9);
  });
});

describe("QuarantineMismatch", () => {
  const INSIDE = `${APP}/Contents/Resources/helper`;
  const mismatch = (...events: TelemetryEvent[]) =>
    feed(enricher(), ...events)
      .enrich(exec(invoiceViewer(), []), posture())
      .fields.get("QuarantineMismatch");
  const xattr = (...args: string[]) => exec(appleTool("xattr", "com.apple.xattr"), ["xattr", ...args]);

  it.each<[string, TelemetryEvent[], boolean | null]>([
    ["nothing seen", [], null],
    ["only the root seen", [xattrEvent("setextattr", APP)], null],
    ["only the inside seen", [xattrEvent("setextattr", INSIDE)], null],
    ["both marked", [xattrEvent("setextattr", APP), xattrEvent("setextattr", INSIDE)], false],
    [
      "taken off the app alone",
      [xattrEvent("setextattr", APP), xattrEvent("setextattr", INSIDE), xattrEvent("deleteextattr", APP)],
      true,
    ],
    ["by the tool alone", [xattrEvent("setextattr", INSIDE), xattr("-d", "com.apple.quarantine", APP)], true],
    ["by the tool, all", [xattrEvent("setextattr", INSIDE), xattr("-dr", "com.apple.quarantine", APP)], false],
    ["taken off the inside", [xattrEvent("setextattr", APP), xattrEvent("deleteextattr", APP_IMAGE)], true],
    [
      "another attribute",
      [xattrEvent("setextattr", INSIDE), xattrEvent("deleteextattr", APP, { extattr: "com.apple.provenance" })],
      null,
    ],
    [
      "moved along",
      [
        xattrEvent("setextattr", "/tmp/V.app/Contents/a"),
        xattrEvent("deleteextattr", "/tmp/V.app"),
        rename("/tmp/V.app", APP, process()),
      ],
      true,
    ],
    [
      "gone before",
      [
        xattrEvent("setextattr", INSIDE),
        xattrEvent("deleteextattr", APP),
        es("unlink", process(), { target: file(APP) }),
      ],
      null,
    ],
  ])("%s", (_, events, expected) => {
    expect(mismatch(...events)).toBe(expected);
  });

  it("is of bundles alone, bounded and counted", () => {
    const room = feed(enricher(), xattrEvent("setextattr", "/tmp/tool"));
    expect(
      room.enrich(exec(process({ path: "/tmp/tool" }), []), posture()).fields.get("QuarantineMismatch"),
    ).toBeNull();
    for (let index = 0; index < 2050; index += 1) feed(room, xattrEvent("setextattr", `/tmp/${index}.app`));
    expect(room.evictions().bundles).toBe(2);
  });
});
