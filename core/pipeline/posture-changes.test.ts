import { describe, expect, it } from "vitest";
import { silentLogger } from "#core/base/logger.ts";
import { formatTime } from "#core/base/time.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import { newStore, START } from "./live.fixture.ts";
import { Monitor } from "./monitor.ts";
import { loadRuleFolders, OUR_RULES } from "./rules-folder.ts";

const library = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);

/** All frames are constructed. */
function open() {
  const store = newStore();
  const monitor = new Monitor({ store, library, settings: DEFAULT_MONITOR_SETTINGS, logger: silentLogger });
  const reader = new SessionReader({ name: "constructed" });
  let number = 0;
  const give = (frame: object): void => {
    number += 1;
    const at = formatTime(START + number * 1_000_000);
    const bytes = Buffer.from(JSON.stringify({ v: 1, at, ...frame }));
    for (const record of reader.read({ kind: "line", number, bytes, terminated: true })) monitor.accept(record);
  };
  return {
    hello: (bootUUID: string | null, session: string) =>
      give({ t: "hello", session, host: bootUUID === null ? {} : { bootUUID }, helper: {}, sources: ["probe"] }),
    probe: (name: string, out: string, err = "") =>
      give({ t: "probe", name, exit: 0, ms: 3, timedOut: false, out, err }),
    unread: () => monitor.coverage().unreadSettings ?? [],
    accept: () => give({ t: "baseline", by: "ana", reason: "My test Mac" }),
    band: () =>
      [...monitor.ribbon.between(0, Number.MAX_SAFE_INTEGER)]
        .filter(({ track }) => track === "posture")
        .map(({ state }) => state),
    changes: () => {
      const rowIds: number[] = [];
      monitor.flush();
      for (let id = 1; id <= store.totals().events; id += 1) rowIds.push(id);
      return store.rows(rowIds).filter(({ kind }) => kind === "posture_change");
    },
  };
}

describe("what one probe proves", () => {
  it("twice of a setting, once its boot is known, is two records", () => {
    const { hello, probe, changes } = open();
    const sysctl = (uuid: string, bootArgs: string) =>
      probe("sysctl", `vm.cs_system_enforcement: 1\nkern.bootargs: ${bootArgs}\nkern.bootsessionuuid: ${uuid}\n`);
    hello("A", "one");
    probe("nvram", "", "nvram: Error getting variable - 'boot-args': (iokit/common) data was not found\n");
    sysctl("A", "");
    hello(null, "two");
    probe("nvram", "boot-args\tamfi=0x80\n");
    probe("nvram", "boot-args\tkeepsyms=1\n");
    const before = changes().length;
    sysctl("B", "keepsyms=1");
    expect(changes().length - before).toBe(2);
  });
});

describe("the coverage", () => {
  it("tells evidence that disagrees as what it is: not readable", () => {
    const { hello, probe, unread } = open();
    hello("A", "one");
    probe("csrutil-status", "System Integrity Protection status: enabled.\n");
    probe("csrutil-authenticated-root", "Authenticated Root status: enabled\n");
    probe("mount", "/dev/disk3s1s1 on / (apfs, local)\n");
    expect(unread().find(({ setting }) => setting === "authenticated-root")?.why).toMatch(/^The evidence disagrees/);
    expect(unread().some(({ setting }) => setting === "sip")).toBe(false);
  });
});

describe("the ribbon's band of the protection", () => {
  const OFF = "System Integrity Protection status: disabled.\n";
  const ON = "System Integrity Protection status: enabled.\n";
  const root = (word: string) => `Authenticated Root status: ${word}\n`;

  it("is as expected once what is off was accepted, also after a restart", () => {
    const { hello, probe, accept, band } = open();
    hello("A", "one");
    probe("csrutil-status", OFF);
    accept();
    probe("spctl-status", "assessments enabled\n");
    hello("B", "two");
    probe("csrutil-status", OFF);
    probe("spctl-status", "assessments enabled\n");
    expect(band()).toEqual(["unknown", "weakened", "strong", "unknown", "strong"]);
  });

  it("is unknown where the evidence disagrees, and where what answered before does not", () => {
    const { hello, probe, band } = open();
    hello("A", "one");
    probe("csrutil-status", ON);
    probe("csrutil-authenticated-root", root("enabled"));
    probe("csrutil-authenticated-root", root("disabled"));
    probe("spctl-status", "assessments enabled\n");
    expect(band().at(-1)).toBe("unknown");
    hello("B", "two");
    probe("csrutil-status", ON);
    probe("csrutil-authenticated-root", "");
    probe("spctl-status", "assessments enabled\n");
    expect(band().at(-1)).toBe("unknown");
    probe("csrutil-authenticated-root", root("enabled"));
    probe("spctl-status", "assessments enabled\n");
    expect(band().at(-1)).toBe("strong");
  });
});
