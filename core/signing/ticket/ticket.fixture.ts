import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** Constructed: certificate authorities and tickets of our own, in the form that Apple's have. */
export interface Issuer {
  certificate: Buffer;
  name: string;
  privateKey: KeyObject;
}

export interface CertificateShape {
  name: string;
  /** Dotted OIDs of marker extensions (NULL inside). */
  markers?: readonly string[];
  authority?: boolean;
  curve?: string;
}

export const tlv = (tag: number, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  const { length } = body;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), body]);
};
const sequence = (...content: Buffer[]): Buffer => tlv(0x30, ...content);
const text = (tag: number, value: string): Buffer => tlv(tag, Buffer.from(value, "latin1"));
const integer = (value: number): Buffer => tlv(0x02, Buffer.from([value]));
const TRUE = tlv(0x01, Buffer.from([0xff]));
const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let high = arc >> 7; high > 0; high >>= 7) digits.unshift((high & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return tlv(0x06, Buffer.from(bytes));
}

const nameOf = (name: string): Buffer => sequence(tlv(0x31, sequence(oid("2.5.4.3"), text(0x0c, name))));
let serial = 0;

/** A certificate by `issuer`, or by itself. */
export function issue(
  { name, markers = [], authority = false, curve = "P-256" }: CertificateShape,
  issuer?: Issuer,
): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const constraints = sequence(oid("2.5.29.19"), TRUE, tlv(0x04, sequence(...(authority ? [TRUE] : []))));
  const extensions = markers.map((marker) => sequence(oid(marker), tlv(0x04, tlv(0x05))));
  serial = (serial % 120) + 1;
  const tbs = sequence(
    tlv(0xa0, integer(2)),
    integer(serial),
    ECDSA_SHA256,
    nameOf(issuer?.name ?? name),
    sequence(text(0x17, "200101000000Z"), text(0x17, "400101000000Z")),
    nameOf(name),
    publicKey.export({ format: "der", type: "spki" }),
    tlv(0xa3, sequence(constraints, ...extensions)),
  );
  const signature = sign("sha256", tbs, issuer?.privateKey ?? privateKey);
  return { certificate: sequence(tbs, ECDSA_SHA256, tlv(0x03, Buffer.from([0]), signature)), name, privateKey };
}

export interface TicketShape {
  certificates: readonly Buffer[];
  signer: KeyObject;
  hashes: readonly [type: number, hash: string][];
  /** Seconds since 1970. */
  seconds: number;
  /** Changes made before signing, as Apple could. */
  body?: (body: Buffer) => Buffer;
  padding?: Buffer;
}

export function buildTicket({
  certificates,
  signer,
  hashes,
  seconds,
  body,
  padding = Buffer.alloc(1),
}: TicketShape): Buffer {
  const head = Buffer.alloc(24);
  head.write("g8tk", "latin1");
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(20, 6);
  head.writeUInt32LE(hashes.length, 8);
  head.writeBigUInt64LE(BigInt(seconds), 16);
  const entries = hashes.map(([type, hash]) => Buffer.concat([Buffer.from([type]), Buffer.from(hash, "hex")]));
  const whole = Buffer.concat([head, ...entries]);
  const changed = body === undefined ? whole : body(whole);
  const chain = sequence(...certificates);
  const header = Buffer.alloc(16);
  header.write("s8ch", "latin1");
  header.writeUInt32LE(1, 4);
  header.writeUInt32LE(chain.length, 8);
  header.writeUInt32LE(changed.length, 12);
  const signed = Buffer.concat([header, chain, changed]);
  return Buffer.concat([signed, sign("sha256", signed, signer), padding]);
}
