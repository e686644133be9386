import type { LogFact } from "#contract/log-fact.ts";

/**
 * What a text of the unified log says about the signature of code. `page`: a page of the code was not valid while it
 * ran; `not-apple`: ad hoc, or by a certificate that is not Apple's.
 */
export type LogWord = "invalid" | "unsigned" | "ad-hoc" | "not-apple" | "page" | "revoked";

/** The word, and as far as the text carries it, which code it is about. */
export interface LogSaying {
  word: LogWord;
  pid: number | null;
  /** The kernel's short name of the process; null: not given. */
  name: string | null;
  path: string | null;
  cdhash: string | null;
}

/** amfid's codes (recorded, macOS 26). Of the others the meaning is not about the signature, or not known. */
const BY_AMFID_CODE: Readonly<Record<number, LogWord>> = { [-420]: "invalid", [-423]: "not-apple", [-424]: "ad-hoc" };

/** The reason with which AMFI kills unsigned code (recorded form of the sentence). */
const UNSIGNED_CODE = "completely unsigned code";

/** A hash alone, or as Foundation prints one. UNVERIFIED: the text is Apple's source, its form in a log was not seen. */
const REVOKED_HASH = /^(?:\{length = 20, bytes = 0x)?([0-9a-f]{40})\}?$/i;

/** Null for facts that say nothing about a signature: policy decisions, prompts, sudo, the sandbox. */
export function readLogWord(fact: LogFact): LogSaying | null {
  switch (fact.fact) {
    case "amfid-not-valid": {
      const word = fact.code === null ? undefined : BY_AMFID_CODE[fact.code];
      return word === undefined ? null : saying(word, { path: fact.path });
    }
    case "amfi-ad-hoc":
      return saying("ad-hoc", { path: fact.path });
    case "amfi-signature-problem":
      return fact.text === "has no CMS blob" ? saying("ad-hoc", { path: fact.path }) : null;
    case "amfi-killed":
      return fact.reason.includes(UNSIGNED_CODE) ? saying("unsigned", { pid: fact.pid, name: fact.name }) : null;
    case "signature-failed-fatally":
      return saying("invalid", { path: fact.path });
    case "page-invalid":
    case "page-rejected":
      return saying("page", { pid: fact.pid, name: fact.name });
    case "revoked":
      return readRevoked(fact.subject.trim());
    default:
      return null;
  }
}

function readRevoked(subject: string): LogSaying | null {
  if (subject.startsWith("/")) return saying("revoked", { path: subject });
  const cdhash = subject.length > 128 ? undefined : REVOKED_HASH.exec(subject)?.[1];
  return cdhash === undefined ? null : saying("revoked", { cdhash: cdhash.toLowerCase() });
}

function saying(word: LogWord, of: Partial<Omit<LogSaying, "word">>): LogSaying | null {
  const { pid = null, name = null, path = null, cdhash = null } = of;
  return pid === null && path === null && cdhash === null ? null : { word, pid, name, path, cdhash };
}
