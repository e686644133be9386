import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { Anchors } from "../cms/anchors.ts";
import { parseCertificate } from "../cms/certificate.ts";
import { buildTicket, type CertificateShape, type Issuer, issue, type TicketShape } from "./ticket.fixture.ts";
import { ticketCovers, verifyTicket } from "./verify-ticket.ts";

const LEAF_MARKER = "1.2.840.113635.100.6.1.30";
const AUTHORITY_MARKER = "1.2.840.113635.100.6.2.17";
const CDHASH = "0123456789abcdef0123456789abcdef01234567";
const OLD_CDHASH = "76543210fedcba9876543210fedcba9876543210";
const SECONDS = 1_760_000_000;

const root = issue({ name: "Test Root", authority: true });
const authority = issue({ name: "Test Integration CA", authority: true, markers: [AUTHORITY_MARKER] }, root);
const leaf = issue({ name: "Software Ticket Signing", markers: [LEAF_MARKER] }, authority);
const anchors = new Anchors([parseCertificate(root.certificate)]);

const shape: TicketShape = {
  certificates: [leaf.certificate, authority.certificate],
  signer: leaf.privateKey,
  hashes: [
    [2, CDHASH],
    [1, OLD_CDHASH],
  ],
  seconds: SECONDS,
};
const good = buildTicket(shape);

const idsOf = (bytes: Buffer): string[] => verifyTicket(bytes, anchors).problems.map(({ id }) => id);
/** A ticket whose signer has another certificate. */
function signedWith(
  leafShape: Partial<CertificateShape>,
  authorityShape: Partial<CertificateShape> = {},
  top: Issuer = root,
): Buffer {
  const issuer = issue(
    { name: "Test Integration CA", authority: true, markers: [AUTHORITY_MARKER], ...authorityShape },
    top,
  );
  const signer = issue({ name: "Software Ticket Signing", markers: [LEAF_MARKER], ...leafShape }, issuer);
  return buildTicket({ ...shape, certificates: [signer.certificate, issuer.certificate], signer: signer.privateKey });
}
const withWord = (at: number, value: number): Buffer =>
  buildTicket({
    ...shape,
    body: (body) => {
      body.writeUInt32LE(value, at);
      return body;
    },
  });

describe("a notarization ticket", () => {
  it("that Apple's chain signed is good, and says for which code", () => {
    const ticket = verifyTicket(good, anchors);
    expect(ticket).toEqual({
      status: "ok",
      at: SECONDS * 1_000_000,
      hashes: [
        { kind: "sha256-truncated", hash: CDHASH },
        { kind: "sha1", hash: OLD_CDHASH },
      ],
      problems: [],
    });
    expect(ticketCovers(ticket, CDHASH)).toBe(true);
    expect(ticketCovers(ticket, OLD_CDHASH)).toBe(true);
    expect(ticketCovers(ticket, "f".repeat(40))).toBe(false);
    expect(ticketCovers(ticket, "")).toBe(false);
  });

  it("is read in the blob of a signature's slot, and with or without padding", () => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(0xfade0b01, 0);
    header.writeUInt32BE(8 + good.length, 4);
    expect(verifyTicket(Buffer.concat([header, good]), anchors).status).toBe("ok");
    expect(verifyTicket(buildTicket({ ...shape, padding: Buffer.alloc(0) }), anchors).status).toBe("ok");
    expect(idsOf(Buffer.concat([header, good, Buffer.alloc(1)]))).toEqual(["ticket-malformed"]);
  });

  it("finds its signer in any order of the certificates", () => {
    const other = buildTicket({ ...shape, certificates: [authority.certificate, leaf.certificate] });
    expect(verifyTicket(other, anchors).status).toBe("ok");
  });

  it("that is only well-formed is not Apple's", () => {
    expect(verifyTicket(good).problems.map(({ id }) => id)).toEqual(["ticket-not-apple"]);
    expect(ticketCovers(verifyTicket(good), CDHASH)).toBe(false);
  });

  it.each([
    ["nothing", Buffer.alloc(0), "ticket-malformed"],
    ["another file", Buffer.from('<?xml version="1.0"?><plist><dict/></plist>'), "ticket-malformed"],
    ["more padding than there is", Buffer.concat([good, Buffer.alloc(8)]), "ticket-malformed"],
    ["another root", signedWith({}, {}, issue({ name: "Test Root", authority: true })), "ticket-not-apple"],
    ["no root at all", buildTicket({ ...shape, certificates: [leaf.certificate] }), "ticket-not-apple"],
    ["no certificates", buildTicket({ ...shape, certificates: [] }), "ticket-no-signing-certificate"],
    [
      "a leaf for something else",
      signedWith({ markers: ["1.2.840.113635.100.6.1.13"] }),
      "ticket-no-signing-certificate",
    ],
    [
      "an authority for something else",
      signedWith({}, { markers: ["1.2.840.113635.100.6.2.6"] }),
      "ticket-wrong-authority",
    ],
    ["an issuer that is none", signedWith({}, { authority: false }), "ticket-chain-invalid"],
    ["another curve", signedWith({ curve: "P-384" }), "ticket-key-unsupported"],
    ["another signer's key", buildTicket({ ...shape, signer: authority.privateKey }), "ticket-signature-mismatch"],
    [
      "the root as its authority",
      (() => {
        const direct = issue({ name: "Software Ticket Signing", markers: [LEAF_MARKER] }, root);
        return buildTicket({ ...shape, certificates: [direct.certificate], signer: direct.privateKey });
      })(),
      "ticket-wrong-authority",
    ],
    ["another body version", withWord(4, 0x0014_0003), "ticket-version-unknown"],
    ["another hash size", withWord(4, 0x0020_0002), "ticket-version-unknown"],
    ["a word that is not known", withWord(12, 1), "ticket-version-unknown"],
    ["a kind of hash that is not known", buildTicket({ ...shape, hashes: [[9, CDHASH]] }), "ticket-version-unknown"],
    ["more hashes than it has", withWord(8, 3), "ticket-malformed"],
    ["fewer hashes than it has", withWord(8, 1), "ticket-malformed"],
    ["a huge count", withWord(8, 0xffff_ffff), "ticket-malformed"],
    ["a time past all clocks", withWord(20, 0x7fff_ffff), "ticket-malformed"],
    [
      "forty certificates",
      buildTicket({ ...shape, certificates: Array.from({ length: 40 }, () => leaf.certificate) }),
      "ticket-malformed",
    ],
  ])("with %s is bad", (_what, bytes, id) => {
    expect(idsOf(bytes)).toEqual([id]);
  });

  it("is bad after any one bit of what is signed has changed", () => {
    const signed = buildTicket({ ...shape, padding: Buffer.alloc(0) });
    for (let at = 0; at < signed.length; at += 1) {
      const bytes = Buffer.from(signed);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      expect(verifyTicket(bytes, anchors).status, `byte ${at}`).toBe("bad");
    }
  });

  it("is bad wherever it is cut off", () => {
    const whole = buildTicket({ ...shape, padding: Buffer.alloc(0) });
    for (let length = 0; length < whole.length; length += 1)
      expect(verifyTicket(whole.subarray(0, length), anchors).status).toBe("bad");
  });

  it("never throws, whatever its bytes", () => {
    const random = seededRandom(30);
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(good);
      for (let flip = 0; flip < 8; flip += 1) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = Math.floor(random() * 256);
      }
      expect(["ok", "bad"]).toContain(verifyTicket(bytes, anchors).status);
    }
  });
});
