import type { EventOf } from "#contract/event.ts";
import type { Notarized, Trust } from "#contract/trust.ts";
import { TRUST_WORDS } from "#contract/trust-words.ts";
import { formatTime } from "#core/base/time.ts";
import { DAY, HOUR, MINUTE, type Micros, SECOND } from "#core/base/clock.ts";

const SOURCE_NAMES: Readonly<Record<string, string>> = {
  es: "Endpoint Security",
  log: "the unified log",
  fs: "file watching",
  proc: "process watching",
  probe: "the state probes",
  file: "file checks",
  session: "the monitor",
  monitor: "the monitor",
  gap: "the monitor",
  hello: "the monitor",
  bye: "the monitor",
  sleep: "the monitor",
  status: "the monitor",
  fault: "the monitor",
  unknown: "the monitor",
  posture: "the state probes",
};

/** Sources of the capture format, and the monitor's own records about the session (sleep, gaps, faults). */
export function sourceName(source: string): string {
  if (source.startsWith("gap:")) return "the monitor";
  return Object.hasOwn(SOURCE_NAMES, source) ? (SOURCE_NAMES[source] ?? source) : source;
}

/** The source's name at the start of a sentence. */
export function sourceTitle(source: string): string {
  const name = sourceName(source);
  return name.startsWith("the ") ? `T${name.slice(1)}` : Object.hasOwn(SOURCE_NAMES, source) ? upperFirst(name) : name;
}

export function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** A span in words: "41 seconds", "20 min", "3 hours", "2 days". */
export function span(micros: Micros): string {
  const length = Math.abs(micros);
  if (length < 2 * SECOND) return "a moment";
  if (length < 2 * MINUTE) return `${Math.round(length / SECOND)} seconds`;
  if (length < 2 * HOUR) return `${Math.round(length / MINUTE)} min`;
  if (length < 2 * DAY) return `${Math.round(length / HOUR)} hours`;
  return `${Math.round(length / DAY)} days`;
}

/** To the second, UTC: "2026-11-21 10:00:00 UTC". */
export function dateAndTime(at: Micros): string {
  return `${formatTime(at).slice(0, 19).replace("T", " ")} UTC`;
}

const NOTARIZED_WORDS: Readonly<Record<Notarized, string>> = {
  yes: "notarized",
  no: "not notarized",
  "not-checked": "notarization not checked",
};

/** The signature in one line: class, team as claimed, notarization, then what weighs on it. Disagreements have their own line. */
export function signatureWords(trust: Trust, teamId: string | null): string {
  const base = trust.class === "unknown" && teamId !== null ? `signed for team ${teamId}` : TRUST_WORDS[trust.class];
  const apart = new Set(trust.disagreements.map(({ sentence }) => sentence));
  const weighing = trust.notes.filter((note) => !apart.has(note));
  const notes = weighing.length === 0 ? "" : `. ${weighing.join(" ")}`;
  const silent = trust.class === "unsigned" || (trust.notarized === "not-checked" && trust.class === "platform");
  const notarized = silent ? "" : `, ${NOTARIZED_WORDS[trust.notarized]}`;
  return `${base}${notarized}${notes}`;
}

/** What was looked at, as a list in words. */
export function checkedWords(trust: Trust): string {
  return trust.checked.map((check) => (Object.hasOwn(CHECKED_WORDS, check) ? CHECKED_WORDS[check] : check)).join("; ");
}

const CHECKED_WORDS: Readonly<Record<string, string>> = {
  codesigning_flags: "the kernel's signing flags",
  cs_validation_category: "macOS' validation category",
  is_platform_binary: "macOS' platform mark",
};

const SETTING_NAMES: Readonly<Record<string, string>> = {
  sip: "SIP",
  "authenticated-root": "The system volume's check",
  "boot-args": "Signature checking by boot arguments",
  gatekeeper: "Gatekeeper",
  "secure-boot": "Startup security",
  "kernel-variables": "Signature checking by kernel variables",
  "library-validation": "Library validation",
};

const VALUE_WORDS: Readonly<Record<string, string>> = {
  on: "on",
  off: "off",
  partial: "partly off",
  conflicting: "reported in contradiction",
  unknown: "not known",
};

/** A value of a protection setting, as in "SIP is …". */
export function postureValueWord(value: string): string {
  return Object.hasOwn(VALUE_WORDS, value) ? (VALUE_WORDS[value] ?? value) : value;
}

/** E.g. "SIP is partly off after the restart". */
export function describePostureChange(event: EventOf<"posture_change">): string {
  const name = SETTING_NAMES[event.setting] ?? event.setting;
  const value = postureValueWord(event.after);
  if (event.setting === "boot-args") {
    const what = event.after === "on" ? "No boot argument weakens code signing" : "Boot arguments weaken code signing";
    return `${what} ${event.acrossBoot ? "after the restart" : "from the next restart"}`;
  }
  const when = event.acrossBoot ? " after the restart" : "";
  // Of these two, "on" means that nothing is let in.
  if (event.setting === "kernel-extensions") {
    return `Kernel extensions of others are ${event.after === "on" ? "not allowed" : "allowed"}${when}`;
  }
  if (event.setting === "developer-mode") return `Developer mode is ${event.after === "on" ? "off" : "on"}${when}`;
  return `${name} is ${value}${when}`;
}
