import { type PosturePart, type Reading, unknownReading } from "./reading.ts";

const STATUS = /System Integrity Protection status: {0,8}(enabled|disabled|unknown)(?: {0,8}\(([^()\n]{1,80})\))?/i;
const FLAG_LINE = /^[ \t]{1,16}([A-Za-z][A-Za-z -]{1,60}): (enabled|disabled)[ \t]{0,8}$/;
const ROOT_STATUS = /Authenticated Root status: {0,8}(enabled|disabled)\b/i;

/** The five protections that `csrutil disable` turns off (xnu bsd/sys/csr.h; names recorded on macOS 12). */
const CORE_PROTECTIONS = [
  "Kext Signing",
  "Filesystem Protections",
  "Debugging Restrictions",
  "DTrace Restrictions",
  "NVRAM Protections",
];
const ROOT_FLAG = "Authenticated Root Requirement";
/** These are weak when they are enabled, and then have these names. */
const INTERNAL_FLAG = "Apple Internal";
const WEAK_WHEN_ENABLED: ReadonlyMap<string, string> = new Map([
  [INTERNAL_FLAG, `${INTERNAL_FLAG} on`],
  ["Allow Research Guests", "research-guests"],
]);
/** The answer of `csrutil allow-research-guests status` since macOS 26; that `status` prints it is UNVERIFIED. */
const RESEARCH_GUESTS = /^[ \t]{0,16}(Allow Research Guests)(?: status)?: (enabled|disabled)\b/;

/**
 * Reads `csrutil status`. The list of a custom configuration is finer evidence than the summary line, which has been
 * seen to say "enabled" while protections were off. What cannot be read is unknown.
 */
export function readCsrutilStatus(text: string): Reading[] {
  const summary = STATUS.exec(text);
  if (summary === null) {
    const why = text.trim() === "" ? "csrutil printed nothing" : "csrutil's words were not recognised";
    return [unknownReading("sip", "exact", why)];
  }
  const word = (summary[1] ?? "").toLowerCase();
  const note = summary[2] ?? null;
  const flags = readFlags(text);
  const weak = weakFlags(flags);
  const readings: Reading[] = [sipReading(word, note, flags, weak)];
  const root = flags.get(ROOT_FLAG);
  if (root !== undefined) readings.push(rootReading(root));
  return readings;
}

/** Reads `csrutil authenticated-root status`. */
export function readAuthenticatedRoot(text: string): Reading[] {
  const match = ROOT_STATUS.exec(text);
  if (match === null) {
    return [
      unknownReading("authenticated-root", "exact", "csrutil's words about the system volume were not recognised"),
    ];
  }
  return [rootReading((match[1] ?? "").toLowerCase() === "enabled")];
}

function sipReading(word: string, note: string | null, flags: Map<string, boolean>, weak: string[]): Reading {
  const reading = sipValue(word, note, flags, weak);
  const parts = partsOf(flags);
  const listed = parts.map(({ name }) => WEAK_WHEN_ENABLED.get(name) ?? name);
  if (reading.value === "off") listed.push(...CORE_PROTECTIONS);
  return { ...reading, ...(listed.length === 0 ? {} : { listed }), ...(parts.length === 0 ? {} : { parts }) };
}

/** As the list has them; what protects by being off counts the other way round. */
function partsOf(flags: Map<string, boolean>): PosturePart[] {
  return Array.from(flags)
    .filter(([name]) => name !== ROOT_FLAG)
    .map(([name, enabled]) => ({ name, value: enabled === WEAK_WHEN_ENABLED.has(name) ? "off" : "on" }));
}

function sipValue(word: string, note: string | null, flags: Map<string, boolean>, weak: string[]): Reading {
  if (word === "disabled" && !CORE_PROTECTIONS.some((name) => flags.has(name))) {
    return {
      setting: "sip",
      strength: "exact",
      value: "off",
      weak: [...CORE_PROTECTIONS, ...weak],
      detail: "SIP is off",
    };
  }
  const off = CORE_PROTECTIONS.filter((name) => flags.get(name) === false).length;
  if (weak.length > 0) {
    const value = off === CORE_PROTECTIONS.length ? "off" : "partial";
    const doubt = word === "enabled" ? " (although csrutil's summary says enabled)" : "";
    return { setting: "sip", strength: "exact", value, weak, detail: `${listWeak(weak)}${doubt}` };
  }
  if (word === "enabled" && note === null) {
    return { setting: "sip", strength: "exact", value: "on", weak: [], detail: "SIP is on" };
  }
  if (note !== null && note.toLowerCase().includes("internal")) {
    const weakInternal = [`${INTERNAL_FLAG} on`];
    return { setting: "sip", strength: "exact", value: "partial", weak: weakInternal, detail: listWeak(weakInternal) };
  }
  if (word === "enabled") {
    const detail = `csrutil says both enabled and “${note}”, and lists nothing`;
    return { setting: "sip", strength: "exact", value: "conflicting", weak: [], detail };
  }
  if (note !== null && /custom/i.test(note) && flags.size === 0) {
    const detail = "A custom configuration; csrutil does not list what is off";
    return { setting: "sip", strength: "exact", value: "partial", weak: [], detail };
  }
  return unknownReading("sip", "exact", "csrutil cannot tell, and lists nothing that is off");
}

function readFlags(text: string): Map<string, boolean> {
  const flags = new Map<string, boolean>();
  for (const line of text.split("\n", 64)) {
    const start = line.slice(0, 128);
    const match = RESEARCH_GUESTS.exec(start) ?? FLAG_LINE.exec(start);
    if (match?.[1] !== undefined) flags.set(match[1], match[2] === "enabled");
  }
  return flags;
}

/** The authenticated root has a setting of its own and is left out here. */
function weakFlags(flags: Map<string, boolean>): string[] {
  const weak: string[] = [];
  for (const [name, enabled] of flags) {
    if (name === ROOT_FLAG) continue;
    const weakName = WEAK_WHEN_ENABLED.get(name);
    if (weakName === undefined) {
      if (!enabled) weak.push(name);
    } else if (enabled) weak.push(weakName);
  }
  return weak;
}

function listWeak(weak: readonly string[]): string {
  return `Off: ${weak.join(", ")}`;
}

function rootReading(enabled: boolean): Reading {
  return {
    setting: "authenticated-root",
    strength: "exact",
    value: enabled ? "on" : "off",
    weak: enabled ? [] : ["authenticated root"],
    detail: enabled ? "The system volume must be sealed" : "macOS starts from a system volume that is not checked",
  };
}
