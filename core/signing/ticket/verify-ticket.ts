import type { Problem } from "#contract/inspection.ts";
import type { Micros } from "#core/base/clock.ts";
import { publicKeyOf, signatureHolds } from "../cms/algorithms.ts";
import { type Anchors, APPLE_ANCHORS } from "../cms/anchors.ts";
import { type ParsedCertificate, parseCertificate } from "../cms/certificate.ts";
import { buildChain } from "../cms/chain.ts";
import { chainProblems } from "../cms/chain-rules.ts";
import { children, readOnlyDer } from "../der/reader.ts";
import { attempt } from "../problem.ts";
import { ticketFault } from "./problems.ts";
import { readTicket, type TicketHash, type TicketParts } from "./read-ticket.ts";

/** What a stapled notarization ticket proves. */
export interface Ticket {
  /** "ok": Apple signed it as it stands. Whether it is about some code: see `ticketCovers`. */
  status: "ok" | "bad";
  /** When Apple made it, says the ticket; null when it cannot be read. */
  at: Micros | null;
  /** Of all code that it is about; claimed only, when it is bad. */
  hashes: readonly TicketHash[];
  /** Why it is bad. They are about the ticket, not about the code's signature. */
  problems: Problem[];
}

/** Extensions under Apple's arc: of the certificate that signs tickets ("Software Ticket Signing"), and of the authority that issues it. */
const TICKET_SIGNING = "1.2.840.113635.100.6.1.30";
const TICKET_AUTHORITY = "1.2.840.113635.100.6.2.17";
const MAX_CERTIFICATES = 16;
/** node:crypto's name of NIST P-256. */
const CURVE = "prime256v1";

/**
 * Verifies a notarization ticket: a bundle's `Contents/CodeResources` file, or what slot 0x10002 of a signature holds (with or without
 * its blob header). Its certificates' dates are not looked at: nothing but the ticket itself says when it was made, and stapling is meant
 * to last. Whether macOS looks at them is UNVERIFIED. Never throws on content.
 * @param anchors the roots to believe: another only in tests
 */
export function verifyTicket(bytes: Buffer, anchors: Anchors = APPLE_ANCHORS): Ticket {
  const read = attempt(() => readTicket(bytes));
  if ("problem" in read) return { status: "bad", at: null, hashes: [], problems: [read.problem] };
  const { at, hashes } = read.value;
  const checked = attempt(() => checkSignature(read.value, anchors));
  const problems = "problem" in checked ? [checked.problem] : [];
  return { status: problems.length > 0 ? "bad" : "ok", at, hashes, problems };
}

/** Whether Apple's word in a good ticket is about the code with this cdhash (lower-case, 40 hex digits). */
export function ticketCovers(ticket: Ticket, cdhash: string): boolean {
  return ticket.status === "ok" && ticket.hashes.some(({ hash }) => hash === cdhash);
}

function checkSignature(parts: TicketParts, anchors: Anchors): void {
  const certificates = readCertificates(parts.certificates);
  const signer = certificates.find(({ extensions }) => extensions.has(TICKET_SIGNING));
  if (signer === undefined) throw ticketFault("ticket-no-signing-certificate");
  const chain = buildChain(signer, certificates, anchors);
  if (chain.end !== "anchored") throw ticketFault("ticket-not-apple");
  if (chainProblems(chain).length > 0) throw ticketFault("ticket-chain-invalid");
  const [, authority] = chain.certificates;
  if (authority?.extensions.has(TICKET_AUTHORITY) !== true) throw ticketFault("ticket-wrong-authority");
  const key = publicKeyOf(signer);
  if (key === null || key.asymmetricKeyDetails?.namedCurve !== CURVE) throw ticketFault("ticket-key-unsupported");
  if (!signatureHolds({ key: "ec", digest: "sha256" }, key, parts.signed, parts.signature))
    throw ticketFault("ticket-signature-mismatch");
}

function readCertificates(der: Buffer): ParsedCertificate[] {
  const list = children(readOnlyDer(der));
  if (list.length > MAX_CERTIFICATES) throw ticketFault("ticket-malformed");
  return list.map(({ bytes }) => parseCertificate(bytes));
}
