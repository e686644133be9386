import type { ByteSource } from "../byte-source.ts";
import { ticketFault } from "./problems.ts";

/**
 * What a flat installer package ends in after stapling: the ticket between two of these, as seen in one package (npm dwt@19.3.3). Magic,
 * version, type, length of the ticket, a word of zero; little-endian.
 */
const TRAILER = 16;
const MAGIC = "t8lr";
const VERSION = 1;
const TICKET = 2;
/** More than any ticket: they have 21 bytes a program. */
const MAX_TICKET = 32 * 1024 * 1024;

/**
 * The ticket that is stapled to a flat installer package, for `verifyTicket`. Of the package itself a ticket holds the SHA-1 of its
 * compressed table of contents: that is covered only when the table is, and what the table says only when it has been checked.
 * @returns null without one
 * @throws Malformed when there is a trailer that does not fit; ReadFault
 */
export function packageTicket(source: ByteSource): Buffer | null {
  if (source.size < TRAILER) return null;
  const trailer = source.read(source.size - TRAILER, TRAILER);
  if (trailer.toString("latin1", 0, MAGIC.length) !== MAGIC) return null;
  if (trailer.readUInt16LE(4) !== VERSION || trailer.readUInt16LE(6) !== TICKET)
    throw ticketFault("ticket-version-unknown");
  const length = trailer.readUInt32LE(8);
  if (length > MAX_TICKET || length > source.size - TRAILER) throw ticketFault("ticket-malformed");
  return source.read(source.size - TRAILER - length, length);
}
