import { describe, expect, it } from "vitest";
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
import { readProbe } from "./read-probe.ts";

function values(name: string, out: string, err = ""): Record<string, string> {
  const { readings } = readProbe(probe(name, out, { err }));
  return Object.fromEntries(readings.map((reading) => [reading.setting, reading.value]));
}

const ALL_OFF = CSRUTIL_CUSTOM.replaceAll("enabled", "disabled");

describe("csrutil status", () => {
  it.each([
    ["on, recorded", CSRUTIL_ON, "on"],
    ["off, recorded", CSRUTIL_OFF, "off"],
    ["custom, recorded", CSRUTIL_CUSTOM, "partial"],
    ["custom with everything off, constructed", ALL_OFF, "off"],
    ["says enabled while the list is off, constructed", ALL_OFF.replace("unknown", "enabled"), "off"],
    [
      "says enabled and custom, no list (a test string elsewhere)",
      "System Integrity Protection status: enabled (Custom Configuration).",
      "conflicting",
    ],
    [
      "Apple Internal (a test string elsewhere)",
      "System Integrity Protection status: enabled (Apple Internal).",
      "partial",
    ],
    ["custom, list cut off", "System Integrity Protection status: unknown (Custom Configuration).", "partial"],
    ["unknown without a list", "System Integrity Protection status: unknown.", "unknown"],
    ["localised, constructed", "Status des Systemintegritätsschutzes: aktiviert.", "unknown"],
    ["empty", "", "unknown"],
    ["a shell's error", "sh: csrutil: command not found", "unknown"],
  ])("%s", (_name, text, expected) => {
    expect(values("csrutil-status", text).sip).toBe(expected);
  });

  it("names what is off, and leaves the authenticated root to its own setting", () => {
    const { readings } = readProbe(probe("csrutil-status", CSRUTIL_CUSTOM));
    expect(readings[0]?.weak).toEqual([
      "Filesystem Protections",
      "Debugging Restrictions",
      "NVRAM Protections",
      "Boot-arg Restrictions",
      "Kernel Integrity Protections",
    ]);
    expect(readings[1]).toMatchObject({ setting: "authenticated-root", value: "on" });
  });

  it("a time-out is unknown, whatever was printed before it", () => {
    const late = probe("csrutil-status", CSRUTIL_ON, { timedOut: true, exit: null });
    expect(readProbe(late).readings).toMatchObject([{ setting: "sip", value: "unknown" }]);
  });
});

describe("the other probes", () => {
  it.each([
    ["csrutil-authenticated-root", "Authenticated Root status: enabled\n", "authenticated-root", "on"],
    ["csrutil-authenticated-root", "Authenticated Root status: disabled\n", "authenticated-root", "off"],
    ["csrutil-authenticated-root", "Choose a volume:", "authenticated-root", "unknown"],
    ["spctl-status", "assessments enabled\n", "gatekeeper", "on"],
    ["spctl-status", "assessments disabled\n", "gatekeeper", "off"],
    ["spctl-status", "assessments enabled\nassessments disabled\n", "gatekeeper", "conflicting"],
    ["spctl-status", "", "gatekeeper", "unknown"],
    ["sysctl", sysctlText(""), "boot-args", "on"],
    ["sysctl", sysctlText("-v serverperfmode=1"), "boot-args", "on"],
    ["sysctl", sysctlText("-v amfi_get_out_of_my_way=0x1"), "boot-args", "off"],
    ["sysctl", sysctlText("amfi_get_out_of_my_way=0"), "boot-args", "on"],
    ["sysctl", sysctlText("-arm64e_preview_abi"), "boot-args", "partial"],
    ["sysctl", sysctlText("", 0), "boot-args", "on"],
    ["sysctl", sysctlText("", 0), "kernel-variables", "off"],
    ["sysctl", "sysctl: unknown oid 'kern.bootargs'", "boot-args", "unknown"],
    ["nvram", "boot-args\tamfi=0x80 keepsyms=1\n", "boot-args", "off"],
    ["nvram", "boot-args\t-v\n", "boot-args", "on"],
    ["nvram", "boot-args\trootless=0\n", "boot-args", "partial"],
    ["nvram", "", "boot-args", "unknown"],
    ["system-profiler-software", '{"SPSoftwareDataType":[{"system_integrity":"integrity_enabled"}]}', "sip", "on"],
    ["system-profiler-software", '{"SPSoftwareDataType":[{"system_integrity":"integrity_disabled"}]}', "sip", "off"],
    ["system-profiler-software", "not json", "sip", "unknown"],
    ["system-profiler-ibridge", ibridgeText("Enabled", "Enabled"), "sip", "on"],
    ["system-profiler-ibridge", ibridgeText("Custom Configuration", "Disabled"), "authenticated-root", "off"],
    ["system-profiler-ibridge", ibridgeText("Aktiviert", "Aktiviert"), "sip", "unknown"],
    ["system-profiler-ibridge", '{"SPiBridgeDataType":[]}', "sip", "unknown"],
    ["system-profiler-ibridge", ibridgeText("__proto__", "toString"), "sip", "unknown"],
    ["bputil", "SIP Status:                  Enabled    (sip0): absent\n", "sip", "on"],
    ["bputil", "Signed System Volume Status: Disabled   (sip1): 1\n", "authenticated-root", "off"],
    ["bputil", "", "sip", "unknown"],
    ["mount", MOUNT_SEALED, "authenticated-root", "on"],
    ["mount", MOUNT_SEALED.replace("sealed, ", ""), "authenticated-root", "off"],
    ["mount", "", "authenticated-root", "unknown"],
  ])("%s: %s", (name, out, setting, expected) => {
    expect(values(name, out)[setting]).toBe(expected);
  });

  it("nvram: data was not found means unset", () => {
    expect(values("nvram", "", NVRAM_UNSET)).toEqual({ "boot-args": "on" });
  });

  it("sysctl and sw_vers tell about the machine", () => {
    expect(readProbe(probe("sysctl", sysctlText(""))).host).toEqual({
      bootUuid: "6F2C0B1E-0000-4000-8000-00000000000B",
      bootTime: 1_795_254_000_250_000,
    });
    const swVers = "ProductName:\t\tmacOS\nProductVersion:\t\t26.1\nBuildVersion:\t\t25B78\n";
    expect(readProbe(probe("sw-vers", swVers)).host).toEqual({ osVersion: "26.1", osBuild: "25B78" });
  });

  it("a probe nobody knows says nothing", () => {
    expect(readProbe(probe("constructor", "x"))).toEqual({ readings: [], host: {} });
  });

  it("never throws and stays quick on hostile text", () => {
    const names = ["csrutil-status", "sysctl", "nvram", "mount", "bputil", "system-profiler-ibridge", "spctl-status"];
    const texts = [
      " ".repeat(500_000),
      "(".repeat(500_000),
      "a: ".repeat(200_000),
      "[".repeat(100_000),
      "\u0000\u202e\ud800",
    ];
    for (const name of names) for (const text of texts) expect(() => readProbe(probe(name, text))).not.toThrow();
  });
});
