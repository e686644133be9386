import { describe, expect, it } from "vitest";
import type { PlistValue } from "../plist/value.ts";
import type { Certificate, Signer } from "../signer.ts";
import { codeDirectory, SLICE, signatureOf, superBlob } from "./blob.fixture.ts";
import { SLOT } from "./blob-format.ts";
import { readSignature } from "./read-signature.ts";
import {
  always,
  and,
  apple,
  appleGeneric,
  appleOid,
  cdhash,
  data,
  equal,
  exists,
  field,
  identifier,
  never,
  not,
  op,
  or,
  requirement,
  requirementSet,
  subject,
} from "./requirement.fixture.ts";
import {
  designatedRequirement,
  isSameRequirement,
  type RequirementFacts,
  satisfiesRequirement,
  satisfiesRequirementText,
} from "./requirement.ts";

/** Constructed; only what requirements look at. */
function certificate(
  commonName: string,
  organization: string | null,
  unit: string | null,
  extensions: string[] = [],
): Certificate {
  const values = [
    ["2.5.4.3", commonName],
    ["2.5.4.10", organization],
    ["2.5.4.11", unit],
  ] as const;
  const subject = new Map(values.flatMap(([oid, value]) => (value === null ? [] : [[oid, [value]] as const])));
  return {
    der: Buffer.from(commonName),
    sha1: Buffer.alloc(20, commonName).toString("hex"),
    sha256: Buffer.alloc(32, commonName).toString("hex"),
    commonName,
    organization,
    organizationalUnit: unit,
    subject,
    issuer: "",
    serial: "01",
    notBefore: 0,
    notAfter: 0,
    extensions: new Map(extensions.map((oid) => [oid, Buffer.alloc(0)])),
    extendedKeyUsage: [],
  };
}

const APPLE = "1.2.840.113635.100.";
const root = certificate("Apple Root CA", "Apple Inc.", null);
const developerId = [
  certificate("Developer ID Application: Ana", "Ana", "7QXW3N5R2K", [`${APPLE}6.1.13`]),
  certificate("Developer ID Certification Authority", "Apple Inc.", null, [`${APPLE}6.2.6`]),
  root,
];
const development = [
  certificate("Apple Development: Ana (X)", "Ana", "7QXW3N5R2K", [`${APPLE}6.1.12`]),
  certificate("Apple Worldwide Developer Relations", "Apple Inc.", null, [`${APPLE}6.2.1`]),
  root,
];
const platform = [
  certificate("Software Signing", "Apple Inc.", "Apple Software", [`${APPLE}6.22`]),
  certificate("Apple Code Signing Certification Authority", "Apple Inc.", null),
  root,
];

function signer(chain: Certificate[], appleAnchored: boolean): Signer {
  return {
    cms: chain.length > 0 ? "ok" : "absent",
    class: null,
    chain,
    appleAnchored,
    teamId: null,
    timestamp: null,
    signingTime: null,
    problems: [],
    notes: [],
  };
}

describe("designatedRequirement", () => {
  const adhoc = signatureOf(new Map());
  const signed = signatureOf(new Map(), { flags: 0 });
  const explicit = requirementSet([3, requirement(identifier("com.example.viewer"))]);

  it("is what the signer wrote", () => {
    const signature = signatureOf(new Map([[SLOT.requirements, explicit]]));
    expect(designatedRequirement(signature, signer([], false))).toEqual({
      text: 'identifier "com.example.viewer"',
      explicit: true,
    });
  });

  it("is not what nothing covers", () => {
    const signature = readSignature(
      superBlob([
        [0, codeDirectory()],
        [SLOT.requirements, explicit],
      ]),
      SLICE,
    );
    expect(designatedRequirement(signature, signer([], false))?.explicit).toBe(false);
  });

  it("is the cdhashes of ad hoc code, weakest first", () => {
    const region = superBlob([
      [0, codeDirectory()],
      [0x1000, codeDirectory({ hash: "sha1" })],
    ]);
    const { directories } = readSignature(region, SLICE);
    const [sha256, sha1] = directories.map(({ cdhash }) => `cdhash H"${cdhash}"`);
    const text = `${sha1} or ${sha256}`;
    expect(designatedRequirement(readSignature(region, SLICE), signer([], false))).toEqual({ text, explicit: false });
    expect(designatedRequirement(adhoc, signer([], false))?.text).toBe(`cdhash H"${adhoc.best.cdhash}"`);
  });

  const self = certificate("Ana", "Ana & Co", null);
  it.each<[string, Certificate[], boolean, string]>([
    [
      "Developer ID",
      developerId,
      true,
      `anchor apple generic and certificate 1[field.${APPLE}6.2.6] /* exists */ and certificate leaf[field.${APPLE}6.1.13] /* exists */ and certificate leaf[subject.OU] = "7QXW3N5R2K"`,
    ],
    [
      "development",
      development,
      true,
      `anchor apple generic and certificate leaf[subject.CN] = "Apple Development: Ana (X)" and certificate 1[field.${APPLE}6.2.1] /* exists */`,
    ],
    ["platform", platform, true, "anchor apple"],
    ["a chain that is not Apple's", developerId, false, `certificate leaf = H"${developerId[0]?.sha1}"`],
    ["self-signed", [self], false, `certificate root = H"${self.sha1}"`],
    [
      "self-signed without an organization",
      [certificate("Ana", null, null)],
      false,
      `certificate leaf = H"${self.sha1}"`,
    ],
    [
      "a company's own authority",
      [self, certificate("CA", "Ana & Co", null), root],
      false,
      `certificate 1 = H"${certificate("CA", null, null).sha1}"`,
    ],
  ])("is made up for %s as macOS does", (_case, chain, appleAnchored, anchor) => {
    const text = `identifier "com.example.invoice-viewer" and ${anchor}`;
    expect(designatedRequirement(signed, signer(chain, appleAnchored))).toEqual({ text, explicit: false });
  });

  it("is nothing without a signer", () => {
    expect(designatedRequirement(signed, signer([], false))).toBeNull();
  });
});

describe("satisfiesRequirement", () => {
  const HASH = "00112233445566778899aabbccddeeff00112233";
  const infoPlist = new Map<string, PlistValue>([
    ["Version", "10.10"],
    ["Hidden", false],
    ["List", ["a", "b"]],
    ["Count", 3],
  ]);
  const facts: RequirementFacts = {
    identifier: "com.example.viewer",
    cdhashes: [HASH],
    chain: developerId,
    appleAnchored: true,
    infoPlist,
    entitlements: null,
    platform: 0,
    notarized: null,
  };
  const info = (key: string, match: Buffer): Buffer => op(10, data(key), match);
  it.each<[string, Buffer, boolean | null]>([
    ["identifier", identifier("com.example.viewer"), true],
    ["another identifier", identifier("com.example.viewe"), false],
    ["cdhash", cdhash(HASH), true],
    ["another cdhash", cdhash(`ff${HASH.slice(2)}`), false],
    ["anchor apple generic", appleGeneric, true],
    ["anchor apple", apple, false],
    ["leaf's team", subject(0, "subject.OU", equal("7QXW3N5R2K")), true],
    ["another team", subject(0, "subject.OU", equal("AAAAAAAAAA")), false],
    ["root by number", subject(-1, "subject.CN", equal("Apple Root CA")), true],
    ["no such certificate", subject(9, "subject.CN", exists), false],
    ["an unknown name", subject(0, "subject.XX", exists), false],
    ["mail", subject(0, "email", exists), null],
    ["an extension", field(1, appleOid(6, 2, 6), exists), true],
    ["an extension that is not there", field(0, appleOid(6, 2, 6), exists), false],
    ["that it is not there", field(0, appleOid(6, 2, 6), op(14)), true],
    ["a policy", op(17, 0, data(appleOid(5, 6)), exists), false],
    ["leaf by hash", op(4, 0, data(Buffer.from(developerId[0]?.sha1 ?? "", "hex"))), true],
    ["root by hash of the leaf", op(4, -1, data(Buffer.from(developerId[0]?.sha1 ?? "", "hex"))), false],
    ["what an administrator trusts", op(13), null],
    ["notarized", op(21), null],
    ["platform", op(20, 0), true],
    ["and with no", and(op(13), never), false],
    ["and with cannot tell", and(op(13), always), null],
    ["or with yes", or(op(13), always), true],
    ["or with cannot tell", or(op(13), never), null],
    ["not cannot tell", not(op(13)), null],
    ["numbers within text", info("Version", op(6, data("10.9"))), true],
    ["numbers within text, equal", info("Version", op(8, data("10.10"))), true],
    ["numbers within text, less", info("Version", op(5, data("10.010"))), false],
    ["false does not exist", info("Hidden", exists), false],
    ["a number exists", info("Count", exists), true],
    ["a number is not text", info("Count", equal("3")), false],
    ["one of a list", info("List", equal("b")), true],
    ["none of a list", info("List", equal("c")), false],
    ["a list exists", info("List", exists), true],
    ["beginning", info("Version", op(3, data("10."))), true],
    ["ending", info("Version", op(4, data(".10"))), true],
    ["within", info("Version", op(2, data("0.1"))), true],
    ["no such key", info("Nothing", exists), false],
    ["entitlements that are not known", op(16, data("x"), exists), null],
    ["an operation nobody knows", or(always, op(0x99)), null],
    ["one that counts as false", or(op(0x80000099, data("")), always), true],
    ["a comparison nobody knows", info("Version", op(77, data("x"))), false],
  ])("%s", (_case, expression, answer) => {
    expect(satisfiesRequirement(requirement(expression), facts)).toBe(answer);
  });

  it("knows Apple's own code by its intermediate", () => {
    expect(satisfiesRequirement(requirement(apple), { ...facts, chain: platform })).toBe(true);
    expect(satisfiesRequirement(requirement(apple), { ...facts, chain: platform, appleAnchored: false })).toBe(false);
  });

  it("takes the designated one of a set, and cannot tell without one or from garbage", () => {
    expect(satisfiesRequirement(requirementSet([3, requirement(always)], [1, requirement(never)]), facts)).toBe(true);
    expect(satisfiesRequirement(requirementSet(), facts)).toBeNull();
    expect(satisfiesRequirement(Buffer.from("garbage, garbage"), facts)).toBeNull();
  });

  it("takes text as well", () => {
    expect(satisfiesRequirementText('anchor apple generic and identifier "com.example.viewer"', facts)).toBe(true);
    expect(satisfiesRequirementText("anchor apple", facts)).toBe(false);
    expect(satisfiesRequirementText("garbage", facts)).toBeNull();
  });

  it("gives up on lists that hold one another too often", () => {
    let nested: PlistValue = ["x"];
    for (let depth = 0; depth < 50; depth += 1) nested = [nested, nested];
    const lists = new Map([["List", nested]]);
    expect(satisfiesRequirement(requirement(info("List", equal("y"))), { ...facts, infoPlist: lists })).toBeNull();
  });
});

it("compares texts", () => {
  expect(isSameRequirement("identifier x ", " identifier x")).toBe(true);
  expect(isSameRequirement("identifier x", "identifier y")).toBe(false);
});
