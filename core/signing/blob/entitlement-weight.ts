/**
 * Entitlements that take a protection away, each with which one. Apple's documentation of the hardened runtime and of
 * the App Sandbox's temporary exceptions. Many honest programs have some of them (node, deno, browsers): they weigh, no more.
 */
const WEAKENING: ReadonlyMap<string, string> = new Map([
  [
    "com.apple.security.cs.allow-jit",
    "It may make memory that it writes executable, through the system's means for it.",
  ],
  ["com.apple.security.cs.allow-unsigned-executable-memory", "It may run code from memory that no signature covers."],
  [
    "com.apple.security.cs.allow-dyld-environment-variables",
    "Whoever starts it may put libraries into it through environment variables.",
  ],
  ["com.apple.security.cs.disable-library-validation", "It loads libraries and plug-ins that others have signed."],
  ["com.apple.security.cs.disable-executable-page-protection", "It may change its own code while it runs."],
  ["com.apple.security.cs.debugger", "It may attach to other programs and change them."],
  ["com.apple.security.get-task-allow", "Other programs of the same user may attach to it and change it."],
  ["get-task-allow", "Other programs of the same user may attach to it and change it."],
  // CS_NVRAM_UNRESTRICTED: xnu osfmk/kern/cs_blobs.h.
  [
    "com.apple.rootless.restricted-nvram-variables.heritable",
    "It may change firmware variables that System Integrity Protection guards.",
  ],
]);

/** By how the key begins. */
const WEAKENING_FAMILIES: readonly (readonly [prefix: string, sentence: string])[] = [
  ["com.apple.private.", "It claims a right that Apple keeps for its own code."],
  ["com.apple.rootless.", "It claims a right over what System Integrity Protection guards."],
  ["com.apple.security.temporary-exception.", "It has an exception from the App Sandbox."],
];

/** Which protection an entitlement that is granted takes away, as one sentence; null when it takes none. */
export function weakenedBy(key: string): string | null {
  return WEAKENING.get(key) ?? WEAKENING_FAMILIES.find(([prefix]) => key.startsWith(prefix))?.[1] ?? null;
}
