import type { PostureSettingId, PostureValue } from "#contract/posture.ts";
import { readKernelExtensions, readSecureBoot } from "./read-secure-boot.ts";
import { type Reading, unknownReading } from "./reading.ts";

/** What the stored boot policy speaks of. */
export const BOOT_POLICY_SETTINGS: readonly PostureSettingId[] = [
  "sip",
  "authenticated-root",
  "secure-boot",
  "kernel-extensions",
];

/**
 * Reads `system_profiler -json SPiBridgeDataType`. Its values are localised, so a word that is not the English one is
 * unknown. That it shows the stored policy rather than the one in force is UNVERIFIED; it is used as such.
 */
export function readIBridge(text: string): Reading[] {
  const entry = firstEntry(text, "SPiBridgeDataType");
  if (entry === null) {
    const silent = "system_profiler said nothing about the boot policy";
    return BOOT_POLICY_SETTINGS.map((setting) => unknownReading(setting, "policy", silent));
  }
  return [
    policyReading("sip", word(entry, "ibridge_sb_sip"), "SIP in the boot policy"),
    policyReading("authenticated-root", word(entry, "ibridge_sb_ssv"), "Signed System Volume in the boot policy"),
    readSecureBoot({
      mode: word(entry, "ibridge_secure_boot"),
      ctrr: word(entry, "ibridge_sb_ctrr"),
      bootArgsFilter: word(entry, "ibridge_sb_boot_args"),
    }),
    readKernelExtensions(word(entry, "ibridge_sb_other_kext")),
  ];
}

/** Reads `system_profiler -json SPSoftwareDataType`: `system_integrity` knows only on and off (recorded, macOS 11-12). */
export function readSoftware(text: string): Reading[] {
  const value = word(firstEntry(text, "SPSoftwareDataType") ?? {}, "system_integrity");
  if (value === "integrity_enabled") {
    return [{ setting: "sip", strength: "coarse", value: "on", weak: [], detail: "SIP is on" }];
  }
  if (value === "integrity_disabled") {
    return [{ setting: "sip", strength: "coarse", value: "off", weak: [], detail: "SIP is off" }];
  }
  return [unknownReading("sip", "coarse", "system_profiler's word for SIP was not recognised")];
}

const BPUTIL_LINE =
  /^(SIP Status|Signed System Volume Status|Security Mode|3rd Party Kexts Status|Kernel CTRR Status|Boot Args Filtering Status):[ \t]{1,40}([A-Za-z ]{1,40}?)[ \t]{1,40}\(/;

/** Reads `bputil -d` (lines recorded): the stored policy. */
export function readBputil(text: string): Reading[] {
  const found = new Map<string, string>();
  for (const line of text.split("\n", 128)) {
    const match = BPUTIL_LINE.exec(line.slice(0, 160));
    if (match?.[1] !== undefined && match[2] !== undefined) found.set(match[1], match[2]);
  }
  return [
    policyReading("sip", found.get("SIP Status") ?? null, "SIP in the boot policy"),
    policyReading("authenticated-root", found.get("Signed System Volume Status") ?? null, "Signed System Volume"),
    readSecureBoot({
      mode: found.get("Security Mode") ?? null,
      ctrr: found.get("Kernel CTRR Status") ?? null,
      bootArgsFilter: found.get("Boot Args Filtering Status") ?? null,
    }),
    readKernelExtensions(found.get("3rd Party Kexts Status") ?? null),
  ];
}

/** Reads the root line of `mount`: a sealed snapshot shows `sealed` (recorded). */
export function readMount(text: string): Reading[] {
  const root = /^\/dev\/\S{1,64} on \/ \(([^()\n]{1,256})\)/m.exec(text);
  if (root === null) return [unknownReading("authenticated-root", "coarse", "mount did not list the system volume")];
  const sealed = (root[1] ?? "").split(", ").includes("sealed");
  return [
    {
      setting: "authenticated-root",
      strength: "coarse",
      value: sealed ? "on" : "off",
      weak: sealed ? [] : ["seal of the system volume"],
      detail: sealed ? "The system volume is sealed" : "The system volume is not sealed",
    },
  ];
}

const POLICY_WORDS: Record<string, PostureValue> = {
  Enabled: "on",
  Disabled: "off",
  "Custom Configuration": "partial",
};

function policyReading(setting: PostureSettingId, value: string | null, what: string): Reading {
  const read = value === null ? undefined : Object.hasOwn(POLICY_WORDS, value) ? POLICY_WORDS[value] : undefined;
  if (read === undefined) return unknownReading(setting, "policy", `${what}: the word was not recognised`);
  return { setting, strength: "policy", value: read, weak: [], detail: `${what}: ${value}` };
}

function firstEntry(text: string, type: string): Record<string, unknown> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(parsed)) return null;
  const list = parsed[type];
  const entry: unknown = Array.isArray(list) ? list[0] : null;
  return isRecord(entry) ? entry : null;
}

function word(entry: Record<string, unknown>, key: string): string | null {
  const value = Object.hasOwn(entry, key) ? entry[key] : null;
  return typeof value === "string" ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
