import { baseName } from "#core/enrich/code-root.ts";

/**
 * Helpers of macOS whose right to write where SIP lets nobody else their children inherit (behaviours.md 4.3, S13); the
 * rules list the same names. installd, which installs everybody else's packages, is none of them.
 */
const SIP_HELPERS: ReadonlySet<string> = new Set([
  "system_installd",
  "systemmigrationd",
  "storagekitd",
  "shove",
  "SystemShoveService",
]);

/** The nearest such helper among a program's ancestors, given by path; null: none. */
export function sipHelperAmong(ancestors: readonly string[]): string | null {
  return ancestors.map(baseName).find((name) => SIP_HELPERS.has(name)) ?? null;
}
