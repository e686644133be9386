import type { Micros } from "#core/base/clock.ts";
import { SECOND } from "#core/base/clock.ts";
import type { HashKind } from "../code-signature.ts";
import { readDer } from "../der/reader.ts";
import { ticketFault } from "./problems.ts";

/**
 * The layout was worked out from one stapled app (design notes, signing.md section 1) and holds for a second ticket, a flat package's of
 * 2026 (npm dwt@19.3.3): its signature verifies, and the cdhashes of all 15 programs that were looked at are in it. There is no
 * specification. Whatever differs is refused, never guessed. Numbers are little-endian.
 */
const MAGIC = "s8ch";
const VERSION = 1;
const HEADER = 16;
const BODY_MAGIC = "g8tk";
const BODY_VERSION = 2;
const BODY_HEADER = 24;
/** Bytes of a hash: a cdhash, cut as everywhere. */
const HASH_SIZE = 20;
/** Magic and length of the blob that a ticket is wrapped in inside a SuperBlob: UNVERIFIED, taken off when the ticket follows it. */
const WRAPPER = 8;
/** After the signature: it has a place of fixed size, and is mostly a byte or two shorter. Nobody reads them. */
const MAX_PADDING = 8;
/** A ticket lists every architecture of every program in what was submitted, and as SHA-1 the table of contents of every flat package. */
const MAX_HASHES = 1_000_000;
const MAX_CERTIFICATES = 64 * 1024;
const LATEST = Number.MAX_SAFE_INTEGER / SECOND;

const HASH_KINDS: ReadonlyMap<number, HashKind> = new Map([
  [1, "sha1"],
  [2, "sha256-truncated"],
]);

export interface TicketHash {
  kind: HashKind;
  /** Lower-case hex, as a cdhash. */
  hash: string;
}

/** Taken apart, not yet believed. */
export interface TicketParts {
  /** DER SEQUENCE of certificates. */
  certificates: Buffer;
  at: Micros;
  hashes: TicketHash[];
  /** Everything that the signature covers. */
  signed: Buffer;
  /** ECDSA, DER. */
  signature: Buffer;
}

/** @throws Malformed */
export function readTicket(bytes: Buffer): TicketParts {
  const ticket = unwrapped(bytes);
  if (ticket.length < HEADER || !hasMagic(ticket, MAGIC)) throw ticketFault("ticket-malformed");
  if (ticket.readUInt32LE(4) !== VERSION) throw ticketFault("ticket-version-unknown");
  const certificatesEnd = HEADER + ticket.readUInt32LE(8);
  const signedEnd = certificatesEnd + ticket.readUInt32LE(12);
  if (signedEnd >= ticket.length || certificatesEnd - HEADER > MAX_CERTIFICATES) throw ticketFault("ticket-malformed");
  const rest = ticket.subarray(signedEnd);
  const signature = readDer(rest).bytes;
  if (rest.length - signature.length > MAX_PADDING) throw ticketFault("ticket-malformed");
  return {
    certificates: ticket.subarray(HEADER, certificatesEnd),
    ...readBody(ticket.subarray(certificatesEnd, signedEnd)),
    signed: ticket.subarray(0, signedEnd),
    signature,
  };
}

function unwrapped(bytes: Buffer): Buffer {
  if (hasMagic(bytes, MAGIC) || bytes.length < WRAPPER + HEADER) return bytes;
  const wrapped = bytes.readUInt32BE(4) === bytes.length && hasMagic(bytes.subarray(WRAPPER), MAGIC);
  return wrapped ? bytes.subarray(WRAPPER) : bytes;
}

function readBody(body: Buffer): { at: Micros; hashes: TicketHash[] } {
  if (body.length < BODY_HEADER || !hasMagic(body, BODY_MAGIC)) throw ticketFault("ticket-malformed");
  // The word after the count was zero: what another value means is not known, and it could take the ticket's word back.
  const known =
    body.readUInt16LE(4) === BODY_VERSION && body.readUInt16LE(6) === HASH_SIZE && body.readUInt32LE(12) === 0;
  if (!known) throw ticketFault("ticket-version-unknown");
  const count = body.readUInt32LE(8);
  const entry = 1 + HASH_SIZE;
  if (count > MAX_HASHES || body.length !== BODY_HEADER + count * entry) throw ticketFault("ticket-malformed");
  const seconds = Number(body.readBigUInt64LE(16));
  if (seconds > LATEST) throw ticketFault("ticket-malformed");
  const hashes: TicketHash[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = BODY_HEADER + index * entry;
    const kind = HASH_KINDS.get(body.readUInt8(at));
    if (kind === undefined) throw ticketFault("ticket-version-unknown");
    hashes.push({ kind, hash: body.toString("hex", at + 1, at + entry) });
  }
  return { at: seconds * SECOND, hashes };
}

function hasMagic(bytes: Buffer, magic: string): boolean {
  return bytes.toString("latin1", 0, magic.length) === magic;
}
