import { describe, expect, it } from "vitest";
import type { EventOf } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { StateEntry } from "#core/base/state.ts";
import { Enricher } from "./enricher.ts";
import { APP, APP_IMAGE, appleTool, enricher, header, invoiceViewer, posture, process } from "./events.fixture.ts";

function snapshot(
  change: EventOf<"process_snapshot">["change"],
  of: Process,
  args: string[] = [],
): EventOf<"process_snapshot"> {
  return { ...header(), kind: "process_snapshot", change, process: of, args };
}

const shell = process();
const STARTS = { category: "process_creation", service: null };
const NO_START = { category: null, service: null };

describe("Enricher: process snapshots", () => {
  it("another program in the same process is a start, in everything", () => {
    const room = enricher();
    room.enrich(snapshot("new", shell), posture());
    const tool = appleTool("xattr", "com.apple.xattr");
    const ran = room.enrich(snapshot("changed", tool, ["xattr", "-cr", APP]), posture());
    expect(ran.logsource).toEqual(STARTS);
    expect(ran.fields.get("ToolAction")).toBe("quarantine-removed");
    const started = room.enrich(snapshot("changed", invoiceViewer(), [APP_IMAGE]), posture());
    expect(started.logsource).toEqual(STARTS);
    expect(started.description.title).toBe("Ran Invoice Viewer");
    expect(
      ["Image", "FirstSeen", "Quarantine", "UnquarantinedRoot", "CommandLine"].map((name) => started.fields.get(name)),
    ).toEqual([APP_IMAGE, true, "removed", APP, APP_IMAGE]);
  });

  it.each<[string, Process, Process, object]>([
    ["only flags changed", shell, { ...shell, codesigningFlags: 0x22000000 }, NO_START],
    ["only flags of unsigned code", { ...shell, cdhash: null }, { ...shell, cdhash: null, uid: 0 }, NO_START],
    ["another path", shell, { ...shell, path: "/tmp/zsh" }, STARTS],
    ["another cdhash", shell, { ...shell, cdhash: "e".repeat(40) }, STARTS],
    ["the signature is gone", shell, { ...shell, cdhash: null }, STARTS],
    ["the version of the process tells of an exec", shell, { ...shell, id: { pid: 700, pidversion: 2001 } }, STARTS],
    ["another process", shell, { ...shell, id: { pid: 701, pidversion: 2000 } }, STARTS],
    [
      "a source without versions",
      { ...shell, id: { pid: 700, pidversion: null } },
      { ...shell, id: { pid: 700, pidversion: null }, codesigningFlags: 1 },
      NO_START,
    ],
  ])("changed: %s", (_what, before, after, logsource) => {
    const room = enricher();
    room.enrich(snapshot("new", before), posture());
    const changed = room.enrich(snapshot("changed", after), posture());
    expect(changed.logsource).toEqual(logsource);
    expect(changed.firstSeen === null).toBe(logsource === NO_START);
    expect(changed.fields.get("ToolAction")).toBe(logsource === NO_START ? undefined : null);
  });

  it("unknown before is a start; a process that ended is none", () => {
    expect(enricher().enrich(snapshot("changed", shell), posture()).logsource).toEqual(STARTS);
    expect(enricher().enrich(snapshot("gone", shell), posture()).logsource).toEqual(NO_START);
  });

  it("is told from its stored state alike", () => {
    const options = { developerIdAllowList: [], isOwnProcess: () => false };
    const room = new Enricher([], options);
    room.enrich(snapshot("new", shell), posture());
    const stored = room
      .drainChanges()
      .flatMap(({ key, value }): StateEntry[] => (value === null ? [] : [{ key, value }]));
    expect(new Enricher(stored, options).enrich(snapshot("changed", shell), posture()).logsource).toEqual(NO_START);
  });
});
