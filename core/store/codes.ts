import { SEVERITIES, type Severity } from "#contract/severity.ts";
import type { Origin } from "#contract/source.ts";

/** What stands in the database for an origin. Only ever add; the order in the contract may change, these may not. */
export const ORIGIN_CODES: Record<Origin, number> = { es: 1, log: 2, fs: 3, proc: 4, probe: 5, file: 6, session: 7 };

const SEVERITY_CODES: Record<Severity, number> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 };

const ORIGINS_BY_CODE = new Map(Object.entries(ORIGIN_CODES).map(([origin, code]) => [code, origin as Origin]));
const SEVERITIES_BY_CODE = new Map(SEVERITIES.map((severity) => [SEVERITY_CODES[severity], severity]));

export function originOf(code: number): Origin {
  return ORIGINS_BY_CODE.get(code) ?? "session";
}

/** A greater code is worse. */
export function severityCode(severity: Severity): number {
  return SEVERITY_CODES[severity];
}

export function severityOf(code: number | null): Severity | null {
  return code === null ? null : (SEVERITIES_BY_CODE.get(code) ?? null);
}

/** The codes of `least` and everything worse, worst first. */
export function severityCodesFrom(least: Severity): number[] {
  const from = SEVERITY_CODES[least];
  return Object.values(SEVERITY_CODES)
    .filter((code) => code >= from)
    .sort((a, b) => b - a);
}
