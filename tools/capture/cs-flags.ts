/** Code-signing status bits of a process, by Apple's names (xnu osfmk/kern/cs_blobs.h). */
export const CS_VALID = 0x1;
export const CS_ADHOC = 0x2;
export const CS_GET_TASK_ALLOW = 0x4;
export const CS_FORCED_LV = 0x10;
export const CS_HARD = 0x100;
export const CS_KILL = 0x200;
export const CS_RESTRICT = 0x800;
export const CS_ENFORCEMENT = 0x1000;
export const CS_ENTITLEMENTS_VALIDATED = 0x4000;
export const CS_RUNTIME = 0x10000;
export const CS_LINKER_SIGNED = 0x20000;
export const CS_NO_UNTRUSTED_HELPERS = 0x2000000;
export const CS_PLATFORM_BINARY = 0x4000000;
export const CS_SIGNED = 0x20000000;

const LOADED = CS_SIGNED | CS_NO_UNTRUSTED_HELPERS | CS_VALID;

/** Recorded from an Apple platform binary. */
export const PLATFORM_WORD =
  LOADED |
  CS_PLATFORM_BINARY |
  CS_RUNTIME |
  CS_ENTITLEMENTS_VALIDATED |
  CS_ENFORCEMENT |
  CS_RESTRICT |
  CS_KILL |
  CS_HARD |
  CS_FORCED_LV;
/** Recorded from a Developer ID app with the hardened runtime. */
export const DEVELOPER_ID_WORD = LOADED | CS_RUNTIME | CS_KILL | CS_HARD;
/** Recorded from a fresh local build on Apple silicon. */
export const LINKER_SIGNED_WORD = LOADED | CS_LINKER_SIGNED | CS_KILL | CS_ADHOC;
/** Constructed: an ad-hoc signature made by codesign, so without the linker's mark. */
export const AD_HOC_WORD = LOADED | CS_KILL | CS_ADHOC;
/** Constructed: signed for development, so a debugger may attach. */
export const DEVELOPMENT_WORD = LOADED | CS_KILL | CS_GET_TASK_ALLOW;
/** Constructed: code without any signature (Intel code under Rosetta; Apple silicon refuses unsigned arm64). UNVERIFIED. */
export const UNSIGNED_WORD = 0;

/** xnu CS_VALIDATION_CATEGORY_*, in events of message version 10 and later. */
export const CATEGORY = {
  invalid: 0,
  platform: 1,
  development: 3,
  appStore: 4,
  developerId: 6,
  /** What ad-hoc code gets is UNVERIFIED. */
  none: 10,
} as const;
