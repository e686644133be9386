import type { Process } from "#contract/process.ts";
import type { Trust, TrustClass } from "#contract/trust.ts";

/** xnu osfmk/kern/cs_blobs.h */
export const CS_VALID = 0x1;
export const CS_ADHOC = 0x2;
export const CS_GET_TASK_ALLOW = 0x4;
export const CS_LINKER_SIGNED = 0x20000;
export const CS_PLATFORM_BINARY = 0x4000000;
export const CS_SIGNED = 0x20000000;

const FLAG_NAMES: readonly [number, string][] = [
  [CS_VALID, "valid"],
  [CS_ADHOC, "adhoc"],
  [CS_GET_TASK_ALLOW, "get-task-allow"],
  [0x8, "installer"],
  [0x10, "forced-lv"],
  [0x20, "invalid-allowed"],
  [0x100, "hard"],
  [0x200, "kill"],
  [0x400, "check-expiration"],
  [0x800, "restrict"],
  [0x1000, "enforcement"],
  [0x2000, "require-lv"],
  [0x4000, "entitlements-validated"],
  [0x8000, "nvram-unrestricted"],
  [0x10000, "runtime"],
  [CS_LINKER_SIGNED, "linker-signed"],
  [0x100000, "exec-set-hard"],
  [0x200000, "exec-set-kill"],
  [0x400000, "exec-set-enforcement"],
  [0x800000, "exec-inherit-sip"],
  [0x1000000, "killed"],
  [0x2000000, "no-untrusted-helpers"],
  [CS_PLATFORM_BINARY, "platform-binary"],
  [0x8000000, "platform-path"],
  [0x10000000, "debugged"],
  [CS_SIGNED, "signed"],
  [0x40000000, "dev-code"],
  [0x80000000, "datavault-controller"],
];

/** Few words of flags ever occur; dropped whole when a hostile source makes them many. */
const namesByFlags = new Map<number, readonly string[]>();
const MAX_NAMED = 1024;

/** The names of the set bits, e.g. `["valid", "adhoc", "signed"]`; bits nobody named are left out. */
export function flagNames(flags: number): readonly string[] {
  const known = namesByFlags.get(flags);
  if (known !== undefined) return known;
  const names = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  if (namesByFlags.size >= MAX_NAMED) namesByFlags.clear();
  namesByFlags.set(flags, names);
  return names;
}

/** xnu CS_VALIDATION_CATEGORY_* (message version 10 and later). Rosetta, out-of-process JIT and "none" name no signer. */
const BY_CATEGORY: Readonly<Record<number, TrustClass>> = {
  0: "invalid",
  1: "platform",
  2: "testflight",
  3: "development",
  4: "app-store",
  5: "enterprise",
  6: "developer-id",
  7: "local-signing",
};

const NO_FLAGS = "The source gave no code signing flags, so the signature could not be checked.";
/**
 * A team id alone does not prove Developer ID: App Store, development and enterprise code carry one too. So it stays
 * unknown, with the reason first, until an assessment of the file says which; no rule of ours treats it as untrusted.
 */
export const TEAM_ONLY = "Signed for a team and valid, but this macOS does not report the kind of certificate.";
export const NO_TEAM = "Signed with a certificate that names no team: not shown to be issued by Apple.";
const EXEC_INVALID =
  "Signed, but not valid when it started. UNVERIFIED: such code may also arrive looking unsigned, so weigh amfid's lines too.";
const DISAGREES = "The event's platform mark and its flags disagree.";

const verdicts = new Map<number, Trust>();
const MAX_VERDICTS = 4096;

/**
 * Trust from what an exec event carries; notarization and revocation are not in it. The same inputs give the same object.
 * Order matters: what the flags deny (no signature, ad hoc, invalid) stands whatever the category claims.
 */
export function trustFromFlags(process: Process): Trust {
  const key = cacheKey(process);
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
  const trust = classify(process);
  verdicts.set(key, trust);
  return trust;
}

function classify(process: Process): Trust {
  const { codesigningFlags: flags, isPlatformBinary, validationCategory: category, teamId } = process;
  const checked = category === null ? ["codesigning_flags"] : ["codesigning_flags", "cs_validation_category"];
  if (flags === null) {
    if (isPlatformBinary === true) return trust("platform", ["is_platform_binary"], []);
    return trust("unknown", [], [NO_FLAGS]);
  }
  if ((flags & CS_SIGNED) === 0) return trust("unsigned", checked, []);
  if ((flags & CS_VALID) === 0) return trust("invalid", checked, [EXEC_INVALID]);
  if ((flags & CS_ADHOC) !== 0) {
    return trust((flags & CS_LINKER_SIGNED) !== 0 ? "linker-signed" : "ad-hoc", checked, []);
  }
  const platformFlag = (flags & CS_PLATFORM_BINARY) !== 0;
  const notes = isPlatformBinary !== null && isPlatformBinary !== platformFlag ? [DISAGREES] : [];
  const named = category === null ? undefined : BY_CATEGORY[category];
  if (named !== undefined) return trust(named, checked, notes);
  if (platformFlag && isPlatformBinary !== false) return trust("platform", checked, notes);
  if (teamId === null) return trust("self-signed", checked, [NO_TEAM, ...notes]);
  return trust("unknown", checked, [TEAM_ONLY, ...notes]);
}

function trust(name: TrustClass, checked: string[], notes: string[]): Trust {
  const notarized = name === "unsigned" || name === "ad-hoc" || name === "linker-signed" ? "no" : "not-checked";
  return { class: name, notarized, checked, notes, disagreements: [] };
}

function cacheKey(process: Process): number {
  const flags = process.codesigningFlags === null ? 0 : (process.codesigningFlags >>> 0) + 1;
  const category = Math.min(Math.max((process.validationCategory ?? -1) + 1, 0), 15);
  const platform = process.isPlatformBinary === null ? 0 : process.isPlatformBinary ? 1 : 2;
  return ((flags * 16 + category) * 3 + platform) * 2 + (process.teamId === null ? 0 : 1);
}
