import { describe, expect, it } from "vitest";
import type { EventOf, ProbeEvent } from "#contract/event.ts";
import type { StateEntry } from "#core/base/state.ts";
import { type PostureChange, PostureTracker } from "./posture-tracker.ts";
import {
  CSRUTIL_CUSTOM,
  CSRUTIL_OFF,
  CSRUTIL_ON,
  ibridgeText,
  MOUNT_SEALED,
  NVRAM_UNSET,
  probe,
  sysctlText,
} from "./probe-texts.fixture.ts";

type Start = EventOf<"session_start">;

const HOUR = 3_600_000_000;

function start(bootUuid: string | null, bootTime: number | null = null, time = 5 * HOUR): Start {
  return {
    kind: "session_start",
    id: { session: "s", src: "session", n: 0 },
    time,
    replayed: false,
    bootUuid,
    bootTime,
    osVersion: "26.1",
    osBuild: "25B78",
    helperVersion: "1.0.0",
    privileged: false,
    sources: [],
    newBoot: false,
  };
}

const csrutil = (out: string): ProbeEvent => probe("csrutil-status", out);
const timedOut = (): ProbeEvent => probe("csrutil-status", "", { timedOut: true, exit: null });

function run(tracker: PostureTracker, events: readonly (Start | ProbeEvent)[]): PostureChange[] {
  return events.flatMap((event) => {
    if (event.kind === "probe") return tracker.apply(event);
    tracker.start(event);
    return [];
  });
}

function settingOf(
  tracker: PostureTracker,
  id: string,
): { inForce: string; afterBoot: string | null; detail: string } | undefined {
  return tracker.snapshot().settings.find((setting) => setting.id === id);
}

describe("PostureTracker", () => {
  it("tells a restart by the boot UUID, and counts boots", () => {
    const tracker = new PostureTracker([]);
    expect(tracker.start(start("A"))).toEqual({ newBoot: false, bootOrdinal: 1 });
    expect(tracker.start(start("a"))).toEqual({ newBoot: false, bootOrdinal: 1 });
    expect(tracker.start(start(null))).toEqual({ newBoot: false, bootOrdinal: 1 });
    expect(tracker.start(start("B"))).toEqual({ newBoot: true, bootOrdinal: 2 });
  });

  describe("lists of different probes", () => {
    const word = (hex: string) => probe("nvram-csr-active-config", `csr-active-config\t${hex}\n`);
    const moreOff = CSRUTIL_CUSTOM.replace("DTrace Restrictions: enabled", "DTrace Restrictions: disabled");
    const custom = () => probe("system-profiler-ibridge", ibridgeText("Custom Configuration", "Enabled"));

    it.each([
      ["all off", CSRUTIL_OFF, "%7f%00%00%00"],
      ["all off, with bits that csrutil does not list", CSRUTIL_OFF, "%ff%06%00%00"],
      ["some off", CSRUTIL_CUSTOM, "F%04%00%00"],
    ])("%s: another probe's list of the same is no news, nor weaker than what was accepted", (_what, out, hex) => {
      const tracker = new PostureTracker([]);
      run(tracker, [start("A"), csrutil(out)]);
      tracker.acceptBaseline({ ...start("A"), kind: "baseline_accepted", by: "ana", reason: null });
      expect(run(tracker, [start("B", HOUR), timedOut(), word(hex)])).toEqual([]);
      expect(tracker.now().weakened).toBe(false);
    });

    it("one part off in exchange for another is weaker", () => {
      const other = CSRUTIL_CUSTOM.replace(
        "Filesystem Protections: disabled",
        "Filesystem Protections: enabled",
      ).replace("Kext Signing: enabled", "Kext Signing: disabled");
      expect(
        run(new PostureTracker([]), [start("A"), csrutil(CSRUTIL_CUSTOM), start("B", HOUR), csrutil(other)]),
      ).toMatchObject([{ setting: "sip", before: "partial", after: "partial", direction: "weaker", acrossBoot: true }]);
    });

    it("a probe that lists nothing first does not hide that more is off", () => {
      const changes = (...events: (Start | ProbeEvent)[]) => run(new PostureTracker([]), events);
      const before = [start("A"), csrutil(CSRUTIL_CUSTOM), start("B", HOUR)];
      const weaker = [
        expect.objectContaining({ setting: "sip", direction: "weaker", acrossBoot: true }) as PostureChange,
      ];
      expect(changes(...before, csrutil(moreOff), custom())).toEqual(weaker);
      expect(changes(...before, custom(), custom(), csrutil(moreOff))).toEqual(weaker);
      expect(changes(...before, custom(), csrutil(CSRUTIL_CUSTOM))).toEqual([]);
    });

    it("accepted while only the probe without a list answered: what was listed before is what is accepted", () => {
      const tracker = new PostureTracker([]);
      run(tracker, [start("A"), csrutil(CSRUTIL_CUSTOM), start("B", HOUR), timedOut(), custom()]);
      tracker.acceptBaseline({ ...start("B"), kind: "baseline_accepted", by: "ana", reason: null });
      expect(tracker.now().weakened).toBe(false);
      run(tracker, [start("C", 2 * HOUR), csrutil(moreOff)]);
      expect(tracker.now().weakened).toBe(true);
    });
  });

  it("without a boot UUID, another boot time is a restart", () => {
    const tracker = new PostureTracker([]);
    tracker.start(start(null, HOUR));
    expect(tracker.start(start(null, HOUR + 1_000_000)).newBoot).toBe(false);
    expect(tracker.start(start(null, 2 * HOUR)).newBoot).toBe(true);
  });

  it("decides the boot edge at the first definite reading, against the last definite one", () => {
    const tracker = new PostureTracker([]);
    const changes = run(tracker, [
      start("A"),
      csrutil(CSRUTIL_ON),
      start("B", HOUR),
      timedOut(),
      csrutil(CSRUTIL_CUSTOM),
    ]);
    expect(changes).toEqual([
      {
        setting: "sip",
        before: "on",
        after: "partial",
        direction: "weaker",
        acrossBoot: true,
        detail: expect.stringContaining("Filesystem Protections") as string,
        expected: false,
        parts: expect.arrayContaining(["Filesystem Protections"]) as string[],
      },
    ]);
    expect(tracker.now()).toMatchObject({
      sip: "partial",
      weakened: true,
      weakenedSince: HOUR,
      weakenedFirstSeen: false,
      bootOrdinal: 2,
    });
    expect(tracker.snapshot().weakenedSince).toBe("1970-01-01T01:00:00.000000Z");
  });

  it("says nothing at the first reading ever, but knows the Mac is weakened", () => {
    const tracker = new PostureTracker([]);
    expect(run(tracker, [start("A", HOUR), csrutil(CSRUTIL_OFF)])).toEqual([]);
    expect(tracker.now()).toMatchObject({ sip: "off", weakened: true, weakenedSince: HOUR, weakenedFirstSeen: true });
  });

  it("keeps the epoch through weak boots and closes it when strong again", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A"), csrutil(CSRUTIL_ON), start("B", HOUR), csrutil(CSRUTIL_OFF), start("C", 2 * HOUR)]);
    expect(tracker.now()).toMatchObject({ sip: "unknown", weakened: true, weakenedSince: HOUR });
    run(tracker, [csrutil(CSRUTIL_OFF)]);
    expect(tracker.now()).toMatchObject({ sip: "off", weakenedSince: HOUR });
    const closing = run(tracker, [start("D", 3 * HOUR), csrutil(CSRUTIL_ON)]);
    expect(closing).toMatchObject([{ before: "off", after: "on", direction: "stronger", acrossBoot: true }]);
    expect(tracker.now()).toMatchObject({ sip: "on", weakened: false, weakenedSince: null, weakenedHow: "" });
  });

  it("more off than before is weaker; the same is no news", () => {
    const more = CSRUTIL_CUSTOM.replace("Kext Signing: enabled", "Kext Signing: disabled");
    const tracker = new PostureTracker([]);
    run(tracker, [start("A"), csrutil(CSRUTIL_CUSTOM)]);
    expect(run(tracker, [start("B"), csrutil(CSRUTIL_CUSTOM)])).toEqual([]);
    expect(run(tracker, [start("C"), csrutil(more)])).toMatchObject([
      { before: "partial", after: "partial", direction: "weaker" },
    ]);
  });

  it("a differing reading within a boot is conflicting evidence, not a change, and stays so", () => {
    const tracker = new PostureTracker([]);
    expect(run(tracker, [start("A"), csrutil(CSRUTIL_ON), csrutil(CSRUTIL_OFF), csrutil(CSRUTIL_ON)])).toEqual([]);
    expect(settingOf(tracker, "sip")?.inForce).toBe("conflicting");
    expect(tracker.now().weakened).toBe(false);
  });

  it("two probes that contradict each other are conflicting; a coarse one does not outvote an exact one", () => {
    const conflicting = new PostureTracker([]);
    run(conflicting, [
      start("A"),
      csrutil(CSRUTIL_ON),
      probe("system-profiler-software", '{"SPSoftwareDataType":[{"system_integrity":"integrity_disabled"}]}'),
    ]);
    expect(settingOf(conflicting, "sip")?.inForce).toBe("conflicting");
    const finer = new PostureTracker([]);
    run(finer, [
      start("A"),
      csrutil(CSRUTIL_CUSTOM),
      probe("system-profiler-software", '{"SPSoftwareDataType":[{"system_integrity":"integrity_enabled"}]}'),
    ]);
    expect(settingOf(finer, "sip")?.inForce).toBe("partial");
  });

  it("better evidence of the same boot may still decide the boot edge", () => {
    const tracker = new PostureTracker([]);
    const coarse = probe(
      "system-profiler-software",
      '{"SPSoftwareDataType":[{"system_integrity":"integrity_enabled"}]}',
    );
    const changes = run(tracker, [start("A"), csrutil(CSRUTIL_ON), start("B", HOUR), coarse, csrutil(CSRUTIL_CUSTOM)]);
    expect(changes).toMatchObject([{ setting: "sip", before: "on", after: "partial", acrossBoot: true }]);
  });

  it("a stored policy that is stronger waits for the restart; a weaker one is a conflict; alone it stands in", () => {
    const pending = new PostureTracker([]);
    run(pending, [
      start("A"),
      csrutil(CSRUTIL_CUSTOM),
      probe("system-profiler-ibridge", ibridgeText("Enabled", "Enabled")),
    ]);
    expect(settingOf(pending, "sip")).toMatchObject({ inForce: "partial", afterBoot: "on" });
    const conflict = new PostureTracker([]);
    run(conflict, [
      start("A"),
      csrutil(CSRUTIL_ON),
      probe("system-profiler-ibridge", ibridgeText("Disabled", "Enabled")),
    ]);
    expect(settingOf(conflict, "sip")?.inForce).toBe("conflicting");
    const alone = new PostureTracker([]);
    run(alone, [
      start("A"),
      timedOut(),
      probe("system-profiler-ibridge", ibridgeText("Custom Configuration", "Enabled")),
    ]);
    expect(settingOf(alone, "sip")?.inForce).toBe("partial");
  });

  it("a time-out after a definite reading changes nothing: SIP is fixed within a boot, Gatekeeper is not", () => {
    const tracker = new PostureTracker([]);
    const late = probe("spctl-status", "", { timedOut: true, exit: null });
    expect(
      run(tracker, [start("A"), csrutil(CSRUTIL_ON), probe("spctl-status", "assessments enabled\n"), timedOut(), late]),
    ).toEqual([]);
    expect(tracker.now()).toMatchObject({ sip: "on", gatekeeper: "unknown", weakened: false });
    expect(run(tracker, [probe("spctl-status", "assessments disabled\n")])).toMatchObject([
      { setting: "gatekeeper", before: "on", after: "off", direction: "weaker", acrossBoot: false },
    ]);
    expect(tracker.now()).toMatchObject({ gatekeeper: "off", weakened: false });
  });

  it("stored boot arguments are pending, and in force after the restart", () => {
    const tracker = new PostureTracker([]);
    const stored = run(tracker, [
      start("A"),
      probe("sysctl", sysctlText("")),
      probe("nvram", "", { err: NVRAM_UNSET, exit: 1 }),
      probe("nvram", "boot-args\tamfi_get_out_of_my_way=1\n"),
    ]);
    expect(stored).toMatchObject([
      { setting: "boot-args", before: "on", after: "off", acrossBoot: false, direction: "weaker" },
    ]);
    expect(settingOf(tracker, "boot-args")).toMatchObject({ inForce: "on", afterBoot: "off" });
    const inForce = run(tracker, [start("B", HOUR), probe("sysctl", sysctlText("amfi_get_out_of_my_way=1"))]);
    expect(inForce).toMatchObject([{ setting: "boot-args", before: "on", after: "off", acrossBoot: true }]);
    expect(tracker.now().weakenedHow).toContain("amfi_get_out_of_my_way=1");
  });

  it("reads the authenticated root from several probes", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [
      start("A"),
      probe("csrutil-authenticated-root", "Authenticated Root status: enabled\n"),
      probe("mount", MOUNT_SEALED),
    ]);
    expect(settingOf(tracker, "authenticated-root")?.inForce).toBe("on");
    run(tracker, [
      start("B"),
      probe("csrutil-authenticated-root", "Authenticated Root status: enabled\n"),
      probe("mount", MOUNT_SEALED.replace("sealed, ", "")),
    ]);
    expect(settingOf(tracker, "authenticated-root")?.inForce).toBe("conflicting");
  });

  it("goes on from its stored state at every point, and hands out state only when it changed", () => {
    const life = [
      start("A", HOUR),
      csrutil(CSRUTIL_ON),
      probe("spctl-status", "assessments enabled\n"),
      probe("nvram", "", { err: NVRAM_UNSET }),
      start("B", 2 * HOUR),
      timedOut(),
      csrutil(CSRUTIL_CUSTOM),
      probe("spctl-status", "assessments disabled\n"),
      csrutil(CSRUTIL_OFF),
      start("C", 3 * HOUR),
      csrutil(CSRUTIL_ON),
      start(null, null, 4 * HOUR),
      probe("spctl-status", "assessments enabled\n"),
      csrutil(CSRUTIL_CUSTOM),
      probe("sysctl", sysctlText("")),
      csrutil(CSRUTIL_CUSTOM),
    ];
    const whole = new PostureTracker([]);
    const expected = run(whole, life);
    const entries = new Map<string, string>();
    const changes = life.flatMap((event) => {
      const stored: StateEntry[] = [...entries].map(([key, value]) => ({ key, value }));
      const tracker = new PostureTracker(stored);
      const found = run(tracker, [event]);
      for (const { key, value } of tracker.drainChanges()) entries.set(key, value ?? "");
      expect(tracker.drainChanges()).toEqual([]);
      return found;
    });
    expect(changes).toEqual(expected);
    const last = new PostureTracker([...entries].map(([key, value]) => ({ key, value })));
    expect(last.snapshot()).toEqual(whole.snapshot());
    expect(last.now()).toEqual(whole.now());
  });
});

describe("PostureTracker: a hello that does not name the boot", () => {
  const sysctl = (uuid: string | null, bootSeconds: number | null = null, bootArgs = ""): ProbeEvent =>
    probe(
      "sysctl",
      [
        `kern.bootargs: ${bootArgs}`,
        ...(uuid === null ? [] : [`kern.bootsessionuuid: ${uuid}`]),
        ...(bootSeconds === null ? [] : [`kern.boottime: { sec = ${bootSeconds}, usec = 0 } x`]),
        "",
      ].join("\n"),
    );
  const weakened = { setting: "sip", before: "on", after: "off", direction: "weaker", acrossBoot: true };
  const hour = 3600;

  it.each<[string, (Start | ProbeEvent)[], (Start | ProbeEvent)[]]>([
    ["sysctl first", [start("A", HOUR), csrutil(CSRUTIL_ON)], [start(null), sysctl("B"), csrutil(CSRUTIL_OFF)]],
    ["sysctl last", [start("A", HOUR), csrutil(CSRUTIL_ON)], [start(null), csrutil(CSRUTIL_OFF), sysctl("B")]],
    [
      "by boot time alone",
      [start("A", HOUR), csrutil(CSRUTIL_ON)],
      [start(null), csrutil(CSRUTIL_OFF), sysctl(null, 9 * hour)],
    ],
    [
      "both boots named by sysctl only",
      [start(null), sysctl("A", hour), csrutil(CSRUTIL_ON)],
      [start(null), csrutil(CSRUTIL_OFF), sysctl("B", 9 * hour)],
    ],
    [
      "a helper that was started again in between",
      [start("A", HOUR), csrutil(CSRUTIL_ON), start(null), csrutil(CSRUTIL_ON)],
      [start(null), csrutil(CSRUTIL_OFF), sysctl("B")],
    ],
    [
      "a policy reading that waited for the restart",
      [start("A", HOUR), csrutil(CSRUTIL_ON), probe("system-profiler-ibridge", ibridgeText("Enabled", "Enabled"))],
      [start(null), csrutil(CSRUTIL_OFF), sysctl("B"), csrutil(CSRUTIL_OFF)],
    ],
  ])("compares across the boot edge: %s", (_what, before, after) => {
    const tracker = new PostureTracker([]);
    expect(run(tracker, before)).toEqual([]);
    expect(run(tracker, after)).toMatchObject([weakened]);
    expect(settingOf(tracker, "sip")?.inForce).toBe("off");
    expect(tracker.now()).toMatchObject({ bootOrdinal: 2, weakened: true, weakenedFirstSeen: false });
  });

  it("the same probe's own reading is of the new boot", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A"), sysctl("A")]);
    expect(run(tracker, [start(null), sysctl("B", null, "amfi_get_out_of_my_way=1")])).toMatchObject([
      { setting: "boot-args", before: "on", after: "off", acrossBoot: true },
    ]);
  });

  it.each<[string, ProbeEvent]>([
    ["its UUID", sysctl("a", 5 * hour)],
    ["its boot time, nearly", sysctl(null, hour + 60)],
  ])("stays in the boot that sysctl confirms by %s, where a differing reading is a conflict", (_what, confirmed) => {
    const tracker = new PostureTracker([]);
    const life = [start("A", HOUR), csrutil(CSRUTIL_ON), start(null), csrutil(CSRUTIL_OFF), confirmed];
    expect(run(tracker, life)).toEqual([]);
    expect(settingOf(tracker, "sip")?.inForce).toBe("conflicting");
    expect(tracker.now().bootOrdinal).toBe(1);
  });

  it("what contradicts itself since the hello still does in the new boot", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A"), csrutil(CSRUTIL_OFF)]);
    run(tracker, [start(null), csrutil(CSRUTIL_ON), csrutil(CSRUTIL_CUSTOM), csrutil(CSRUTIL_ON), sysctl("B")]);
    expect(settingOf(tracker, "sip")?.inForce).toBe("conflicting");
  });

  it("tells once what was told before the boot was known", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [
      start("A"),
      probe("spctl-status", "assessments enabled\n"),
      probe("system-profiler-ibridge", ibridgeText("Enabled", "Enabled")),
    ]);
    const told = run(tracker, [start(null), probe("spctl-status", "assessments disabled\n"), csrutil(CSRUTIL_OFF)]);
    expect(told.map(({ setting }) => setting)).toEqual(["gatekeeper", "sip"]);
    expect(run(tracker, [sysctl("B")])).toEqual([]);
    expect(tracker.now()).toMatchObject({ bootOrdinal: 2, sip: "off", gatekeeper: "off" });
  });

  it("a hello that names the boot is believed over sysctl", () => {
    const tracker = new PostureTracker([]);
    run(tracker, [start("A", HOUR), csrutil(CSRUTIL_ON), sysctl("B", 9 * hour)]);
    expect(tracker.now().bootOrdinal).toBe(1);
  });
});
