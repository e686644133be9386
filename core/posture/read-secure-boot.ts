import type { PostureValue } from "#contract/posture.ts";
import { type PosturePart, type Reading, unknownReading } from "./reading.ts";

/** What a probe says of the startup security, in its own words; null where it says nothing. */
interface BootPolicyWords {
  /** `Full Security`, `Reduced Security`, …: bputil leaves out the second word. */
  mode: string | null;
  /** Whether the kernel's text is locked against writing once it runs: `Enabled` or `Disabled`. */
  ctrr: string | null;
  /** Whether boot arguments are filtered: `Enabled` or `Disabled`. */
  bootArgsFilter: string | null;
}

/**
 * Apple silicon: Full, Reduced, Permissive; Macs with a T2: Full, Medium, No (values listed by public checks of the field).
 * Reduced and Medium still check every part of macOS; Permissive and No Security do not.
 */
const MODES: Readonly<Record<string, PostureValue>> = {
  Full: "on",
  Reduced: "partial",
  Medium: "partial",
  Permissive: "off",
  No: "off",
};
const MODE_NAMES = Object.keys(MODES).map((mode) => `${mode} Security`);
const SWITCH: Readonly<Record<string, PostureValue>> = { Enabled: "on", Disabled: "off" };

/** The startup security as the boot policy has it. A word that is not the English one is unknown, never good. */
export function readSecureBoot(words: BootPolicyWords): Reading {
  const mode = words.mode?.replace(/ Security$/, "") ?? null;
  const value = lookUp(MODES, mode);
  if (value === null) {
    const said =
      words.mode === null ? "is not in the boot policy that was read" : "is in words that were not recognised";
    return unknownReading("secure-boot", "policy", `The startup security ${said}`);
  }
  const parts: PosturePart[] = [{ name: "Security Mode", value }];
  addSwitch(parts, "Kernel CTRR", words.ctrr);
  addSwitch(parts, "Boot Args Filtering", words.bootArgsFilter);
  const weak = [
    ...(value === "on" ? [] : [`${mode} Security`]),
    ...parts.filter((part) => part.value === "off" && part.name !== "Security Mode").map(({ name }) => name),
  ];
  return {
    setting: "secure-boot",
    strength: "policy",
    value: value === "on" && weak.length > 0 ? "partial" : value,
    weak,
    listed: [...MODE_NAMES, ...parts.filter((part) => part.value !== "unknown").map(({ name }) => name)],
    detail:
      weak.length === 0
        ? "Full Security"
        : weak.map((name) => (name.endsWith("Security") ? name : `${name} off`)).join(", "),
    parts,
  };
}

const ALLOWED: Readonly<Record<string, boolean>> = { Yes: true, No: false, Enabled: true, Disabled: false };

/** Whether the boot policy lets in kernel extensions of others than Apple: `Yes`/`No`, or bputil's `Enabled`/`Disabled`. */
export function readKernelExtensions(said: string | null): Reading {
  const allowed = lookUp(ALLOWED, said);
  if (allowed === null) {
    const detail =
      said === null
        ? "The boot policy that was read says nothing about kernel extensions"
        : "The boot policy's words about kernel extensions were not recognised";
    return unknownReading("kernel-extensions", "policy", detail);
  }
  return {
    setting: "kernel-extensions",
    strength: "policy",
    value: allowed ? "off" : "on",
    weak: allowed ? ["kernel extensions of others"] : [],
    detail: allowed ? "Kernel extensions of others are allowed" : "Only Apple's kernel extensions are allowed",
  };
}

function addSwitch(parts: PosturePart[], name: string, said: string | null): void {
  if (said !== null) parts.push({ name, value: lookUp(SWITCH, said) ?? "unknown" });
}

function lookUp<T>(table: Readonly<Record<string, T>>, word: string | null): T | null {
  return word !== null && Object.hasOwn(table, word) ? (table[word] ?? null) : null;
}
