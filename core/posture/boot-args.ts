/** How bad a boot argument is: `checks-off` stops signature checks, `weaker` loosens something around them. */
type BootArgEffect = "checks-off" | "weaker";

interface Weakening {
  name: string;
  effect: BootArgEffect;
  /** Weakens only with one of these values; without it, with anything but zero. */
  values?: readonly string[];
}

/**
 * Boot arguments that loosen code signing or the kernel (behaviour S7). Which of them a given kernel honours depends on
 * the boot policy (UNVERIFIED per release), so their presence is the fact, not their effect.
 */
const WEAKENING: readonly Weakening[] = [
  { name: "amfi_get_out_of_my_way", effect: "checks-off" },
  { name: "amfi_allow_any_signature", effect: "checks-off" },
  { name: "amfi", effect: "checks-off" },
  { name: "cs_enforcement_disable", effect: "checks-off" },
  { name: "rootless", effect: "weaker", values: ["0", "0x0"] },
  { name: "cs_debug", effect: "weaker" },
  // These three: xnu bsd/kern/code_signing.
  { name: "cs_integrity_skip", effect: "weaker" },
  { name: "amfi_unrestrict_task_for_pid", effect: "weaker" },
  { name: "amfi_relax_profile_trust", effect: "weaker" },
  { name: "kext-dev-mode", effect: "weaker" },
  { name: "-arm64e_preview_abi", effect: "weaker" },
  { name: "ipc_control_port_options", effect: "weaker" },
  { name: "keepsyms", effect: "weaker" },
  { name: "debug", effect: "weaker" },
];
const BY_NAME = new Map(WEAKENING.map((weakening) => [weakening.name, weakening]));
const ZERO = /^0(?:x0{1,16})?$/i;
/** Whether the kernel takes a line's end for a separator is UNVERIFIED; nvram writes one as `%0a`. */
const SEPARATOR = /[ \t\0\r\n]|%0[9ad]/i;

export interface WeakBootArg {
  /** As written, e.g. `amfi_get_out_of_my_way=0x1`. */
  text: string;
  effect: BootArgEffect;
}

/**
 * The weakening ones among a boot-args string's words. A harmless argument such as `-v` is none;
 * an argument set to zero is none, except where zero is what weakens. All words count, however many: the caller bounds the text.
 */
export function weakBootArgs(value: string): WeakBootArg[] {
  const weak: WeakBootArg[] = [];
  for (const text of value.split(SEPARATOR)) {
    if (text === "") continue;
    const equals = text.indexOf("=");
    const known = BY_NAME.get(equals === -1 ? text : text.slice(0, equals));
    if (known === undefined) continue;
    const setTo = equals === -1 ? null : text.slice(equals + 1);
    const weakens =
      known.values === undefined ? setTo === null || !ZERO.test(setTo) : known.values.includes(setTo ?? "");
    if (weakens) weak.push({ text: text.slice(0, 120), effect: known.effect });
  }
  return weak;
}
