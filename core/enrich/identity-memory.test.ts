import { describe, expect, it } from "vitest";
import type { EventOf } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import { APP, APP_IMAGE, enricher, exec, FLAGS, header, invoiceViewer, posture } from "./events.fixture.ts";
import { Enricher } from "./enricher.ts";

const TEAM = "7QXW3N5R2K";
const hash = (letter: string) => letter.repeat(40);
const signed = (fields: Partial<Process> = {}) =>
  invoiceViewer({ teamId: TEAM, codesigningFlags: FLAGS.developerId, cdhash: hash("1"), ...fields });
const adHoc = (fields: Partial<Process> = {}) => invoiceViewer({ cdhash: hash("2"), ...fields });
const linked = (fields: Partial<Process> = {}) => adHoc({ codesigningFlags: FLAGS.linkerSigned, ...fields });
const unsigned = () => adHoc({ codesigningFlags: FLAGS.unsigned, cdhash: null, signingId: null });
const selfSigned = () => signed({ teamId: null, cdhash: hash("3") });
const platform = () => adHoc({ codesigningFlags: FLAGS.platform, isPlatformBinary: true, cdhash: hash("4") });
const unknown = () => adHoc({ codesigningFlags: null, isPlatformBinary: null, cdhash: hash("5") });

function step(room: Enricher, target: Process, bootOrdinal = 1): unknown[] {
  const { fields } = room.enrich(exec(target, []), posture({ bootOrdinal }));
  return ["IdentityChange", "PreviousTeamId", "PreviousSignatureStatus"].map((name) => fields.get(name));
}

describe("IdentityChange", () => {
  it.each<[string, Process, Process, string | null]>([
    ["the same code", signed(), signed(), "none"],
    ["a new version", signed(), signed({ cdhash: hash("9") }), "updated"],
    ["team changed", signed(), signed({ teamId: "ABCDE12345", cdhash: hash("9") }), "team-changed"],
    ["signed to ad hoc", signed(), adHoc(), "signed-to-ad-hoc"],
    ["signed to linker-signed", signed(), linked(), "signed-to-ad-hoc"],
    ["signed to unsigned", signed(), unsigned(), "team-lost"],
    ["signed to self-signed", signed(), selfSigned(), "team-lost"],
    ["Apple's to ad hoc", platform(), adHoc(), "signed-to-ad-hoc"],
    ["Apple's to a team", platform(), signed(), "team-changed"],
    ["Apple's to unsigned", platform(), unsigned(), "team-lost"],
    ["to Apple's", signed(), platform(), "updated"],
    ["a rebuild", linked(), linked({ cdhash: hash("9") }), "updated"],
    ["the same local build", linked(), linked(), "none"],
    ["a local certificate to ad hoc", selfSigned(), adHoc(), "updated"],
    ["a team gained", adHoc(), signed(), "updated"],
    ["unsigned again", unsigned(), unsigned(), "none"],
    ["not known now", signed(), unknown(), null],
    ["not known before", unknown(), adHoc(), "first"],
  ])("%s", (_, before, now, expected) => {
    const room = enricher();
    step(room, before);
    expect(step(room, now)[0]).toBe(expected);
  });

  it("tells what was before, and of the first run nothing", () => {
    const room = enricher();
    expect(step(room, platform())).toEqual(["first", null, null]);
    expect(step(room, signed())).toEqual(["team-changed", null, "platform"]);
    expect(step(room, adHoc())).toEqual(["signed-to-ad-hoc", TEAM, "unknown"]);
    expect(step(room, adHoc())).toEqual(["none", null, "ad-hoc"]);
    const { fields } = room.enrich({ ...exec(adHoc(), []), kind: "fork", child: adHoc() }, posture());
    expect(fields.get("IdentityChange")).toBeUndefined();
  });

  it("a run that is not known neither loses nor covers up a loss", () => {
    const room = enricher();
    step(room, signed());
    step(room, unknown());
    expect(step(room, adHoc())).toEqual(["signed-to-ad-hoc", TEAM, "unknown"]);
  });

  it("a renamed executable of the same app is known by its signing id, another app is not", () => {
    const room = enricher();
    step(room, signed());
    expect(step(room, adHoc({ path: `${APP}/Contents/MacOS/Viewer2` }))[0]).toBe("signed-to-ad-hoc");
    expect(step(room, adHoc({ path: `${APP}/Contents/MacOS/other`, signingId: "other" }))[0]).toBe("first");
    expect(step(room, adHoc({ path: "/tmp/Copy.app/Contents/MacOS/Viewer" }))[0]).toBe("first");
  });

  it("survives restarts of the Mac, interleaved or not, and of the monitor", () => {
    const room = enricher();
    step(room, signed());
    expect(step(room, signed({ cdhash: hash("9") }), 2)[0]).toBe("updated");
    expect(step(room, signed({ cdhash: hash("9") }), 1)[0]).toBe("none");
    const entries = room.drainChanges().flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
    const later = new Enricher(entries, { developerIdAllowList: [], isOwnProcess: () => false });
    expect(step(later, adHoc(), 3)).toEqual(["signed-to-ad-hoc", TEAM, "unknown"]);
  });

  it("what the kernel calls unsigned has no team, whatever the record still names", () => {
    const room = enricher();
    step(room, signed());
    expect(step(room, signed({ codesigningFlags: 0 }))).toEqual(["team-lost", TEAM, "unknown"]);
  });

  it("a snapshot that gives no team does not take one away", () => {
    const room = enricher();
    step(room, signed());
    const snapshot = (of: Process): EventOf<"process_snapshot"> => ({
      ...header(),
      kind: "process_snapshot",
      change: "new",
      process: of,
      args: [],
    });
    const seen = (of: Process) => room.enrich(snapshot(of), posture()).fields.get("IdentityChange");
    expect(seen(selfSigned())).toBeNull();
    expect(seen(adHoc())).toBe("signed-to-ad-hoc");
  });

  it("is bounded, keeps what runs often, and counts the rest", () => {
    const room = enricher();
    step(room, signed());
    for (let index = 0; index < 9000; index += 1) {
      step(room, adHoc({ path: `/tmp/${index}`, id: { pid: index, pidversion: index } }));
      if (index % 1000 === 0) step(room, signed());
    }
    expect(room.evictions().identities).toBeGreaterThan(800);
    expect(step(room, adHoc({ path: APP_IMAGE }))[0]).toBe("signed-to-ad-hoc");
  });
});

describe("own processes", () => {
  const own = (process: Process) => process.cdhash === hash("c");
  const helper = (fields: Partial<Process> = {}) =>
    invoiceViewer({
      id: { pid: 80, pidversion: 81 },
      path: "/tmp/h",
      cdhash: hash("c"),
      parent: null,
      ppid: 1,
      ...fields,
    });
  const isOwn = (room: Enricher, event: Parameters<Enricher["enrich"]>[0]) => room.enrich(event, posture()).own;
  const child = (pid: number, parent: Process["parent"]) => invoiceViewer({ id: { pid, pidversion: pid }, parent });

  it("what a helper older than every record starts, and what that starts, is its own", () => {
    const room = enricher({ isOwnProcess: own });
    const spawned = helper({ id: { pid: 90, pidversion: 1 }, parent: { pid: 80, pidversion: 81 } });
    expect(isOwn(room, exec(child(90, { pid: 80, pidversion: 81 }), ["sh"], { actor: spawned }))).toBe(true);
    expect(isOwn(room, exec(child(91, { pid: 90, pidversion: 90 }), ["csrutil", "status"]))).toBe(true);
    expect(isOwn(room, exec(child(92, { pid: 7, pidversion: 7 }), ["csrutil", "status"]))).toBe(false);
  });

  it("a fork of its own is its own, also after its exec", () => {
    const room = enricher({ isOwnProcess: own });
    const forked = helper({ id: { pid: 95, pidversion: 5 } });
    room.enrich({ ...exec(child(1, null), [], { actor: helper() }), kind: "fork", child: forked }, posture());
    expect(isOwn(room, exec(child(95, null), [], { actor: forked }))).toBe(true);
  });

  it("a snapshot's new process is not its own for having the pid of one that was", () => {
    const room = enricher({ isOwnProcess: own });
    const snapshot = (change: "new" | "changed", of: Process): EventOf<"process_snapshot"> => ({
      ...header(),
      kind: "process_snapshot",
      change,
      process: of,
      args: [],
    });
    const id = { pid: 80, pidversion: null };
    expect(isOwn(room, snapshot("new", helper({ id })))).toBe(true);
    expect(
      isOwn(room, snapshot("new", invoiceViewer({ id: { pid: 81, pidversion: null }, parent: null, ppid: 80 }))),
    ).toBe(true);
    expect(isOwn(room, snapshot("changed", invoiceViewer({ id, parent: null, ppid: 1 })))).toBe(true);
    expect(isOwn(room, snapshot("new", invoiceViewer({ id, parent: null, ppid: 1 })))).toBe(false);
    expect(
      isOwn(room, snapshot("new", invoiceViewer({ id: { pid: 82, pidversion: null }, parent: null, ppid: 80 }))),
    ).toBe(false);
  });
});
