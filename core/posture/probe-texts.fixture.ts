import type { ProbeEvent } from "#contract/event.ts";

/** Recorded: `csrutil status` of a custom configuration, macOS 12, Apple silicon. */
export const CSRUTIL_CUSTOM = `System Integrity Protection status: unknown (Custom Configuration).

Configuration:
	Apple Internal: disabled
	Kext Signing: enabled
	Filesystem Protections: disabled
	Debugging Restrictions: disabled
	DTrace Restrictions: enabled
	NVRAM Protections: disabled
	BaseSystem Verification: enabled
	Boot-arg Restrictions: disabled
	Kernel Integrity Protections: disabled
	Authenticated Root Requirement: enabled

This is an unsupported configuration, likely to break in the future and leave your machine in an unknown state.
`;
/** Recorded. */
export const CSRUTIL_ON = "System Integrity Protection status: enabled.\n";
/** Recorded. */
export const CSRUTIL_OFF = "System Integrity Protection status: disabled.\n";
/** Recorded: the state of a Mac as shipped. */
export const NVRAM_UNSET = "nvram: Error getting variable - 'boot-args': (iokit/common) data was not found\n";
/** Recorded. */
export const MOUNT_SEALED =
  "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)\ndevfs on /dev (devfs, local, nobrowse)\n";

/** Constructed from format: one `name: value` a line. */
export function sysctlText(bootArgs: string, enforcement = 1): string {
  return [
    `vm.cs_system_enforcement: ${enforcement}`,
    "vm.cs_process_enforcement: 0",
    `kern.bootargs: ${bootArgs}`,
    "kern.bootsessionuuid: 6F2C0B1E-0000-4000-8000-00000000000B",
    "kern.boottime: { sec = 1795254000, usec = 250000 } Sat Nov 21 09:40:00 2026",
    "",
  ].join("\n");
}

/** Constructed from format: the recorded SPiBridge object with other values. */
export function ibridgeText(sip: string, ssv: string, more: Record<string, string> = {}): string {
  return JSON.stringify({
    SPiBridgeDataType: [{ ibridge_sb_sip: sip, ibridge_sb_ssv: ssv, ibridge_secure_boot: "Full Security", ...more }],
  });
}

/** Recorded, but for the three values that are given (the downgraded forms of the lines are recorded too). */
export function bputilText(
  mode = "Full       (smb0): absent",
  kexts = "Disabled   (smb2): absent",
  ctrr = "Enabled",
): string {
  return `Security Mode:               ${mode}
3rd Party Kexts Status:      ${kexts}
User-allowed MDM Control:    Disabled   (smb3): absent
DEP-allowed MDM Control:     Disabled   (smb4): absent
SIP Status:                  Enabled    (sip0): absent
Signed System Volume Status: Enabled    (sip1): absent
Kernel CTRR Status:          ${ctrr}    (sip2): absent
Boot Args Filtering Status:  Enabled    (sip3): absent
`;
}

/** Long known, not recorded by us: what `defaults read` says of a value that is not set. */
export const DEFAULTS_UNSET = `2026-11-21 10:00:00.000 defaults[512:7120] 
The domain/default pair of (/Library/Preferences/com.apple.security.libraryvalidation, DisableLibraryValidation) does not exist
`;

let count = 0;

export function probe(name: string, out: string, fields: Partial<ProbeEvent> = {}): ProbeEvent {
  count += 1;
  return {
    kind: "probe",
    id: { session: "s", src: "probe", n: count },
    time: 1_000_000_000 + count,
    replayed: false,
    name,
    exit: 0,
    timedOut: false,
    out,
    err: "",
    ...fields,
  };
}
