import type { CodesignFacts } from "#contract/codesign-facts.ts";
import type { CodesignOutput } from "#contract/frames.ts";
import { boundText } from "./bounded-text.ts";
import { cdhashOrNull } from "./code-identity.ts";

/** Far more than codesign prints about one file; the rest is not looked at. */
const MAX_CHARS = 64 * 1024;
const MAX_LINES = 1024;
const MAX_VALUE = 512;
const MAX_AUTHORITIES = 16;
const CS_ADHOC = 0x2;
const CS_LINKER_SIGNED = 0x20000;

type Verdict = Exclude<CodesignFacts["verdict"], null>;

/** Worst first: of several, the worst counts. */
const BY_SEVERITY: readonly Verdict[] = ["revoked", "unsigned", "invalid", "altered", "valid"];

/** What follows `PATH: `. Texts of Security's CSCommon.h (source); the certificate's error and "valid on disk" are recorded. */
const SENTENCES: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ["CSSMERR_TP_CERT_REVOKED", "revoked"],
  ["notarization indicates this code has been revoked", "revoked"],
  ["code object is not signed at all", "unsigned"],
  ["invalid signature (code or signature have been modified)", "invalid"],
  ["main executable failed strict validation", "invalid"],
  ["a sealed resource is missing or invalid", "altered"],
  ["code has no resources but signature indicates they must be present", "altered"],
  ["invalid Info.plist (plist or signature have been modified)", "altered"],
  ["nested code is unsigned", "altered"],
  ["nested code is modified or invalid", "altered"],
  ["valid on disk", "valid"],
]);

/**
 * Keys of the display in the order in which they are printed (recorded, telemetry.md 3.6). The path and the identifier
 * are the program's own words and may hold line ends: what they imitate then stands before its place, or twice.
 */
const ORDER: ReadonlyMap<string, number> = new Map(
  [
    ["Executable"],
    ["Identifier"],
    ["Format"],
    ["CodeDirectory v"],
    ["CDHash"],
    ["Signature size", "Signature"],
    ["Authority"],
    ["Timestamp", "Signed Time"],
    ["Notarization Ticket"],
    ["TeamIdentifier"],
  ].flatMap((keys, rank) => keys.map((key): [string, number] => [key, rank])),
);

const FLAGS = / flags=0x([0-9a-f]{1,8})\(/;

const NOTHING: CodesignFacts = {
  verdict: null,
  error: null,
  identifier: null,
  teamId: null,
  cdhash: null,
  adHoc: null,
  linkerSigned: null,
  authorities: [],
  timestamp: null,
  ticketStapled: false,
};

/**
 * Reads what `codesign --verify` and `codesign -d` printed about `path`, in either stream. Unknown and localised texts
 * say nothing; nor does a run that did not end by itself. Null when nothing was said at all.
 */
export function readCodesignText(output: CodesignOutput, path: string): CodesignFacts | null {
  if (output.timedOut === true) return null;
  const lines = `${output.err.slice(0, MAX_CHARS)}\n${output.out.slice(0, MAX_CHARS)}`.split("\n", MAX_LINES);
  const facts = { ...NOTHING, ...readDisplay(lines), ...readVerdict(lines, path) };
  return Object.entries(NOTHING).every(([key, value]) => isSame(facts[key as keyof CodesignFacts], value))
    ? null
    : facts;
}

function isSame(value: CodesignFacts[keyof CodesignFacts], nothing: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : value === nothing;
}

function readVerdict(lines: readonly string[], path: string): Pick<CodesignFacts, "verdict" | "error"> {
  const said = new Map<Verdict, string>();
  for (const line of lines) {
    const at = line.lastIndexOf(": ");
    if (at === -1) continue;
    const verdict = SENTENCES.get(line.slice(at + 2).trimEnd());
    if (verdict !== undefined && isAbout(line.slice(0, at), path)) said.set(verdict, line.slice(at + 2).trimEnd());
  }
  const verdict = BY_SEVERITY.find((one) => said.has(one));
  if (verdict === undefined) return { verdict: null, error: null };
  return { verdict, error: verdict === "valid" ? null : (said.get(verdict) ?? null) };
}

/** The path as it was given to codesign: whole, or its end when it was relative. */
function isAbout(name: string, path: string): boolean {
  const whole = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  return name === whole || name === path || (name !== "" && whole.endsWith(`/${name}`));
}

/** The signature's own claims; nothing when a line does not stand where codesign prints it. */
function readDisplay(lines: readonly string[]): Partial<CodesignFacts> {
  const values = new Map<string, string>();
  const authorities: string[] = [];
  let last = -1;
  for (const line of lines) {
    const at = line.indexOf("=");
    const key = at === -1 ? "" : line.slice(0, at);
    const rank = ORDER.get(key);
    if (rank === undefined) continue;
    const repeats = key === "Authority" && rank === last;
    if (rank < last || (rank === last && !repeats)) return {};
    last = rank;
    const value = boundText(line.slice(at + 1).trimEnd(), MAX_VALUE);
    if (key !== "Authority") values.set(key, value);
    else if (value !== "(unavailable)" && authorities.length < MAX_AUTHORITIES) authorities.push(value);
  }
  const team = values.get("TeamIdentifier");
  const flags = FLAGS.exec(values.get("CodeDirectory v") ?? "");
  const word = flags === null ? null : Number.parseInt(flags[1] ?? "0", 16);
  return {
    identifier: values.get("Identifier") ?? null,
    teamId: team === undefined ? null : team === "not set" ? "" : team,
    cdhash: cdhashOrNull(values.get("CDHash")),
    adHoc: values.get("Signature") === "adhoc" ? true : word === null ? null : (word & CS_ADHOC) !== 0,
    linkerSigned: word === null ? null : (word & CS_LINKER_SIGNED) !== 0,
    authorities,
    timestamp: values.get("Timestamp") ?? null,
    ticketStapled: values.get("Notarization Ticket") === "stapled",
  };
}
