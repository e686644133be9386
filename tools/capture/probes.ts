import { type Micros, SECOND } from "#core/base/clock.ts";

/** What a fixed program of architecture.md section 4 answered. */
export interface ProbeAnswer {
  name: string;
  /** null when it did not end by itself. */
  exit: number | null;
  ms: number;
  timedOut: boolean;
  out: string;
  err: string;
}

function answer(name: string, out: string, part: Partial<ProbeAnswer> = {}): ProbeAnswer {
  return { name, exit: 0, ms: 14, timedOut: false, out, err: "", ...part };
}

/** Lines of csrutil's custom configuration, in its order (recorded on macOS 12, Apple silicon). */
export const SIP_FLAGS = [
  "Apple Internal",
  "Kext Signing",
  "Filesystem Protections",
  "Debugging Restrictions",
  "DTrace Restrictions",
  "NVRAM Protections",
  "BaseSystem Verification",
  "Boot-arg Restrictions",
  "Kernel Integrity Protections",
  "Authenticated Root Requirement",
] as const;
export type SipFlag = (typeof SIP_FLAGS)[number];

function customConfiguration(off: readonly SipFlag[]): string {
  const lines = SIP_FLAGS.map((flag) => {
    const disabled = flag === "Apple Internal" || off.includes(flag);
    return `\t${flag}: ${disabled ? "disabled" : "enabled"}\n`;
  });
  return [
    "System Integrity Protection status: unknown (Custom Configuration).\n\nConfiguration:\n",
    ...lines,
    "\nThis is an unsupported configuration, likely to break in the future and leave your machine in an unknown state.\n",
  ].join("");
}

export interface SysctlFacts {
  bootUuid: string;
  bootTime: Micros;
  bootArgs?: string;
  changed?: Record<string, number>;
}

function sysctlText({ bootUuid, bootTime, bootArgs = "", changed = {} }: SysctlFacts): string {
  const normal: Record<string, number> = {
    "vm.cs_system_enforcement": 1,
    "vm.cs_process_enforcement": 0,
    "vm.cs_force_kill": 0,
    "vm.cs_force_hard": 0,
    "vm.cs_debug": 0,
    "vm.cs_library_validation": 0,
    "security.codesigning.config": 0,
    ...changed,
  };
  const seconds = Math.floor(bootTime / SECOND);
  const date = new Date(seconds * 1000).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, "$1 $3 $2 $5 $4");
  return [
    ...Object.entries(normal).map(([name, value]) => `${name}: ${value}`),
    `kern.bootargs: ${bootArgs}`,
    `kern.bootsessionuuid: ${bootUuid}`,
    `kern.boottime: { sec = ${seconds}, usec = ${bootTime % SECOND} } ${date}`,
    "",
  ].join("\n");
}

export interface BridgeFacts {
  secureBoot?: string;
  sip?: string;
  ssv?: string;
  bootArgs?: string;
}

/** Texts of telemetry.md section 3, by probe. */
export const probe = {
  csrutilStatus: (state: "enabled" | "disabled" | { off: readonly SipFlag[] }): ProbeAnswer =>
    answer(
      "csrutil-status",
      typeof state === "string" ? `System Integrity Protection status: ${state}.\n` : customConfiguration(state.off),
    ),
  authenticatedRoot: (state: "enabled" | "disabled"): ProbeAnswer =>
    answer("csrutil-authenticated-root", `Authenticated Root status: ${state}\n`),
  spctlStatus: (state: "enabled" | "disabled"): ProbeAnswer =>
    answer("spctl-status", `assessments ${state}\n`, { exit: state === "enabled" ? 0 : 1 }),
  sysctl: (facts: SysctlFacts): ProbeAnswer => answer("sysctl", sysctlText(facts), { ms: 6 }),
  nvramUnset: (): ProbeAnswer =>
    answer("nvram", "", {
      exit: 1,
      err: "nvram: Error getting variable - 'boot-args': (iokit/common) data was not found\n",
    }),
  nvramBootArgs: (value: string): ProbeAnswer => answer("nvram", `boot-args\t${value}\n`),
  mount: (sealed = true): ProbeAnswer =>
    answer(
      "mount",
      [
        `/dev/disk3s1s1 on / (apfs, ${sealed ? "sealed, " : ""}local, read-only, journaled)`,
        "devfs on /dev (devfs, local, nobrowse)",
        "/dev/disk3s6 on /System/Volumes/VM (apfs, local, noexec, journaled, noatime, nobrowse)",
        "/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect, root data)",
        "",
      ].join("\n"),
    ),
  swVers: (version: string, build: string): ProbeAnswer =>
    answer("sw-vers", `ProductName:\t\tmacOS\nProductVersion:\t\t${version}\nBuildVersion:\t\t${build}\n`),
  ibridge: ({
    secureBoot = "Full Security",
    sip = "Enabled",
    ssv = "Enabled",
    bootArgs = "Enabled",
  }: BridgeFacts = {}) =>
    answer(
      "system-profiler-ibridge",
      `${JSON.stringify({
        SPiBridgeDataType: [
          {
            ibridge_boot_uuid: "7C1E22B0-5D0F-4C41-9A7B-0E6A5D9F3B21",
            ibridge_build: "mBoot-18000.120.36",
            ibridge_extra_boot_policies: " ",
            ibridge_model_identifier_top: "Mac16,5",
            ibridge_sb_boot_args: bootArgs,
            ibridge_sb_ctrr: "Enabled",
            ibridge_sb_device_mdm: "No",
            ibridge_sb_manual_mdm: "No",
            ibridge_sb_other_kext: "No",
            ibridge_sb_sip: sip,
            ibridge_sb_ssv: ssv,
            ibridge_secure_boot: secureBoot,
          },
        ],
      })}\n`,
      { ms: 212 },
    ),
  software: (version: string, build: string, integrity: "integrity_enabled" | "integrity_disabled"): ProbeAnswer =>
    answer(
      "system-profiler-software",
      `${JSON.stringify({
        SPSoftwareDataType: [
          {
            _name: "os_overview",
            boot_mode: "normal_boot",
            boot_volume: "Macintosh HD",
            os_version: `macOS ${version} (${build})`,
            secure_vm: "secure_vm_enabled",
            system_integrity: integrity,
            user_name: "Ana (ana)",
          },
        ],
      })}\n`,
      { ms: 340 },
    ),
  /** The program hung and was ended at its limit. */
  timedOut: (name: string): ProbeAnswer => answer(name, "", { exit: null, ms: 5000, timedOut: true }),
  raw: answer,
} as const;
