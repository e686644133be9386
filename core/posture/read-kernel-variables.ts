import { type PosturePart, type Reading, unknownReading } from "./reading.ts";

/**
 * Normal values on a Mac as shipped (xnu bsd/kern/kern_cs.c). What only tightens or traces is named when it differs, but
 * weakens nothing; the variables that would loosen can only be read on Apple's kernels, so a difference is grave.
 */
const NORMAL: Readonly<Record<string, { value: number; weakensWhen?: "differs"; bits?: number }>> = {
  "vm.cs_system_enforcement": { value: 1, weakensWhen: "differs" },
  /** The low bits are exemptions from enforcement, the high ones what this Mac can do (xnu bsd/sys/code_signing.h). */
  "security.codesigning.config": { value: 0, weakensWhen: "differs", bits: 0x3f },
  "vm.cs_process_enforcement": { value: 0 },
  "vm.cs_library_validation": { value: 0 },
  "vm.cs_force_kill": { value: 0 },
  "vm.cs_force_hard": { value: 0 },
  "vm.cs_debug": { value: 0 },
  "vm.cs_debug_fail_on_unsigned_code": { value: 0 },
  "vm.cs_all_vnodes": { value: 0 },
  "vm.cs_enforcement_panic": { value: 0 },
};
/** Without this one nothing is said to be on. */
const ENFORCEMENT = "vm.cs_system_enforcement";
const NUMBER = /^(?:-?\d{1,19}|0x[0-9a-f]{1,16})$/i;

/** Judges the kernel's variables around code signing against their normal values. */
export function readKernelVariables(values: ReadonlyMap<string, string>): Reading {
  const parts: PosturePart[] = [];
  const weak: string[] = [];
  const unusual: string[] = [];
  for (const [name, normal] of Object.entries(NORMAL)) {
    const text = values.get(name);
    if (text === undefined) continue;
    const value = NUMBER.test(text) ? ofInterest(Number(text), normal.bits) : null;
    const weakens = value !== null && value !== normal.value && normal.weakensWhen === "differs";
    if (weakens) weak.push(`${name}=${value}`);
    else if (value !== null && value !== normal.value) unusual.push(`${name}=${value}`);
    parts.push({ name, value: value === null ? "unknown" : weakens ? "off" : "on" });
  }
  const noted = unusual.length === 0 ? "" : `; unusual, though nothing is weaker for it: ${unusual.join(", ")}`;
  if (weak.length > 0) {
    const off = weak.some((text) => text.startsWith(`${ENFORCEMENT}=`));
    return {
      setting: "kernel-variables",
      strength: "exact",
      value: off ? "off" : "partial",
      weak,
      detail: `${weak.join(", ")}${noted}`,
      parts,
    };
  }
  if (parts.find(({ name }) => name === ENFORCEMENT)?.value !== "on") {
    return unknownReading("kernel-variables", "exact", `sysctl did not give ${ENFORCEMENT}`);
  }
  const detail = `No kernel variable weakens code signing${noted}`;
  return { setting: "kernel-variables", strength: "exact", value: "on", weak: [], detail, parts };
}

function ofInterest(value: number, bits: number | undefined): number {
  return bits === undefined ? value : value & bits;
}
