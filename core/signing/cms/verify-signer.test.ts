import { describe, expect, it } from "vitest";
import type { TrustClass } from "#contract/trust.ts";
import type { CodeDirectory } from "../code-signature.ts";
import { nothing, objectId, octet, seq } from "../der/der-writer.fixture.ts";
import { Anchors, APPLE_ANCHORS } from "./anchors.ts";
import { parseCertificate } from "./certificate.ts";
import {
  type CertificatePlan,
  CERTIFIES,
  ecKey,
  type Identity,
  makeAppleLike,
  makeCertificate,
  makeLeaf,
  rsaKey,
  SIGNS,
  utc,
} from "./certificate.fixture.ts";
import {
  attribute,
  cdhashesAttribute,
  type CmsPlan,
  digestsAttribute,
  makeCms,
  makeDirectory,
  makeSignature,
  makeTimestamp,
  SIGNED_AT,
  type TimestampPlan,
} from "./cms.fixture.ts";
import { MARKER, OID } from "./oids.ts";
import { verifySigner } from "./verify-signer.ts";

const apple = makeAppleLike();
const anchors = new Anchors([parseCertificate(apple.root.der)]);
const leaf = makeLeaf(apple);
const chainCertificates = [apple.developerAuthority.der, apple.root.der];
const timestampCertificates = [apple.timestampSigner.der, apple.timestampAuthority.der, apple.root.der];
const directory = makeDirectory("the only code directory");
const NOW = utc("2025-06-01");

interface Case {
  cms?: Partial<CmsPlan>;
  timestamp?: Partial<TimestampPlan> | null;
  directories?: CodeDirectory[];
  signer?: Identity;
  now?: number;
  anchors?: Anchors;
}

function verify(plan: Case = {}) {
  const directories = plan.directories ?? [directory];
  const signer = plan.signer ?? leaf;
  const { timestamp } = plan;
  const cms = makeCms({
    content: directories[0]?.bytes ?? Buffer.alloc(0),
    signer,
    certificates: [signer.der, ...chainCertificates],
    ...(timestamp === null
      ? {}
      : {
          timestamps: (over: Buffer) => [
            makeTimestamp({
              over,
              at: SIGNED_AT,
              signer: apple.timestampSigner,
              certificates: timestampCertificates,
              ...timestamp,
            }),
          ],
        }),
    ...plan.cms,
  });
  const result = verifySigner(makeSignature(directories, cms), plan.now ?? NOW, plan.anchors ?? anchors);
  return { ...result, ids: result.problems.map(({ id }) => id), noteIds: result.notes.map(({ id }) => id) };
}

describe("a good signature", () => {
  it("is Developer ID, with team, timestamp and chain", () => {
    const result = verify();
    expect(result).toMatchObject({
      cms: "ok",
      class: "developer-id",
      appleAnchored: true,
      teamId: "7QXW3N5R2K",
      timestamp: { at: "2024-06-01T12:00:00.000000Z", status: "ok", authority: "Timestamp Signer XYZ1" },
      signingTime: SIGNED_AT,
      ids: [],
      noteIds: [],
    });
    expect(result.chain.map(({ commonName }) => commonName)).toEqual([
      "Developer ID Application: Ana Example (7QXW3N5R2K)",
      "Developer ID Certification Authority",
      "Example Root CA",
    ]);
  });

  const two = [makeDirectory("one", "sha1"), makeDirectory("two", "sha256", 0x1000)];
  const good: [string, Case][] = [
    ["attributes that are not in DER's order", { cms: { reorder: (attributes) => attributes.toReversed() } }],
    ["indefinite lengths", { cms: { indefinite: true } }],
    ["a signer named by key identifier", { cms: { byKeyId: true } }],
    ["no timestamp", { timestamp: null }],
    ["a root that is not embedded", { cms: { certificates: [leaf.der, apple.developerAuthority.der] } }],
    ["certificates in another order", { cms: { certificates: [...chainCertificates, leaf.der] } }],
    ["only the key's kind as the algorithm", { cms: { signatureAlgorithm: seq(objectId(OID.rsa), nothing()) } }],
    ["SHA-384", { cms: { digest: "sha384" } }],
    ["SHA-512", { cms: { digest: "sha512" } }],
    ["an elliptic curve key", { signer: makeLeaf(apple, { key: ecKey("P-384") }) }],
    ["alternates covered by cdhashes", { directories: two, cms: { attributes: [cdhashesAttribute(two)] } }],
    ["alternates covered by digests", { directories: two, cms: { attributes: [digestsAttribute(two)] } }],
    [
      "alternates covered by both",
      { directories: two, cms: { attributes: [digestsAttribute(two), cdhashesAttribute(two)] } },
    ],
    [
      "a truncated SHA-256 alternate",
      (() => {
        const all = [makeDirectory("a", "sha1"), makeDirectory("b", "sha256-truncated", 0x1000)];
        return { directories: all, cms: { attributes: [digestsAttribute(all), cdhashesAttribute(all)] } };
      })(),
    ],
    ["the leaf's team in the CodeDirectory", { directories: [makeDirectory("t", "sha256", 0, "7QXW3N5R2K")] }],
  ];
  it.each(good)("may have %s", (_name, plan) => {
    expect(verify(plan)).toMatchObject({ cms: "ok", class: "developer-id", ids: [] });
  });

  it("may be of the SHA-1 era: no signed attributes, which is old and not invalid", () => {
    const result = verify({ cms: { bare: true, digest: "sha1" }, directories: [makeDirectory("old", "sha1")] });
    expect(result).toMatchObject({
      cms: "ok",
      class: "developer-id",
      ids: [],
      noteIds: ["cms-sha1"],
      signingTime: null,
    });
  });

  it("says when bytes follow it", () => {
    const cms = Buffer.concat([
      makeCms({ content: directory.bytes, signer: leaf, certificates: [leaf.der, ...chainCertificates] }),
      Buffer.from("more"),
    ]);
    const result = verifySigner(makeSignature([directory], cms), NOW, anchors);
    expect(result.cms).toBe("ok");
    expect(result.notes.map(({ id }) => id)).toContain("cms-trailing-bytes");
  });
});

describe("no signature", () => {
  it.each([null, Buffer.alloc(0)])("is absent: %s", (cms) => {
    expect(verifySigner(makeSignature([directory], cms), NOW)).toMatchObject({
      cms: "absent",
      class: null,
      problems: [],
    });
  });
});

describe("binding", () => {
  const sha1 = makeDirectory("a genuine SHA-1 directory", "sha1");
  const attackers = makeDirectory("the attacker's directory", "sha256", 0x1000);
  const both = [sha1, attackers];
  const genuine = [sha1, makeDirectory("a genuine alternate", "sha256", 0x1000)];
  const reversed = genuine.toReversed();
  const other = makeLeaf(apple, { key: rsaKey(3) });
  const cases: [string, string, Case][] = [
    ["the CMS of other code", "cms-digest-mismatch", { cms: { content: Buffer.from("other code") } }],
    ["the CMS of other code, bare", "cms-signature-mismatch", { cms: { content: Buffer.from("other"), bare: true } }],
    ["an edited digest", "cms-digest-mismatch", { cms: { statedDigest: Buffer.alloc(32, 7) } }],
    [
      "an edited signature",
      "cms-signature-mismatch",
      {
        cms: { tamperSignature: (value) => Buffer.concat([value.subarray(0, -1), Buffer.of((value.at(-1) ?? 0) ^ 1)]) },
      },
    ],
    ["another key than the leaf's", "cms-signature-mismatch", { signer: { ...leaf, key: other.key } }],
    ["an attacker's alternate", "cms-alternate-not-covered", { directories: both, cms: { digest: "sha1" } }],
    [
      "an attacker's alternate beside a bare signature",
      "cms-alternate-not-covered",
      { directories: both, cms: { digest: "sha1", bare: true } },
    ],
    [
      "an edited alternate",
      "cms-cdhashes-mismatch",
      { directories: both, cms: { attributes: [cdhashesAttribute(genuine)] } },
    ],
    [
      "an edited alternate, by digests",
      "cms-cdhashes-mismatch",
      { directories: both, cms: { attributes: [digestsAttribute(genuine)] } },
    ],
    [
      "a stripped alternate",
      "cms-cdhashes-mismatch",
      { directories: [sha1], cms: { attributes: [cdhashesAttribute(genuine)] } },
    ],
    [
      "a stripped alternate, by digests",
      "cms-cdhashes-mismatch",
      { directories: [sha1], cms: { attributes: [digestsAttribute(genuine)] } },
    ],
    [
      "alternates in another order",
      "cms-cdhashes-mismatch",
      { directories: genuine, cms: { attributes: [cdhashesAttribute(reversed)] } },
    ],
    [
      "only one of two attributes right",
      "cms-cdhashes-mismatch",
      { directories: genuine, cms: { attributes: [cdhashesAttribute(genuine), digestsAttribute(both)] } },
    ],
    [
      "cdhashes that are no property list",
      "plist-not-a-plist",
      { cms: { attributes: [attribute(OID.appleCdhashes, octet(Buffer.from("nonsense")))] } },
    ],
    ["several signers", "cms-several-signers", { cms: { signers: 2 } }],
    ["no signer", "cms-no-signer", { cms: { signers: 0 } }],
    ["its own content", "cms-content-embedded", { cms: { embed: true } }],
    ["another content type", "cms-content-type", { cms: { contentType: OID.timestampInfo } }],
    ["no certificate of the signer", "cms-signer-certificate-missing", { cms: { certificates: chainCertificates } }],
    ["MD5", "cms-unknown-algorithm", { cms: { digestAlgorithm: seq(objectId("1.2.840.113549.2.5"), nothing()) } }],
    [
      "RSA-PSS",
      "cms-unknown-algorithm",
      { cms: { signatureAlgorithm: seq(objectId("1.2.840.113549.1.1.10"), nothing()) } },
    ],
    [
      "two digests that disagree",
      "cms-unknown-algorithm",
      { cms: { signatureAlgorithm: seq(objectId(OID.sha1WithRsa), nothing()) } },
    ],
    [
      "an algorithm for other keys",
      "cms-unknown-algorithm",
      { cms: { signatureAlgorithm: seq(objectId(OID.ecdsaWithSha256)) } },
    ],
    [
      "the same attribute twice",
      "cms-duplicate-attribute",
      { cms: { attributes: [attribute(OID.messageDigest, octet(directory.fullHash))] } },
    ],
    [
      "no attributes but Apple's",
      "cms-attribute-missing",
      { cms: { reorder: () => [cdhashesAttribute([directory])] } },
    ],
  ];
  it.each(cases)("%s is %s", (_name, id, plan) => {
    const result = verify(plan);
    expect(result.ids).toContain(id);
    expect(result).toMatchObject({ cms: "bad", class: null, teamId: null });
  });

  it("a team that is not the leaf's is a mismatch", () => {
    const result = verify({ directories: [makeDirectory("x", "sha256", 0, "ZZZZZZZZZZ")] });
    expect(result).toMatchObject({ cms: "ok", ids: ["team-mismatch"] });
  });

  it("garbage is bad and never throws", () => {
    for (const cms of [Buffer.from("garbage"), Buffer.of(0x30), Buffer.alloc(9000, 0x30), Buffer.alloc(2_000_000)])
      expect(verifySigner(makeSignature([directory], cms), NOW).cms).toBe("bad");
  });
});

describe("classes", () => {
  const of = (plan: Partial<CertificatePlan>, authority?: Partial<CertificatePlan>): Case => {
    const issuer = makeCertificate({
      name: { cn: "Worldwide Developer Relations Certification Authority", o: "Example Inc." },
      issuer: apple.root,
      authority: true,
      keyUsage: CERTIFIES,
      ...authority,
    });
    const signer = makeLeaf(apple, { issuer, ...plan });
    return { signer, cms: { certificates: [signer.der, issuer.der, apple.root.der] } };
  };
  const appleOwn = { name: { cn: "Apple Code Signing Certification Authority", o: "Apple Inc." } };
  const software = { name: { cn: "Software Signing", ou: "Apple Software", o: "Apple Inc." } };
  const cases: [string, TrustClass, string | null, Case][] = [
    [
      "6.1.9",
      "app-store",
      null,
      of({ markers: [MARKER.macAppStore], name: { cn: "Apple Mac OS Application Signing" } }),
    ],
    [
      "6.1.3",
      "app-store",
      null,
      of({ markers: [MARKER.iosAppStore], name: { cn: "Apple iPhone OS Application Signing" } }),
    ],
    [
      "6.1.24",
      "app-store",
      null,
      of({ markers: [MARKER.tvosAppStore], name: { cn: "Apple TVOS Application Signing" } }),
    ],
    [
      "6.1.25.1",
      "testflight",
      null,
      of({ markers: [MARKER.testFlight], name: { cn: "TestFlight Beta Distribution" } }),
    ],
    ["6.1.7", "app-store-submission", "7QXW3N5R2K", of({ markers: [MARKER.macAppStoreSubmission] })],
    [
      "6.1.4 with 6.1.7",
      "app-store-submission",
      "7QXW3N5R2K",
      of({ markers: [MARKER.iosDistribution, MARKER.macAppStoreSubmission] }),
    ],
    ["6.1.12", "development", "7QXW3N5R2K", of({ markers: [MARKER.macDevelopment] })],
    ["6.1.2", "development", "7QXW3N5R2K", of({ markers: [MARKER.iosDevelopment] })],
    ["6.1.4", "app-store-submission", "7QXW3N5R2K", of({ markers: [MARKER.iosDistribution] })],
    ["6.1.13 without the intermediate's marker", "untrusted", null, of({ markers: [MARKER.developerId] })],
    ["no marker", "untrusted", null, of({ markers: [] })],
    ["6.22 under Apple's own authority", "platform", null, of({ ...software, markers: [MARKER.platform] }, appleOwn)],
    ["no marker under Apple's own authority", "platform-legacy", null, of({ ...software, markers: [] }, appleOwn)],
    ["6.22 under another authority", "untrusted", null, of({ ...software, markers: [MARKER.platform] })],
  ];
  it.each(cases)("%s is %s", (_name, expected, teamId, plan) => {
    expect(verify(plan)).toMatchObject({ cms: "ok", class: expected, teamId, appleAnchored: true, ids: [] });
  });

  it("an App Store leaf without OU says nothing about the team that is claimed", () => {
    const plan = of({ markers: [MARKER.macAppStore], name: { cn: "Apple Mac OS Application Signing" } });
    const result = verify({ ...plan, directories: [makeDirectory("x", "sha256", 0, "59GAB85EFG")] });
    expect(result).toMatchObject({ class: "app-store", teamId: null, ids: [], noteIds: [] });
  });
});

describe("trust", () => {
  const claims = [makeDirectory("x", "sha256", 0, "7QXW3N5R2K")];

  it("a signer that vouches for itself is self-signed, whatever its OU and markers say", () => {
    const signer = makeCertificate({
      name: { cn: "Developer ID Application: Ana Example (7QXW3N5R2K)", ou: "7QXW3N5R2K" },
      keyUsage: SIGNS,
      purposes: [OID.forCodeSigning],
      markers: [MARKER.developerId, MARKER.platform],
    });
    const result = verify({ signer, directories: claims, timestamp: null, cms: { certificates: [signer.der] } });
    expect(result).toMatchObject({ cms: "ok", class: "self-signed", teamId: null, appleAnchored: false, ids: [] });
    expect(result.noteIds).toEqual(["team-not-proved"]);
  });

  it("a chain with Apple's names and markers to a root of someone's own is untrusted", () => {
    const result = verify({ anchors: APPLE_ANCHORS, timestamp: null });
    expect(result).toMatchObject({ cms: "ok", class: "untrusted", teamId: null, appleAnchored: false, ids: [] });
    expect(result.chain).toHaveLength(3);
  });

  it("a root with the pinned root's name and another key is seen", () => {
    const fake = makeCertificate({ name: { cn: "Example Root CA", o: "Example Inc." }, authority: true });
    const signer = makeLeaf(apple, { issuer: fake });
    const result = verify({ signer, timestamp: null, cms: { certificates: [signer.der, fake.der] } });
    expect(result).toMatchObject({ class: "untrusted", appleAnchored: false, noteIds: ["chain-foreign-root"] });
  });

  it("a chain without an end is untrusted", () => {
    const result = verify({ timestamp: null, cms: { certificates: [leaf.der] } });
    expect(result).toMatchObject({ class: "untrusted", appleAnchored: false, ids: [] });
  });

  it("an edited leaf is not what its issuer signed", () => {
    const edit = (der: Buffer): Buffer =>
      Buffer.from(der.toString("latin1").replaceAll("7QXW3N5R2K", "AAAAAAAAAA"), "latin1");
    const signer = makeLeaf(apple, { tamper: edit });
    expect(parseCertificate(signer.der).organizationalUnit).toBe("AAAAAAAAAA");
    const result = verify({ signer });
    expect(result).toMatchObject({ appleAnchored: false, class: "untrusted", teamId: null });
    expect(result.ids).toContain("chain-bad-signature");
  });

  it("a developer's leaf may not issue certificates", () => {
    const signer = makeLeaf(apple, { issuer: leaf, key: rsaKey(3) });
    const result = verify({ signer, cms: { certificates: [signer.der, leaf.der, ...chainCertificates] } });
    expect(result).toMatchObject({ appleAnchored: false, class: "untrusted" });
    expect(result.ids).toEqual(["chain-issuer-not-authority", "chain-path-too-long"]);
  });

  const planned: [string, string, Partial<CertificatePlan>][] = [
    [
      "an unknown critical extension",
      "certificate-critical-extension",
      { extensions: [seq(objectId("1.2.3.4"), Buffer.of(1, 1, 255), octet(nothing()))] },
    ],
    ["a key that may only encrypt", "leaf-not-for-signing", { keyUsage: 0x20 }],
    ["a purpose other than code", "leaf-not-for-code-signing", { purposes: ["1.3.6.1.5.5.7.3.1"] }],
    ["a leaf expired at its timestamp", "leaf-expired-at-timestamp", { notAfter: utc("2024-05-31") }],
    ["a leaf not yet valid at its timestamp", "not-yet-valid-at-timestamp", { notBefore: utc("2024-06-02") }],
  ];
  it.each(planned)("%s is %s", (_name, id, plan) => {
    expect(verify({ signer: makeLeaf(apple, plan) }).ids).toEqual([id]);
  });

  it("what expired after its timestamp, or has none, is only noted", () => {
    const now = utc("2030-01-01");
    expect(verify({ now })).toMatchObject({ class: "developer-id", ids: [], noteIds: ["expired-valid-at-timestamp"] });
    expect(verify({ now, timestamp: null })).toMatchObject({
      class: "developer-id",
      ids: [],
      noteIds: ["expired-no-timestamp"],
    });
    expect(verify({ now: utc("2022-01-01"), timestamp: null }).noteIds).toEqual(["not-yet-valid"]);
    expect(verify({ now: utc("2024-01-01") }).noteIds).toEqual(["timestamp-in-future"]);
  });

  it("many look-alike issuers end the search, not the inspection", () => {
    const lookAlikes = Array.from({ length: 60 }, () =>
      makeCertificate({ name: { cn: "Developer ID Certification Authority", o: "Example Inc." }, authority: true }),
    );
    const result = verify({ cms: { certificates: [leaf.der, ...lookAlikes.map(({ der }) => der)] } });
    expect(result.appleAnchored).toBe(false);
  });
});

describe("timestamps", () => {
  const stranger = makeCertificate({ name: { cn: "Some Timestamp Authority" }, purposes: [OID.forTimestamping] });
  const under = (plan: Partial<CertificatePlan>): Partial<TimestampPlan> => {
    const signer = makeCertificate({
      name: { cn: "Timestamp Signer XYZ2" },
      issuer: apple.timestampAuthority,
      purposes: [OID.forTimestamping],
      ...plan,
    });
    return { signer, certificates: [signer.der, apple.timestampAuthority.der] };
  };
  const cases: [string, string, Partial<TimestampPlan>][] = [
    ["for another signature", "timestamp-imprint-mismatch", { over: Buffer.from("another") }],
    ["of an authority that is not Apple's", "timestamp-not-apple", { signer: stranger, certificates: [stranger.der] }],
    [
      "by a certificate for something else",
      "timestamp-not-for-timestamping",
      under({ purposes: [OID.forCodeSigning] }),
    ],
    [
      "by a certificate for something else too",
      "timestamp-not-for-timestamping",
      under({ purposes: [OID.forTimestamping, OID.forCodeSigning] }),
    ],
    [
      "by a certificate whose purpose is not critical",
      "timestamp-not-for-timestamping",
      under({ purposesCritical: false }),
    ],
    ["from after its certificate expired", "timestamp-certificate-expired", under({ notAfter: utc("2024-05-31") })],
    ["with a tampered signature", "timestamp-signature-mismatch", { cms: { statedDigest: Buffer.alloc(32) } }],
    ["without signed attributes", "timestamp-signature-mismatch", { cms: { bare: true } }],
    [
      "that names another certificate",
      "timestamp-signature-mismatch",
      { cms: { attributes: [attribute(OID.signingCertificate, seq(seq(seq(octet(Buffer.alloc(20))))))] } },
    ],
    ["without its authority's certificate", "timestamp-signature-mismatch", { certificates: [] }],
    ["without content", "timestamp-malformed", { cms: { embed: false } }],
    ["over another kind of content", "timestamp-malformed", { cms: { contentType: OID.data } }],
    ["with several signers", "timestamp-malformed", { cms: { signers: 2 } }],
    [
      "with an unknown digest",
      "timestamp-signature-mismatch",
      { cms: { digestAlgorithm: seq(objectId("1.2.840.113549.2.5")) } },
    ],
  ];
  it.each(cases)("%s is %s", (_name, id, timestamp) => {
    const result = verify({ timestamp });
    expect(result.ids).toContain(id);
    expect(result.cms).toBe("ok");
    expect(result.timestamp?.status ?? "bad").toBe("bad");
  });

  it("may use SHA-1, as Apple's do", () => {
    const result = verify({ timestamp: { digest: "sha1", cms: { digest: "sha1" } } });
    expect(result).toMatchObject({ ids: [], timestamp: { status: "ok" } });
  });

  it("a bad one does not make an expired leaf good", () => {
    const result = verify({ timestamp: { over: Buffer.from("another") }, now: utc("2030-01-01") });
    expect(result).toMatchObject({ ids: ["timestamp-imprint-mismatch"], noteIds: ["expired-no-timestamp"] });
  });

  it("several are several, and garbage is malformed", () => {
    const token = makeTimestamp({
      over: Buffer.alloc(1),
      at: SIGNED_AT,
      signer: apple.timestampSigner,
      certificates: [],
    });
    expect(verify({ cms: { timestamps: () => [token, token] } }).ids).toEqual(["timestamp-several"]);
    expect(verify({ cms: { timestamps: () => [octet(token)] } }).ids).toEqual(["timestamp-malformed"]);
    expect(verify({ cms: { timestamps: () => [] } }).ids).toEqual(["timestamp-malformed"]);
  });
});
