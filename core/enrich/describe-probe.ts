import type { EventOf } from "#contract/event.ts";
import { upperFirst } from "./words.ts";

interface Words {
  title: string;
  detail: string;
}

/** As much of an answer as a row looks at. */
const MAX_ANSWER = 16_384;

/** What was asked, in words, and the answer in one line. The full answer is in the record; core/posture judges it. */
export function describeProbe({ name, out, err, timedOut }: EventOf<"probe">): Words {
  const question = Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name] : undefined;
  const title = `Checked ${question?.what ?? name}`;
  if (timedOut) return { title, detail: "No answer in time" };
  const text = (out === "" ? err : out).slice(0, MAX_ANSWER);
  const answer = question?.read?.(text) ?? null;
  return { title, detail: oneLine(answer ?? text) };
}

interface Question {
  what: string;
  /** Null: not the expected form, so the answer is shown as it came. */
  read?: (text: string) => string | null;
}

/** Names of probes: docs/telemetry.md; forms of the answers as in core/posture. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  "csrutil-status": { what: "System Integrity Protection (SIP)", read: readSip },
  "csrutil-authenticated-root": {
    what: "the system volume's seal",
    read: (text) => capitalised(after(text, "status:")),
  },
  "spctl-status": { what: "Gatekeeper" },
  sysctl: { what: "the kernel's signing settings" },
  nvram: { what: "the boot arguments", read: readBootArgs },
  "nvram-csr-active-config": { what: "SIP's stored configuration" },
  "system-profiler-ibridge": { what: "startup security", read: (text) => jsonText(text, "ibridge_secure_boot") },
  "system-profiler-software": { what: "the system's own report", read: (text) => jsonText(text, "os_version") },
  bputil: { what: "the boot policy" },
  mount: { what: "how the system volume is mounted", read: readRootMount },
  "sw-vers": { what: "the macOS version", read: readVersion },
  "xprotect-version": { what: "the XProtect version" },
  "devtools-security": { what: "developer mode for debuggers" },
  "library-validation": { what: "library validation" },
  profiles: { what: "device management" },
};

/** The summary, and what a custom configuration leaves off: "Unknown (Custom Configuration). Off: Kext Signing". */
function readSip(text: string): string | null {
  const summary = after(text, "status:");
  if (summary === null) return null;
  const off = text
    .split("\n", 64)
    .filter((line) => /^\s/.test(line) && line.endsWith(": disabled") && !line.includes("Apple Internal"))
    .map((line) => line.trim().slice(0, -": disabled".length));
  const word = summary.endsWith(".") ? summary.slice(0, -1) : summary;
  return upperFirst(off.length === 0 ? word : `${word}. Off: ${off.join(", ")}`);
}

function readBootArgs(text: string): string | null {
  if (text.includes("data was not found")) return "None set";
  return text.startsWith("boot-args") ? text.slice("boot-args".length) : null;
}

function readRootMount(text: string): string | null {
  return text.split("\n", 64).find((line) => line.includes(" on / (")) ?? null;
}

function readVersion(text: string): string | null {
  const name = after(text, "ProductName:");
  const version = after(text, "ProductVersion:");
  const build = after(text, "BuildVersion:");
  return name === null || version === null ? null : `${name} ${version}${build === null ? "" : ` (${build})`}`;
}

function capitalised(text: string | null): string | null {
  return text === null ? null : upperFirst(text);
}

/** What stands after a label, up to the end of its line. */
function after(text: string, label: string): string | null {
  const at = text.indexOf(label);
  if (at === -1) return null;
  const end = text.indexOf("\n", at);
  const value = text.slice(at + label.length, end === -1 ? text.length : end).trim();
  return value === "" ? null : value;
}

/** The text value of a key anywhere in a JSON text. */
function jsonText(text: string, key: string): string | null {
  const at = text.indexOf(`"${key}"`);
  return at === -1
    ? null
    : (/^\s{0,8}:\s{0,8}"([^"\\]{1,128})"/.exec(text.slice(at + key.length + 2, at + 256))?.[1] ?? null);
}

/** Lines become "; ", runs of blanks one space: tabs and newlines of a tool's layout say nothing. */
function oneLine(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      line
        .split(/[\t ]/)
        .filter((word) => word !== "")
        .join(" "),
    )
    .filter((line) => line !== "")
    .join("; ");
}
