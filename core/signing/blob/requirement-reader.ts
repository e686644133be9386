import { BLOB_HEADER, MAGIC, magicOf } from "./blob-format.ts";
import { malformedBlob } from "./problems.ts";
import type { DateMatch, Match, Requirement, TextMatch } from "./requirement-expression.ts";

/** Security reqinterp.h, stackLimit: deeper ones are refused there too. */
const MAX_DEPTH = 1000;
/** Real ones are a few hundred bytes. */
const MAX_SIZE = 64 * 1024;
/** Magic, length, kind. */
const HEADER = BLOB_HEADER + 4;
/** Security requirement.h, exprForm. */
const KIND_EXPRESSION = 1;
/** The unknown operation has a size and may be taken for false; or may be skipped. */
const FLAG_FALSE = 0x80000000;
const FLAG_SKIP = 0x40000000;

/** @throws Malformed when it is no requirement, or larger or deeper than any real one */
export function readRequirement(blob: Buffer): Requirement {
  if (magicOf(blob) !== MAGIC.requirement || blob.length < HEADER || blob.length > MAX_SIZE)
    throw malformedBlob("requirement-malformed");
  const length = blob.readUInt32BE(4);
  if (length < HEADER || length > blob.length) throw malformedBlob("requirement-malformed");
  const kind = blob.readUInt32BE(BLOB_HEADER);
  // Lightweight code requirements and whatever comes after them.
  if (kind !== KIND_EXPRESSION) return { op: "not-understood", code: kind };
  return new RequirementReader(blob.subarray(HEADER, length)).expression(0);
}

/** Prefix notation, numbers and lengths big-endian, data padded to four bytes: Security reqreader.cpp. */
class RequirementReader {
  readonly #bytes: Buffer;
  #at = 0;
  #lost = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  expression(depth: number): Requirement {
    if (depth > MAX_DEPTH) throw malformedBlob("requirement-malformed");
    if (this.#lost) return { op: "not-understood", code: 0 };
    const word = this.#word();
    const code = word % 0x1000000;
    switch (code) {
      case 0:
        return { op: "never" };
      case 1:
        return { op: "always" };
      case 2:
        return { op: "identifier", value: this.#data() };
      case 3:
        return { op: "anchor-apple" };
      case 4:
        return { op: "certificate-hash", certificate: this.#integer(), hash: this.#data() };
      case 5:
        return { op: "info", key: this.#data(), match: { kind: "equal", value: this.#data() } };
      case 6:
        return { op: "and", left: this.expression(depth + 1), right: this.expression(depth + 1) };
      case 7:
        return { op: "or", left: this.expression(depth + 1), right: this.expression(depth + 1) };
      case 8:
        return { op: "cdhash", hash: this.#data() };
      case 9:
        return { op: "not", of: this.expression(depth + 1) };
      case 10:
        return { op: "info", key: this.#data(), match: this.#match() };
      case 11:
        return { op: "certificate-subject", certificate: this.#integer(), key: this.#data(), match: this.#match() };
      case 12:
        return { op: "certificate-trusted", certificate: this.#integer() };
      case 13:
        return { op: "anchor-trusted" };
      case 14:
        return { op: "certificate-extension", ...this.#certificateField() };
      case 15:
        return { op: "anchor-apple-generic" };
      case 16:
        return { op: "entitlement", key: this.#data(), match: this.#match() };
      case 17:
        return { op: "certificate-policy", ...this.#certificateField() };
      case 18:
        return { op: "named-anchor", value: this.#data() };
      case 19:
        return { op: "named-code", value: this.#data() };
      case 20:
        return { op: "platform", platform: this.#integer() };
      case 21:
        return { op: "notarized" };
      case 22:
        return { op: "certificate-date", ...this.#certificateField() };
      case 23:
        return { op: "legacy" };
      default:
        return this.#unknown(word, code, depth);
    }
  }

  #unknown(word: number, code: number, depth: number): Requirement {
    if ((word & (FLAG_FALSE | FLAG_SKIP)) === 0) {
      this.#lost = true;
      return { op: "not-understood", code };
    }
    this.#data();
    return (word & FLAG_FALSE) === 0 ? this.expression(depth + 1) : { op: "unknown-false", code };
  }

  #certificateField(): { certificate: number; oid: Buffer; match: Match } {
    return { certificate: this.#integer(), oid: this.#data(), match: this.#match() };
  }

  #match(): Match {
    const code = this.#word();
    if (code === 0) return { kind: "exists" };
    if (code === 14) return { kind: "absent" };
    const text = TEXT_MATCHES[code - 1];
    if (text !== undefined) return { kind: text, value: this.#data() };
    const date = DATE_MATCHES[code - 1 - TEXT_MATCHES.length];
    if (date !== undefined) return { kind: date, at: this.#long() };
    // Security assumes that an unknown one has one piece of data, and so stays in step.
    this.#data();
    return { kind: "not-understood", code };
  }

  #word(): number {
    if (this.#at + 4 > this.#bytes.length) throw malformedBlob("requirement-malformed");
    const word = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return word;
  }

  #integer(): number {
    return this.#word() | 0;
  }

  #long(): bigint {
    const high = BigInt(this.#integer());
    return (high << 32n) | BigInt(this.#word());
  }

  #data(): Buffer {
    const length = this.#word();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformedBlob("requirement-malformed");
    const data = this.#bytes.subarray(this.#at, end);
    this.#at = Math.min(this.#bytes.length, Math.ceil(end / 4) * 4);
    return data;
  }
}

/** In the order of their codes, from 1. */
const TEXT_MATCHES: readonly TextMatch[] = [
  "equal",
  "contains",
  "begins-with",
  "ends-with",
  "less",
  "greater",
  "less-or-equal",
  "greater-or-equal",
];
/** The codes after those. */
const DATE_MATCHES: readonly DateMatch[] = ["on", "before", "after", "on-or-before", "on-or-after"];
