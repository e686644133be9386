import type { EventDetail, EventFact } from "#contract/timeline.ts";

/** Labels of core/enrich's facts that are about the signature of the program a record names. */
const CDHASH = "CDHash";
const DISAGREEMENT = "Disagreement";
const ABOUT_SIGNATURE: readonly string[] = [
  "Signature",
  "Checked",
  "Signing identifier",
  "Team",
  "Signing flags",
  "Problems",
  "Inspected",
  "Verified",
  "Not checked",
  "codesign",
  "Certificates, as codesign shows them",
  "Gatekeeper's assessment",
];

/** What a record itself says about the signature of its program. */
export interface RecordSignature {
  facts: EventFact[];
  /** What those who looked at it do not agree about, a sentence each. */
  disagreements: string[];
  /** Of the code that ran; null when the record names none. */
  cdhash: string | null;
  /** Where the program lay. */
  path: string | null;
}

/** @returns null for a record that names no program */
export function recordSignature({ row, facts }: EventDetail): RecordSignature | null {
  if (row.trust === null || row.trust === "not-code") return null;
  const valueOf = (label: string) => facts.find((fact) => fact.label === label)?.value ?? null;
  return {
    // A file of several architectures has a CDHash for each.
    facts: facts.filter(({ label }) => ABOUT_SIGNATURE.includes(label) || label.startsWith(CDHASH)),
    disagreements: facts.filter(({ label }) => label === DISAGREEMENT).map(({ value }) => value),
    cdhash: valueOf(CDHASH),
    path: valueOf("Path") ?? valueOf("Done by") ?? row.path,
  };
}

/** First folders behind which a disk may come and go, or a network lie; the file system does not tell case apart. */
const AWAY: readonly string[] = ["volumes", "net", "network", "home", ".vol", "dev"];

/** Whether a path is read without being asked: never where that may wake a network or a disk that can be taken out. */
export function isOnOwnDisk(path: string): boolean {
  const [empty, first = "", ...rest] = path.toLowerCase().split("/");
  if (empty !== "" || first === "" || AWAY.includes(first)) return false;
  // The same folders, reached by the data volume's own path.
  if (first === "system" && rest[0] === "volumes") return false;
  return ![first, ...rest].some((part) => part === ".." || part === ".");
}
