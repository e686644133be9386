import { describe, expect, it } from "vitest";
import type { EventOf, ProbeEvent } from "#contract/event.ts";
import type { JournalRecord } from "#core/base/journal-record.ts";
import type { StateEntry } from "#core/base/state.ts";
import { DAY, HOUR, MINUTE } from "#core/base/clock.ts";
import type { Intent } from "./intent-memory.ts";
import { type PostureChange, PostureTracker } from "./posture-tracker.ts";
import {
  bputilText,
  CSRUTIL_CUSTOM,
  CSRUTIL_OFF,
  CSRUTIL_ON,
  ibridgeText,
  probe,
  sysctlText,
} from "./probe-texts.fixture.ts";

type Start = EventOf<"session_start">;
type Accepted = EventOf<"baseline_accepted">;
type Step = Start | Accepted | ProbeEvent | Intent;

const BEGIN = 500_000 * HOUR;

function start(bootUuid: string | null, hours: number, fields: Partial<Start> = {}): Start {
  const time = BEGIN + hours * HOUR;
  return {
    kind: "session_start",
    id: { session: "s", src: "hello", n: time },
    time: time + MINUTE,
    replayed: false,
    bootUuid,
    bootTime: time,
    osVersion: "26.1",
    osBuild: "25B78",
    helperVersion: "1.0.0",
    privileged: true,
    sources: [],
    newBoot: false,
    ...fields,
  };
}

function accepted(hours: number, by: string | null = "ana", reason = "Needed for the audio interface"): Accepted {
  const time = BEGIN + hours * HOUR;
  return {
    kind: "baseline_accepted",
    id: { session: "monitor", src: "baseline", n: time },
    time,
    replayed: false,
    by,
    reason,
  };
}

function attempt(hours: number, fields: Partial<Intent> = {}): Intent {
  const at = BEGIN + hours * HOUR;
  return { at, action: "sip-weaken", user: "ana", command: "csrutil disable", chain: ["com.apple.zsh"], ...fields };
}

const at = (hours: number, event: ProbeEvent): ProbeEvent => ({ ...event, time: BEGIN + hours * HOUR });
const sip = (hours: number, text: string) => at(hours, probe("csrutil-status", text));
const policy = (hours: number, more: Record<string, string>) =>
  at(hours, probe("system-profiler-ibridge", ibridgeText("Enabled", "Enabled", more)));

function run(tracker: PostureTracker, steps: readonly Step[]): PostureChange[] {
  return steps.flatMap((step) => {
    if ("action" in step) {
      tracker.intended(step);
      tracker.heard(step.at);
      return [];
    }
    const changes: PostureChange[] = [];
    if (step.kind === "probe") changes.push(...tracker.apply(step));
    else if (step.kind === "session_start") tracker.start(step);
    else tracker.acceptBaseline(step);
    tracker.heard(step.time);
    return changes;
  });
}

const kinds = (lines: readonly JournalRecord[]) =>
  lines.map(({ kind, about }) => (about === null ? kind : `${kind} ${about}`));

describe("in doubt", () => {
  const root = (hours: number, word: string) =>
    at(hours, probe("csrutil-authenticated-root", word === "" ? "" : `Authenticated Root status: ${word}\n`));
  const silent = (hours: number) => at(hours, probe("csrutil-authenticated-root", "", { timedOut: true, exit: null }));
  const noBridge = (hours: number) => at(hours, probe("system-profiler-ibridge", '{"SPiBridgeDataType":[]}'));

  it.each<[string, Step[], boolean]>([
    ["before anything was read", [], true],
    ["once SIP was", [start("A", 0), sip(1, CSRUTIL_ON)], false],
    ["what was never readable here is none", [start("A", 0), sip(1, CSRUTIL_ON), noBridge(1), silent(1)], false],
    ["SIP was accepted as off", [start("A", 0), sip(1, CSRUTIL_CUSTOM), accepted(2)], false],
    ["after a restart, nothing read yet", [start("A", 0), sip(1, CSRUTIL_ON), start("B", 2)], true],
    [
      "after a restart, one that answered before does not",
      [start("A", 0), sip(1, CSRUTIL_ON), root(1, "enabled"), start("B", 2), sip(3, CSRUTIL_ON), silent(3)],
      true,
    ],
    [
      "after a restart, all answer again",
      [start("A", 0), sip(1, CSRUTIL_ON), root(1, "enabled"), start("B", 2), root(3, "enabled"), sip(3, CSRUTIL_ON)],
      false,
    ],
    ["the evidence disagrees", [start("A", 0), sip(1, CSRUTIL_ON), root(1, "enabled"), root(2, "disabled")], true],
  ])("%s", (_what, steps, inDoubt) => {
    const tracker = new PostureTracker([]);
    run(tracker, steps);
    expect(tracker.now().inDoubt).toBe(inDoubt);
  });
});

describe("what goes to and fro without end", () => {
  const flip = (n: number) =>
    at(1, probe("spctl-status", n % 2 === 0 ? "assessments enabled\n" : "assessments disabled\n"));

  it("fills the journal so far and no further in a boot, says so, and is counted", () => {
    let tracker = new PostureTracker([]);
    const state = new Map<string, string>();
    const lines: JournalRecord[] = [];
    let counted = 0;
    const take = (step: Step) => {
      run(tracker, [step]);
      lines.push(...tracker.takeJournal());
      for (const { key, value } of tracker.drainChanges()) if (value !== null) state.set(key, value);
    };
    take(start("A", 0));
    for (let n = 0; n < 1000; n += 1) {
      take(flip(n));
      if (n % 100 !== 50) continue;
      counted += tracker.evicted;
      tracker = new PostureTracker([...state].map(([key, value]): StateEntry => ({ key, value })));
    }
    const about = lines.filter((line) => line.about === "gatekeeper");
    expect(about).toHaveLength(200);
    expect(about.at(-1)?.words).toMatch(/in the timeline only\.$/);
    expect(counted + tracker.evicted).toBe(800);
    take(at(1, probe("devtools-security", "Developer mode is currently enabled.\n")));
    expect(lines.at(-1)?.about).toBe("developer-mode");
    take(start("B", 2));
    take(flip(1));
    take(flip(2));
    expect(lines.slice(-2).map((line) => line.about)).toContain("gatekeeper");
  });
});

describe("a clock that is set back", () => {
  it("ends no epoch before it began", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), sip(1, CSRUTIL_CUSTOM), start("B", -24 * 365), sip(-24 * 365 + 1, CSRUTIL_ON)]);
    const [epoch] = tracker.snapshot().epochs;
    expect(epoch?.until).not.toBeNull();
    expect((epoch?.until ?? "") >= (epoch?.since ?? "x")).toBe(true);
    expect(tracker.now().weakened).toBe(false);
  });
});

describe("the baseline", () => {
  it("begins unconfirmed with the first definite reading, and expects what Apple ships", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), at(1, probe("csrutil-status", "", { timedOut: true, exit: null }))]);
    expect(tracker.snapshot().baseline.state).toBe("none");
    run(tracker, [sip(2, CSRUTIL_CUSTOM)]);
    expect(tracker.snapshot().baseline).toMatchObject({ state: "unconfirmed", by: null, reason: null });
    expect(tracker.snapshot().settings.find(({ id }) => id === "sip")).toMatchObject({
      inForce: "partial",
      expected: "on",
      expectedByBaseline: false,
    });
    expect(tracker.now().weakened).toBe(true);
  });

  it("accepts what is in force, also where it is weaker: the epoch ends, and what is as accepted is no news", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), sip(1, CSRUTIL_CUSTOM)]);
    tracker.takeJournal();
    run(tracker, [accepted(2)]);
    expect(tracker.now()).toMatchObject({ weakened: false, weakenedSince: null, weakenedHow: "" });
    expect(tracker.snapshot()).toMatchObject({
      weakenedSince: null,
      baseline: { state: "accepted", by: "ana", reason: "Needed for the audio interface" },
      epochs: [
        { until: expect.any(String) as string, firstSeen: true, how: expect.stringContaining("Filesystem") as string },
      ],
    });
    const [baseline, closed] = tracker.takeJournal();
    expect(baseline).toMatchObject({
      kind: "baseline",
      before: "unconfirmed",
      after: "accepted",
      evidence: "Needed for the audio interface",
    });
    expect(baseline?.words).toMatch(/^ana accepted .* SIP is partly off/);
    expect(closed).toMatchObject({ kind: "epoch-closed", words: expect.stringContaining("was accepted") as string });
    expect(run(tracker, [start("B", 3), sip(4, CSRUTIL_CUSTOM)])).toEqual([]);
    expect(tracker.now().weakened).toBe(false);
  });

  it("weaker than accepted begins an epoch again; as accepted, and stronger, does not", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), sip(1, CSRUTIL_CUSTOM), accepted(2)]);
    const stronger = run(tracker, [start("B", 3), sip(4, CSRUTIL_ON)]);
    expect(stronger).toMatchObject([{ direction: "stronger", after: "on", expected: false, parts: [] }]);
    expect(tracker.now().weakened).toBe(false);
    const back = run(tracker, [start("C", 5), sip(6, CSRUTIL_CUSTOM)]);
    expect(back).toMatchObject([{ direction: "weaker", after: "partial", expected: true }]);
    expect(back[0]?.parts).toContain("NVRAM Protections");
    expect(tracker.now().weakened).toBe(false);
    const shown = () => tracker.snapshot().settings.find(({ id }) => id === "sip");
    expect(shown()?.morePartsOff).toBeUndefined();
    const more = CSRUTIL_CUSTOM.replace("Kext Signing: enabled", "Kext Signing: disabled");
    expect(run(tracker, [start("D", 7), sip(8, more)])).toMatchObject([
      { direction: "weaker", after: "partial", expected: false },
    ]);
    expect(shown()).toMatchObject({ inForce: "partial", expected: "partial", morePartsOff: true });
    expect(tracker.now()).toMatchObject({ weakened: true, weakenedSince: BEGIN + 7 * HOUR, weakenedFirstSeen: false });
    expect(run(tracker, [start("E", 9), sip(10, CSRUTIL_OFF)])).toMatchObject([{ after: "off", expected: false }]);
    expect(tracker.now().weakenedSince).toBe(BEGIN + 7 * HOUR);
  });

  it("cannot accept what could not be read since the restart", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), sip(1, CSRUTIL_OFF), start("B", 2), accepted(3)]);
    expect(tracker.snapshot().settings.find(({ id }) => id === "sip")).toMatchObject({
      expected: "on",
      expectedByBaseline: false,
    });
    expect(tracker.now().weakened).toBe(true);
  });

  it("a Mac found with reduced security is weakened only when it gets weaker than that", () => {
    const tracker = new PostureTracker([]);
    const reduced = { ibridge_secure_boot: "Reduced Security", ibridge_sb_other_kext: "Yes" };
    run(tracker, [start("A", 0), policy(1, reduced)]);
    expect(tracker.now().weakened).toBe(false);
    const changes = run(tracker, [
      start("B", 2),
      policy(3, { ...reduced, ibridge_secure_boot: "Permissive Security" }),
    ]);
    expect(changes).toMatchObject([
      { setting: "secure-boot", before: "partial", after: "off", acrossBoot: true, expected: false },
    ]);
    expect(tracker.now()).toMatchObject({ weakened: true, weakenedSince: BEGIN + 2 * HOUR });
  });

  it("full security that becomes reduced at a restart is a change and weakens; kernel extensions alone do not", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), policy(1, { ibridge_sb_other_kext: "No" })]);
    expect(run(tracker, [start("B", 2), policy(3, { ibridge_sb_other_kext: "Yes" })])).toMatchObject([
      { setting: "kernel-extensions", before: "on", after: "off", direction: "weaker", acrossBoot: true },
    ]);
    expect(tracker.now().weakened).toBe(false);
    run(tracker, [start("C", 4), policy(5, { ibridge_secure_boot: "Reduced Security", ibridge_sb_other_kext: "Yes" })]);
    expect(tracker.now().weakened).toBe(true);
  });

  it("a probe that a Mac lacks changes nothing: what bputil said once does not weaken it later", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), at(1, probe("bputil", bputilText())), start("B", 2)]);
    expect(run(tracker, [at(3, probe("bputil", "", { timedOut: true, exit: null })), sip(4, CSRUTIL_ON)])).toEqual([]);
    expect(tracker.now().weakened).toBe(false);
  });
});

describe("epochs", () => {
  it("of kernel variables begin when they were first read so, without a restart", () => {
    const tracker = new PostureTracker([]);
    const changes = run(tracker, [
      start("A", 0),
      at(1, probe("sysctl", sysctlText(""))),
      at(2, probe("sysctl", sysctlText("", 0))),
    ]);
    expect(changes).toMatchObject([
      { setting: "kernel-variables", after: "off", acrossBoot: false, parts: ["vm.cs_system_enforcement=0"] },
    ]);
    expect(tracker.now().weakenedSince).toBe(BEGIN + 2 * HOUR);
  });

  it("the last twenty are kept, newest first", () => {
    const tracker = new PostureTracker([]);
    const lives = Array.from({ length: 30 }, (_, n) => [
      start(`weak ${n}`, n * 4),
      sip(n * 4 + 1, CSRUTIL_OFF),
      start(`whole ${n}`, n * 4 + 2),
      sip(n * 4 + 3, CSRUTIL_ON),
    ]);
    run(tracker, lives.flat());
    const { epochs } = tracker.snapshot();
    expect(epochs).toHaveLength(20);
    expect(epochs.map(({ since }) => since)).toEqual(
      epochs
        .map(({ since }) => since)
        .sort()
        .reverse(),
    );
    expect(epochs.every(({ until }) => until !== null)).toBe(true);
    expect(tracker.takeJournal().filter(({ kind }) => kind === "epoch-closed")).toHaveLength(30);
  });
});

describe("the journal", () => {
  it("tells a Mac's life: first look, intent, silence before the restart, change, epoch, return", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [
      start("A", 0),
      sip(1, CSRUTIL_ON),
      at(1, probe("sw-vers", "ProductVersion:\t\t26.1\nBuildVersion:\t\t25B78\n")),
      attempt(2),
      start("B", 3),
      sip(4, CSRUTIL_CUSTOM),
      start("C", 5),
      sip(6, CSRUTIL_ON),
    ]);
    const lines = tracker.takeJournal();
    expect(kinds(lines)).toEqual([
      "boot",
      "snapshot sip",
      "fact os",
      "intent sip",
      "boot",
      "change sip",
      "snapshot authenticated-root",
      "epoch-opened",
      "boot",
      "change sip",
      "epoch-closed",
    ]);
    const text = lines.map(({ words }) => words).join("\n");
    expect(text).toContain(
      "Nothing had been heard from it for 1 h 0 min before: it was off or in Recovery, or nothing was watching it.",
    );
    expect(text).toContain("A command to weaken it had been seen by ana");
    expect(lines.find(({ kind }) => kind === "change")).toMatchObject({
      before: "on",
      after: "partial",
      bootUuid: "B",
      words: expect.stringMatching(/^After a restart: SIP is partly off \(.*\)\. Before: SIP is on\.$/) as string,
      evidence: expect.stringContaining("Custom Configuration") as string,
    });
    expect(lines.find(({ kind }) => kind === "intent")).toMatchObject({
      after: "sip-weaken",
      evidence: "csrutil disable (started by com.apple.zsh)",
    });
    expect(tracker.takeJournal()).toEqual([]);
  });

  it("says once what waits for the next restart", () => {
    const tracker = new PostureTracker([]);
    const stored = (hours: number, value: string) => at(hours, probe("nvram", `boot-args\t${value}\n`));
    run(tracker, [
      start("A", 0),
      at(1, probe("sysctl", sysctlText(""))),
      stored(2, "amfi=0x80"),
      stored(3, "amfi=0x80"),
      stored(4, "-v"),
    ]);
    const lines = tracker.takeJournal().filter(({ kind }) => kind === "pending");
    expect(lines.map(({ before, after }) => [before, after])).toEqual([
      ["on", "off"],
      ["on", null],
    ]);
  });

  it("an unchanged Mac writes nothing but its restarts", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), sip(1, CSRUTIL_ON)]);
    tracker.takeJournal();
    run(tracker, [sip(2, CSRUTIL_ON), sip(3, CSRUTIL_ON), start("B", 4), sip(5, CSRUTIL_ON)]);
    expect(kinds(tracker.takeJournal())).toEqual(["boot"]);
  });

  it("a restart that is recognised late is told with the silence before its hello, and one epoch", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), sip(1, CSRUTIL_ON)]);
    tracker.takeJournal();
    const unnamed = start(null, 3, { bootTime: null });
    const kernel = at(
      5,
      probe(
        "sysctl",
        `kern.bootargs: \nkern.bootsessionuuid: B\nkern.boottime: { sec = ${(BEGIN + 3 * HOUR) / 1e6}, usec = 0 } x\n`,
      ),
    );
    run(tracker, [unnamed, sip(4, CSRUTIL_OFF), kernel]);
    const lines = tracker.takeJournal();
    expect(lines.find(({ kind }) => kind === "boot")?.words).toContain("for 2 h 0 min before");
    expect(lines.filter(({ kind }) => kind === "epoch-opened").length).toBeLessThanOrEqual(1);
    expect(tracker.now().weakened).toBe(true);
  });
});

describe("intents", () => {
  it("sudo's word and the program it started are one; a loop does not fill the journal", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", 0), attempt(1), attempt(1, { user: "501", chain: [] })]);
    run(
      tracker,
      Array.from({ length: 1000 }, (_, n) => attempt(2, { command: `csrutil disable ${n}` })),
    );
    const lines = tracker.takeJournal().filter(({ kind }) => kind === "intent");
    expect(lines).toHaveLength(100);
    expect(tracker.evicted).toBeGreaterThan(0);
  });

  it.each([
    ["within the window", 29 * 24, 1, true],
    ["too long ago", 31 * 24, 1, false],
    ["too many restarts ago", 10, 12, false],
  ])("are remembered at the boot edge: %s", (_what, hours, boots, told) => {
    const tracker = new PostureTracker([], { span: 30 * DAY, boots: 10 });
    run(tracker, [start("A", 0), sip(1, CSRUTIL_ON), attempt(2)]);
    for (let n = 1; n < boots; n += 1) run(tracker, [start(`B${n}`, 2 + n / 100)]);
    tracker.takeJournal();
    run(tracker, [start("Z", hours), sip(hours + 1, CSRUTIL_OFF)]);
    const opened = tracker.takeJournal().find(({ kind }) => kind === "epoch-opened");
    expect(opened?.words.includes("csrutil disable")).toBe(told);
  });

  it("hostile commands are bounded", () => {
    const tracker = new PostureTracker([]);
    const long = "x".repeat(1_000_000);
    run(tracker, [
      start("A", 0),
      attempt(1, { command: long, user: long, chain: Array.from({ length: 1000 }, () => long) }),
    ]);
    for (const { words, evidence } of tracker.takeJournal()) expect(words.length + evidence.length).toBeLessThan(1200);
    for (const { value } of tracker.drainChanges()) expect(value?.length ?? 0).toBeLessThan(20_000);
  });
});

describe("durability", () => {
  it("state, journal and intents are the same wherever it was interrupted", () => {
    const life: Step[] = [
      start("A", 0),
      sip(1, CSRUTIL_CUSTOM),
      policy(1, { ibridge_sb_other_kext: "Yes" }),
      accepted(2),
      attempt(3),
      start("B", 4),
      sip(5, CSRUTIL_OFF),
      start(null, 6, { bootTime: null }),
      sip(7, CSRUTIL_ON),
      at(8, probe("sysctl", sysctlText("", 0).replace(/kern.boottime.*/, ""))),
      accepted(9, null, "again"),
      start("D", 10),
      sip(11, CSRUTIL_OFF),
    ];
    const whole = new PostureTracker([]);
    const changes = run(whole, life);
    const lines = whole.takeJournal();
    const entries = new Map<string, string>();
    const stored = (): StateEntry[] => [...entries].map(([key, value]) => ({ key, value }));
    const apart = { changes: [] as PostureChange[], lines: [] as JournalRecord[] };
    for (const step of life) {
      const tracker = new PostureTracker(stored());
      apart.changes.push(...run(tracker, [step]));
      apart.lines.push(...tracker.takeJournal());
      for (const { key, value } of tracker.drainChanges()) entries.set(key, value ?? "");
      expect(tracker.drainChanges()).toEqual([]);
    }
    expect(apart).toEqual({ changes, lines });
    const last = new PostureTracker(stored());
    expect(last.snapshot()).toEqual(whole.snapshot());
    expect(last.now()).toEqual(whole.now());
  });

  it("a state that an older Sealbar wrote is taken over: four settings, no baseline", () => {
    const old = new PostureTracker([]);
    run(old, [start("A", 0), sip(1, CSRUTIL_ON)]);
    const entry = old.drainChanges().find(({ key }) => key === "posture");
    const { v, state } = JSON.parse(entry?.value ?? "") as { v: number; state: Record<string, unknown> };
    const settings = state["settings"] as Record<string, Record<string, unknown>>;
    const few = ["sip", "authenticated-root", "boot-args", "gatekeeper"].map((id) => {
      const { readings, settled, pending } = settings[id] ?? {};
      return [id, { readings, settled, pending }];
    });
    const { baseline: _baseline, facts: _facts, epochs: _epochs, ...rest } = state;
    const value = JSON.stringify({ v, state: { ...rest, settings: Object.fromEntries(few) } });
    const tracker = new PostureTracker([{ key: "posture", value }]);
    expect(tracker.snapshot().settings).toHaveLength(9);
    expect(run(tracker, [start("B", 2), sip(3, CSRUTIL_OFF)])).toMatchObject([
      { setting: "sip", before: "on", after: "off" },
    ]);
    expect(tracker.snapshot().baseline.state).toBe("unconfirmed");
    expect(tracker.now()).toMatchObject({ weakened: true, weakenedFirstSeen: false });
  });
});
