import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { attempt } from "../problem.ts";
import { element, int, objectId, octet, seq } from "../der/der-writer.fixture.ts";
import { anchorBySha256, APPLE_ANCHORS } from "./anchors.ts";
import { parseCertificate } from "./certificate.ts";
import { CERTIFIES, extension, makeAppleLike, makeCertificate, makeLeaf, utc } from "./certificate.fixture.ts";
import { MARKER, OID } from "./oids.ts";

const apple = makeAppleLike();

describe("parseCertificate", () => {
  it("reads names, dates, serial and extensions as OpenSSL does", () => {
    const { der } = makeLeaf(apple, { serial: 0x80ff });
    const certificate = parseCertificate(der);
    const openssl = new X509Certificate(der);
    expect(certificate).toMatchObject({
      commonName: "Developer ID Application: Ana Example (7QXW3N5R2K)",
      organization: "Ana Example",
      organizationalUnit: "7QXW3N5R2K",
      issuer: "Developer ID Certification Authority",
      serial: openssl.serialNumber.toLowerCase(),
      sha1: openssl.fingerprint.replaceAll(":", "").toLowerCase(),
      sha256: openssl.fingerprint256.replaceAll(":", "").toLowerCase(),
      notBefore: Date.parse(openssl.validFrom) * 1000,
      notAfter: Date.parse(openssl.validTo) * 1000,
      extendedKeyUsage: [OID.forCodeSigning],
    });
    expect([...certificate.extensions.keys()]).toContain(MARKER.developerId);
    expect(certificate.criticalExtensions).toContain(MARKER.developerId);
    expect(certificate.extensions.get(OID.authorityKeyId)).toEqual(seq(element(0x80, apple.developerAuthority.keyId)));
  });

  it("reads what an authority may do", () => {
    const { der } = makeCertificate({ name: { cn: "x" }, authority: true, pathLength: 3, keyUsage: CERTIFIES });
    expect(parseCertificate(der)).toMatchObject({
      basicConstraints: { authority: true, pathLength: 3 },
      keyUsage: Buffer.of(CERTIFIES),
    });
  });

  it("names an issuer without a common name by its whole name", () => {
    const issuer = makeCertificate({ name: { o: "Example Inc.", ou: "Signing" }, authority: true });
    const { der } = makeCertificate({ name: { cn: "leaf" }, issuer });
    expect(parseCertificate(der).issuer).toBe("OU=Signing, O=Example Inc.");
  });

  it("reads dates after 2049", () => {
    const { der } = makeCertificate({ name: { cn: "x" }, notAfter: utc("2060-02-03") });
    expect(parseCertificate(der).notAfter).toBe(utc("2060-02-03"));
  });

  it("does not hold on to the file that a certificate came from", () => {
    const { der } = makeCertificate({ name: { cn: "x" } });
    const file = Buffer.concat([Buffer.alloc(100_000), der]);
    expect(parseCertificate(file.subarray(100_000)).der.buffer.byteLength).toBeLessThan(100_000);
  });

  const isRefused = (der: Buffer): boolean => "problem" in attempt(() => parseCertificate(der));
  it("refuses what is cut, too long, doubled or contradicts itself", () => {
    const { der } = makeCertificate({ name: { cn: "x" } });
    for (let length = 0; length < der.length; length += 7) expect(isRefused(der.subarray(0, length))).toBe(true);
    expect(isRefused(Buffer.concat([der, Buffer.of(0)]))).toBe(true);
    expect(isRefused(Buffer.alloc(70_000))).toBe(true);
    const doubled = [extension("1.2.3", octet(Buffer.of(1))), extension("1.2.3", octet(Buffer.of(2)))];
    expect(isRefused(makeCertificate({ name: { cn: "x" }, extensions: doubled }).der)).toBe(true);
    expect(isRefused(seq(int(1), objectId("1.2.3")))).toBe(true);
  });
});

describe("Apple's roots", () => {
  it.each([
    ["b0b1730ecbc7ff4505142c49f1295e6eda6bcaed7e2c68c5be91b5a11001f024", "Apple Root CA"],
    ["c2b9b042dd57830e7d117dac55ac8ae19407d38e41d88f3215bc3a890444a050", "Apple Root CA - G2"],
    ["63343abfb89a6a03ebb57e9b3f5fa7be7c4f5c756f3017b3a8c488c3653e9179", "Apple Root CA - G3"],
  ])("%s is %s, and signed by itself", (sha256, name) => {
    const root = anchorBySha256(sha256);
    expect(root?.commonName).toBe(name);
    const openssl = new X509Certificate(root?.der ?? Buffer.alloc(0));
    expect(openssl.verify(openssl.publicKey)).toBe(true);
  });

  it("are no others", () => {
    expect(anchorBySha256("0".repeat(64))).toBeNull();
    expect(APPLE_ANCHORS.withSubject(apple.root.name)).toEqual([]);
  });
});
