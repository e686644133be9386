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
  ctrr?: string;
  /** Whether kernel extensions of others are let in: `Yes` or `No`. */
  otherKext?: string;
}

export interface BputilFacts {
  mode?: "Full" | "Reduced" | "Permissive";
  kexts?: boolean;
  sip?: boolean;
  ssv?: boolean;
  ctrr?: boolean;
  bootArgsFilter?: boolean;
}

const MODE_BITS = { Full: "(smb0): absent", Reduced: "(smb0): 1", Permissive: "(smb0 && smb1): 1" } as const;

/** The recorded lines of `bputil -d`, in their order. */
function bputilText(facts: BputilFacts): string {
  const { mode = "Full", kexts = false, sip = true, ssv = true, ctrr = true, bootArgsFilter = true } = facts;
  const line = (name: string, enabled: boolean, field: string, set: boolean) =>
    `${`${name}:`.padEnd(28)} ${(enabled ? "Enabled" : "Disabled").padEnd(10)} (${field}): ${set ? "1" : "absent"}\n`;
  return [
    `${"Security Mode:".padEnd(28)} ${mode.padEnd(10)} ${MODE_BITS[mode]}\n`,
    line("3rd Party Kexts Status", kexts, "smb2", kexts),
    line("User-allowed MDM Control", false, "smb3", false),
    line("DEP-allowed MDM Control", false, "smb4", false),
    line("SIP Status", sip, "sip0", !sip),
    line("Signed System Volume Status", ssv, "sip1", !ssv),
    line("Kernel CTRR Status", ctrr, "sip2", !ctrr),
    line("Boot Args Filtering Status", bootArgsFilter, "sip3", !bootArgsFilter),
  ].join("");
}

const LIBRARY_VALIDATION = "/Library/Preferences/com.apple.security.libraryvalidation";

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
    ctrr = "Enabled",
    otherKext = "No",
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
            ibridge_sb_ctrr: ctrr,
            ibridge_sb_device_mdm: "No",
            ibridge_sb_manual_mdm: "No",
            ibridge_sb_other_kext: otherKext,
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
  bputil: (facts: BputilFacts = {}): ProbeAnswer => answer("bputil", bputilText(facts), { ms: 61 }),
  /** Of an Intel Mac, where SIP's state lies: nvram writes what is not printable as `%xx`. */
  nvramCsrConfig: (config: number): ProbeAnswer => {
    const bytes = [0, 8, 16, 24].map((shift) => (config >> shift) & 0xff);
    const text = bytes.map((byte) =>
      byte > 0x20 && byte < 0x7f && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, "0")}`,
    );
    return answer("nvram-csr-active-config", `csr-active-config\t${text.join("")}\n`);
  },
  libraryValidation: (disabled: boolean): ProbeAnswer =>
    disabled
      ? answer("library-validation", "1\n")
      : answer("library-validation", "", {
          exit: 1,
          err: `The domain/default pair of (${LIBRARY_VALIDATION}, DisableLibraryValidation) does not exist\n`,
        }),
  /** UNVERIFIED text: what public scripts compare with. */
  devTools: (state: "enabled" | "disabled"): ProbeAnswer =>
    answer("devtools-security", `Developer mode is currently ${state}.\n`),
  /** UNVERIFIED form. */
  xprotect: (version: number): ProbeAnswer => answer("xprotect-version", `Version: ${version}\n`),
  profiles: (mdm: "No" | "Yes (User Approved)"): ProbeAnswer =>
    answer("profiles", `Enrolled via DEP: No\nMDM enrollment: ${mdm}\n`),
  /** The program hung and was ended at its limit. */
  timedOut: (name: string): ProbeAnswer => answer(name, "", { exit: null, ms: 5000, timedOut: true }),
  raw: answer,
} as const;
