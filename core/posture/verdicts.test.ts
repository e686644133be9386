import { describe, expect, it } from "vitest";
import type { ProbeEvent } from "#contract/event.ts";
import type { PostureSetting, PostureSettingId } from "#contract/posture.ts";
import { PostureTracker } from "./posture-tracker.ts";
import {
  bputilText,
  CSRUTIL_CUSTOM,
  CSRUTIL_OFF,
  CSRUTIL_ON,
  DEFAULTS_UNSET,
  ibridgeText,
  MOUNT_SEALED,
  NVRAM_UNSET,
  probe,
  sysctlText,
} from "./probe-texts.fixture.ts";

const REDUCED = "Reduced    (smb0): 1";
const PERMISSIVE = "Permissive (smb0 && smb1): 1";
const ALLOWED = "Enabled    (smb2): 1";

const csrutil = (out: string) => probe("csrutil-status", out);
const root = (word: string) => probe("csrutil-authenticated-root", `Authenticated Root status: ${word}\n`);
const ibridge = (more: Record<string, string>) =>
  probe("system-profiler-ibridge", ibridgeText("Enabled", "Enabled", more));
const bputil = (...args: Parameters<typeof bputilText>) => probe("bputil", bputilText(...args));
const sysctl = (...args: Parameters<typeof sysctlText>) => probe("sysctl", sysctlText(...args));
const variables = (text: string) => probe("sysctl", text);
const nvram = (value: string) => probe("nvram", `boot-args\t${value}\n`);
const nvramUnset = () => probe("nvram", "", { err: NVRAM_UNSET, exit: 1 });
const spctl = (out: string) => probe("spctl-status", out);
const library = (out: string, err = "") => probe("library-validation", out, { err });
const devtools = (out: string) => probe("devtools-security", out);
const late = (name: string) => probe(name, "", { timedOut: true, exit: null });

type Case = [id: PostureSettingId, what: string, probes: ProbeEvent[], inForce: string, afterBoot?: string];

const CASES: Case[] = [
  ["sip", "on", [csrutil(CSRUTIL_ON)], "on"],
  ["sip", "off", [csrutil(CSRUTIL_OFF)], "off"],
  ["sip", "partly off", [csrutil(CSRUTIL_CUSTOM)], "partial"],
  ["sip", "research guests", [csrutil(`${CSRUTIL_ON}Allow Research Guests status: enabled\n`)], "partial"],
  ["sip", "off, and research guests", [csrutil(`${CSRUTIL_OFF}Allow Research Guests status: enabled\n`)], "off"],
  ["sip", "no research guests", [csrutil(`${CSRUTIL_ON}Allow Research Guests status: disabled\n`)], "on"],
  ["sip", "on again after the restart", [csrutil(CSRUTIL_CUSTOM), ibridge({})], "partial", "on"],
  ["sip", "another language", [csrutil("Status des Systemintegritätsschutzes: aktiviert.")], "unknown"],
  ["sip", "no answer", [late("csrutil-status")], "unknown"],
  ["sip", "csrutil against the policy", [csrutil(CSRUTIL_ON), ibridge({ ibridge_sb_sip: "Disabled" })], "conflicting"],
  ["sip", "Intel's variable alone", [probe("nvram-csr-active-config", "csr-active-config\tw%00%00%00\n")], "off"],
  ["sip", "Intel's variable, file system only", [probe("nvram", "csr-active-config\t%02%00%00%00\n")], "partial"],
  ["sip", "Intel's variable, nothing set", [probe("nvram", "csr-active-config\t%00%00%00%00\n")], "on"],
  ["sip", "Intel's variable, cut off", [probe("nvram", "csr-active-config\t%00%0")], "unknown"],
  ["sip", "no such variable says nothing", [probe("nvram-csr-active-config", "", { err: NVRAM_UNSET })], "unknown"],

  ["authenticated-root", "on", [root("enabled"), probe("mount", MOUNT_SEALED)], "on"],
  ["authenticated-root", "off", [root("disabled")], "off"],
  ["authenticated-root", "off by Intel's variable", [probe("nvram", "csr-active-config\t%00%08%00%00\n")], "off"],
  ["authenticated-root", "on again after the restart", [root("disabled"), ibridge({})], "off", "on"],
  ["authenticated-root", "csrutil waits for input", [late("csrutil-authenticated-root")], "unknown"],
  [
    "authenticated-root",
    "csrutil against mount",
    [root("enabled"), probe("mount", MOUNT_SEALED.replace("sealed, ", ""))],
    "conflicting",
  ],

  ["secure-boot", "full", [ibridge({})], "on"],
  ["secure-boot", "full, by bputil", [bputil()], "on"],
  ["secure-boot", "reduced", [ibridge({ ibridge_secure_boot: "Reduced Security" })], "partial"],
  [
    "secure-boot",
    "reduced, two probes",
    [ibridge({ ibridge_secure_boot: "Reduced Security" }), bputil(REDUCED)],
    "partial",
  ],
  ["secure-boot", "medium (T2)", [ibridge({ ibridge_secure_boot: "Medium Security" })], "partial"],
  ["secure-boot", "permissive", [bputil(PERMISSIVE)], "off"],
  ["secure-boot", "none (T2)", [ibridge({ ibridge_secure_boot: "No Security" })], "off"],
  ["secure-boot", "CTRR off", [ibridge({ ibridge_sb_ctrr: "Disabled" })], "partial"],
  ["secure-boot", "boot arguments not filtered", [ibridge({ ibridge_sb_boot_args: "Disabled" })], "partial"],
  ["secure-boot", "full from the next restart", [bputil(REDUCED), bputil()], "partial", "on"],
  ["secure-boot", "weaker in the running system cannot be", [bputil(), bputil(PERMISSIVE)], "conflicting"],
  ["secure-boot", "two probes disagree", [ibridge({}), bputil(REDUCED)], "conflicting"],
  ["secure-boot", "another language", [ibridge({ ibridge_secure_boot: "Volle Sicherheit" })], "unknown"],
  [
    "secure-boot",
    "an Intel Mac without a T2",
    [probe("system-profiler-ibridge", '{"SPiBridgeDataType":[]}')],
    "unknown",
  ],
  ["secure-boot", "no answer", [late("system-profiler-ibridge")], "unknown"],

  ["kernel-extensions", "only Apple's", [ibridge({ ibridge_sb_other_kext: "No" })], "on"],
  ["kernel-extensions", "allowed", [ibridge({ ibridge_sb_other_kext: "Yes" })], "off"],
  ["kernel-extensions", "allowed, by bputil", [bputil(REDUCED, ALLOWED)], "off"],
  ["kernel-extensions", "not any more from the next restart", [bputil(REDUCED, ALLOWED), bputil()], "off", "on"],
  ["kernel-extensions", "two probes disagree", [ibridge({ ibridge_sb_other_kext: "Yes" }), bputil()], "conflicting"],
  ["kernel-extensions", "not said", [ibridge({})], "unknown"],
  ["kernel-extensions", "another language", [ibridge({ ibridge_sb_other_kext: "Ja" })], "unknown"],

  ["boot-args", "none", [sysctl(""), nvramUnset()], "on"],
  ["boot-args", "signature checks off", [sysctl("amfi_get_out_of_my_way=1")], "off"],
  ["boot-args", "loosened", [sysctl("-arm64e_preview_abi")], "partial"],
  ["boot-args", "stored for the next restart", [sysctl(""), nvram("amfi=0x80")], "on", "off"],
  ["boot-args", "removed from the next restart", [sysctl("amfi=0x80"), nvramUnset()], "off", "on"],
  ["boot-args", "behind many that say nothing", [sysctl(`${"x ".repeat(300)}amfi=0x80`)], "off"],
  ["boot-args", "in a second line of the value", [sysctl("-v\namfi_get_out_of_my_way=1")], "off"],
  ["boot-args", "stored in a second line of the value", [sysctl(""), nvram("-v\namfi=0x80")], "on", "off"],
  ["boot-args", "other ones in a line of their own", [sysctl("amfi=0x80\nkern.bootargs: -v")], "unknown"],
  ["boot-args", "not given", [variables("vm.cs_debug: 0\n")], "unknown"],
  ["boot-args", "two answers in one boot", [sysctl(""), sysctl("amfi=0x80")], "conflicting"],

  ["kernel-variables", "as shipped", [sysctl("")], "on"],
  ["kernel-variables", "enforcement off", [sysctl("", 0)], "off"],
  [
    "kernel-variables",
    "exemptions",
    [variables("vm.cs_system_enforcement: 1\nsecurity.codesigning.config: 2\n")],
    "partial",
  ],
  [
    "kernel-variables",
    "no exemption, and what Apple silicon can do (constructed from xnu's bits)",
    [variables("vm.cs_system_enforcement: 1\nsecurity.codesigning.config: 2281701376\n")],
    "on",
  ],
  [
    "kernel-variables",
    "the same, printed with a sign",
    [variables("vm.cs_system_enforcement: 1\nsecurity.codesigning.config: -2013265920\n")],
    "on",
  ],
  [
    "kernel-variables",
    "exemptions among what it can do",
    [variables("vm.cs_system_enforcement: 1\nsecurity.codesigning.config: 2281701378\n")],
    "partial",
  ],
  ["kernel-variables", "tightened or traced", [variables("vm.cs_system_enforcement: 1\nvm.cs_force_kill: 1\n")], "on"],
  ["kernel-variables", "the one that counts is missing", [variables("vm.cs_force_kill: 0\n")], "unknown"],
  ["kernel-variables", "no number", [variables("vm.cs_system_enforcement: yes\n")], "unknown"],
  [
    "kernel-variables",
    "another value in a line of the boot arguments",
    [sysctl("-v\nvm.cs_system_enforcement: 1", 0)],
    "unknown",
  ],
  ["kernel-variables", "no answer", [late("sysctl")], "unknown"],

  ["gatekeeper", "on", [spctl("assessments enabled\n")], "on"],
  ["gatekeeper", "off", [spctl("assessments disabled\n")], "off"],
  ["gatekeeper", "both", [spctl("assessments enabled\nassessments disabled\n")], "conflicting"],
  ["gatekeeper", "neither", [spctl("spctl: something new\n")], "unknown"],

  ["library-validation", "never set", [library("", DEFAULTS_UNSET)], "on"],
  ["library-validation", "set to false", [library("0\n")], "on"],
  ["library-validation", "off", [library("1\n")], "off"],
  ["library-validation", "set, and not set", [library("1\n", DEFAULTS_UNSET)], "conflicting"],
  ["library-validation", "not readable", [library("", "Permission denied\n")], "unknown"],
  ["library-validation", "a dictionary", [library("{\n    a = 1;\n}\n")], "unknown"],

  ["developer-mode", "not on", [devtools("Developer mode is currently disabled.\n")], "on"],
  ["developer-mode", "on", [devtools("Developer mode is currently enabled.\n")], "off"],
  [
    "developer-mode",
    "both",
    [devtools("Developer mode is currently enabled.\nDeveloper mode is currently disabled.\n")],
    "conflicting",
  ],
  ["developer-mode", "another language", [devtools("Der Entwicklermodus ist aktiviert.\n")], "unknown"],
  ["developer-mode", "no answer", [late("devtools-security")], "unknown"],
];

function read(probes: readonly ProbeEvent[]): PostureTracker {
  const tracker = new PostureTracker([]);
  for (const one of probes) tracker.apply(one);
  return tracker;
}

function settingOf(tracker: PostureTracker, id: PostureSettingId): PostureSetting {
  const setting = tracker.snapshot().settings.find((one) => one.id === id);
  if (setting === undefined) throw new Error("a setting is missing");
  return setting;
}

describe("every setting's verdicts, from the commands' texts", () => {
  it.each(CASES)("%s: %s", (id, _what, probes, inForce, afterBoot) => {
    expect(settingOf(read(probes), id)).toMatchObject({ inForce, afterBoot: afterBoot ?? null });
  });

  it("each is said in all the ways it can be", () => {
    const said = Map.groupBy(CASES, ([id]) => id);
    const noPart: PostureSettingId[] = [
      "authenticated-root",
      "gatekeeper",
      "kernel-extensions",
      "library-validation",
      "developer-mode",
    ];
    for (const [id, cases] of said) {
      const values = new Set(cases.map(([, , , inForce]) => inForce));
      const expected = ["on", "off", "partial", "unknown", "conflicting"].filter(
        (value) => value !== "partial" || !noPart.includes(id),
      );
      // One probe alone tells of the kernel's variables, and what it says may change: it cannot contradict itself.
      expect([...values].sort()).toEqual(
        expected.filter((value) => value !== "conflicting" || id !== "kernel-variables").sort(),
      );
    }
    expect(said.size).toBe(9);
  });

  it("an unread Mac is unknown everywhere, and not weakened", () => {
    const tracker = new PostureTracker([]);
    for (const { inForce, expected, expectedByBaseline } of tracker.snapshot().settings) {
      expect([inForce, expected, expectedByBaseline]).toEqual(["unknown", "on", false]);
    }
    expect(tracker.now().weakened).toBe(false);
    expect(tracker.snapshot().baseline.state).toBe("none");
  });

  it.each<[string, ProbeEvent[], boolean]>([
    ["reduced security with kernel extensions, as found", [bputil(REDUCED, ALLOWED)], false],
    ["permissive security, as found", [bputil(PERMISSIVE)], true],
    [
      "developer mode and library validation off",
      [devtools("Developer mode is currently enabled."), library("1\n")],
      false,
    ],
    ["Gatekeeper off", [spctl("assessments disabled\n")], false],
    ["a kernel that does not enforce", [sysctl("", 0)], true],
    [
      "what nobody could read",
      CASES.filter(([, , , value]) => value === "unknown").flatMap(([, , probes]) => probes),
      false,
    ],
  ])("weakened or not: %s", (_what, probes, weakened) => {
    expect(read(probes).now().weakened).toBe(weakened);
  });
});

describe("parts", () => {
  it("SIP's are those of csrutil's list, in Apple's words", () => {
    const parts = new Map(
      settingOf(read([csrutil(CSRUTIL_CUSTOM)]), "sip").parts.map(({ name, value }) => [name, value]),
    );
    expect(parts.get("Kext Signing")).toBe("on");
    expect(parts.get("Filesystem Protections")).toBe("off");
    expect(parts.get("Apple Internal")).toBe("on");
    expect(parts.has("Authenticated Root Requirement")).toBe(false);
  });

  it("those of the startup security, and each kernel variable", () => {
    const tracker = read([
      ibridge({ ibridge_sb_ctrr: "Disabled" }),
      variables("vm.cs_system_enforcement: 1\nvm.cs_debug: x\n"),
    ]);
    expect(settingOf(tracker, "secure-boot").parts).toEqual([
      { name: "Security Mode", value: "on" },
      { name: "Kernel CTRR", value: "off" },
    ]);
    expect(settingOf(tracker, "kernel-variables").parts).toEqual([
      { name: "vm.cs_system_enforcement", value: "on" },
      { name: "vm.cs_debug", value: "unknown" },
    ]);
  });

  it("what is unusual without being weaker is named", () => {
    const tracker = read([variables("vm.cs_system_enforcement: 1\nvm.cs_force_kill: 1\n")]);
    expect(settingOf(tracker, "kernel-variables").detail).toContain("vm.cs_force_kill=1");
  });
});

describe("facts", () => {
  const facts = (tracker: PostureTracker) =>
    Object.fromEntries(tracker.snapshot().facts.map(({ id, value }) => [id, value]));

  it("are kept in the probe's words; what cannot be read leaves what was known", () => {
    const tracker = read([
      probe(
        "sw-vers",
        "ProductName:\t\tmacOS\nProductVersion:\t\t26.1\nProductVersionExtra:\t(a)\nBuildVersion:\t\t25B78\n",
      ),
      probe("xprotect-version", "Version: 5297 Installed: 2026-11-02 10:00:00 +0000\n"),
      probe("profiles", "Enrolled via DEP: No\nMDM enrollment: Yes (User Approved)\n"),
      late("xprotect-version"),
      probe("profiles", "Erreur\n"),
    ]);
    expect(facts(tracker)).toEqual({
      os: "macOS 26.1 (a) (25B78)",
      xprotect: "Version: 5297 Installed: 2026-11-02 10:00:00 +0000",
      mdm: "Enrolled via DEP: No; MDM enrollment: Yes (User Approved)",
    });
  });

  it("are bounded, and null until they are read", () => {
    expect(facts(read([probe("xprotect-version", `1${"x".repeat(100_000)}`)]))["xprotect"]?.length).toBeLessThan(200);
    expect(facts(read([csrutil(CSRUTIL_ON)]))).toEqual({ os: null, xprotect: null, mdm: null });
  });
});
