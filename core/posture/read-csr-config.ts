import { type PosturePart, type Reading, unknownReading } from "./reading.ts";

/** Weak when it is on, as csrutil's list has it. */
const INTERNAL = "Apple Internal";
/** Apple's words for what a bit of the csr configuration switches off, else the bit's own name (xnu bsd/sys/csr.h). */
const BITS: readonly string[] = [
  "Kext Signing",
  "Filesystem Protections",
  "Debugging Restrictions",
  "Kernel Debugging Restrictions",
  INTERNAL,
  "DTrace Restrictions",
  "NVRAM Protections",
  "device-configuration",
  "BaseSystem Verification",
  "unapproved-kexts",
  "executable-policy-override",
  "",
  "research-guests",
];
const UNAUTHENTICATED_ROOT = 11;
/** All of these are cleared by `csrutil disable`; the others may or may not be, by kind of Mac. */
const CORE = [0, 1, 2, 5, 6];
const WORD_BYTES = 4;

/**
 * Reads a line `csr-active-config⇥…` of nvram: four bytes, the lowest first, where what is not printable stands as `%xx`
 * (nvram's own form). Only Intel Macs keep SIP's state there, so that it is not set says nothing.
 */
export function readCsrConfig(text: string): Reading[] {
  const line = /^csr-active-config[ \t]{1,8}([^\n]{1,64})$/m.exec(text);
  if (line === null) return [];
  const config = decode((line[1] ?? "").trimEnd());
  if (config === null) return [unknownReading("sip", "policy", "nvram's csr-active-config was not recognised")];
  const set = (bit: number): boolean => (config & (1 << bit)) !== 0;
  const parts: PosturePart[] = [];
  for (const [bit, name] of BITS.entries()) {
    if (name !== "") parts.push({ name, value: set(bit) ? "off" : "on" });
  }
  const weakName = (name: string): string => (name === INTERNAL ? `${INTERNAL} on` : name);
  const weak = parts.filter((part) => part.value === "off").map(({ name }) => weakName(name));
  const off = CORE.every(set);
  const hex = `csr-active-config is 0x${config.toString(16)}`;
  const rootOff = set(UNAUTHENTICATED_ROOT);
  return [
    {
      setting: "sip",
      strength: "policy",
      value: off ? "off" : weak.length > 0 ? "partial" : "on",
      weak,
      listed: parts.map(({ name }) => weakName(name)),
      detail: weak.length === 0 ? hex : `${hex}: ${weak.join(", ")}`,
      parts,
    },
    {
      setting: "authenticated-root",
      strength: "policy",
      value: rootOff ? "off" : "on",
      weak: rootOff ? ["authenticated root"] : [],
      detail: hex,
    },
  ];
}

function decode(text: string): number | null {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === "%") {
      const hex = text.slice(at + 1, at + 3);
      if (!/^[0-9a-f]{2}$/i.test(hex)) return null;
      bytes.push(Number.parseInt(hex, 16));
      at += 3;
    } else {
      const code = text.charCodeAt(at);
      if (code > 0x7e) return null;
      bytes.push(code);
      at += 1;
    }
    if (bytes.length > WORD_BYTES) return null;
  }
  if (bytes.length !== WORD_BYTES) return null;
  return bytes.reduceRight((word, byte) => word * 256 + byte, 0);
}
