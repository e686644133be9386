import type { LogFact } from "#contract/log-fact.ts";

const SCAN_RESULT = /^GK evaluateScanResult: (-?\d{1,9}), /;
const PATH_HASH = /^[0-9a-f]{16}$/;
const TRAILING_NUMBERS = /\)((?:, -?\d{1,12}){1,16})$/;
const POLICY_ERROR = /Error Domain=GatekeeperPolicyScanError Code=(-?\d{1,9}) "([^"]{0,512})"/;

/**
 * syspolicyd's Gatekeeper lines (recorded on macOS 11, 14, 15, 26 and 27). Their numbers are undocumented and differ
 * between releases, so they are kept raw.
 */
export function readSyspolicydFact(message: string): LogFact | null {
  const scan = SCAN_RESULT.exec(message);
  if (scan !== null) return readScan(Number(scan[1]), message);
  if (message.startsWith("Prompt shown (")) return { fact: "gatekeeper-prompt", ...readSigner(message) };
  if (message.startsWith("Adding Gatekeeper denial breadcrumb")) {
    return { fact: "gatekeeper-denied", ...readSigner(message) };
  }
  if (message.startsWith("Attempting to move malware to trash")) return { fact: "malware-trashed" };
  const error = POLICY_ERROR.exec(message);
  return error === null ? null : { fact: "gatekeeper-policy-error", code: Number(error[1]), text: error[2] ?? "" };
}

const REVOKED = ["Rejecting binary with revoked certificate: ", "Notarization daemon found revoked hash: "] as const;

/** Security.framework, category gk (Apple's source). */
export function readRevokedFact(message: string): LogFact | null {
  const start = REVOKED.find((text) => message.startsWith(text));
  return start === undefined ? null : { fact: "revoked", subject: message.slice(start.length) };
}

function readScan(code: number, message: string): LogFact {
  const target = readTarget(message);
  const numbers = TRAILING_NUMBERS.exec(message)?.[1];
  const path = target.path;
  const isHash = path !== null && PATH_HASH.test(path);
  return {
    fact: "gatekeeper-scan",
    code,
    path: isHash ? null : path,
    pathHash: isHash ? path : null,
    teamId: target.team,
    signingId: target.id,
    bundleId: target.bundle_id,
    numbers: numbers === undefined ? [] : numbers.slice(2).split(", ").map(Number),
  };
}

function readSigner(message: string): { teamId: string | null; signingId: string | null } {
  const { team, id } = readTarget(message);
  return { teamId: team, signingId: id };
}

/** Parts of the target's description, in the order in which they are written; any may be missing. */
const PARTS = ["path", "team", "id", "bundle_id"] as const;
type Target = Record<(typeof PARTS)[number], string | null>;

/**
 * Reads `PST: (path: …), (team: …), (id: …), (bundle_id: …)`. The path and both ids are the program's own words, so when
 * a part's marker stands there twice, no part can be told from a forged one and all are unknown.
 */
function readTarget(message: string): Target {
  const target: Target = { path: null, team: null, id: null, bundle_id: null };
  const tail = TRAILING_NUMBERS.exec(message);
  const end = tail === null ? message.length : tail.index + 1;
  const starts: { part: keyof Target; at: number; valueAt: number }[] = [];
  for (const part of PARTS) {
    const marker = `(${part}: `;
    const at = message.indexOf(marker);
    if (at === -1) continue;
    const isForged = at !== message.lastIndexOf(marker) || at < (starts.at(-1)?.at ?? 0);
    if (isForged) return target;
    starts.push({ part, at, valueAt: at + marker.length });
  }
  for (const [index, { part, valueAt }] of starts.entries()) {
    const next = starts[index + 1];
    const stop = next === undefined ? message.lastIndexOf(")", end - 1) : next.at - "), ".length;
    target[part] = stop > valueAt ? knownOrNull(message.slice(valueAt, stop)) : null;
  }
  return target;
}

const NOTHING: ReadonlySet<string> = new Set(["(null)", "NOT_A_BUNDLE", "<private>", "<<private>>"]);

function knownOrNull(value: string): string | null {
  return NOTHING.has(value) ? null : value;
}
