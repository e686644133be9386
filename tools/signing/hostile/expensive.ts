import { selfSigned } from "../authorities.ts";
import { blob, MAGIC, SLOT } from "../blobs.ts";
import { u32be } from "../bytes.ts";
import { certificate } from "../certificate.ts";
import { element, sequence } from "../der.ts";
import { fatHeader } from "../fat.ts";
import { ARCHITECTURES, layoutOf, machO, writeWord } from "../mach-o.ts";
import { and, designated, type Expression, identifier } from "../requirement.ts";
import { sign, signAdHoc } from "../sign.ts";
import { type BytesCase, invalid } from "./case.ts";

function withRequirement(expression: Expression): Buffer {
  return signAdHoc(machO(), { requirements: designated(expression) });
}

/** In a CMS wrapper of its own. */
function withCmsOf(bytes: Buffer): Buffer {
  return sign(machO(), {
    cms: "none",
    editBlobs: (blobs) => [...blobs, { slot: SLOT.cms, bytes: blob(MAGIC.cms, bytes) }],
  });
}

function withXml(text: string): Buffer {
  return signAdHoc(machO(), {
    editBlobs: (blobs) => [...blobs, { slot: SLOT.entitlements, bytes: blob(MAGIC.entitlements, Buffer.from(text)) }],
  });
}

function doubled(times: number): Expression {
  let expression = identifier("a");
  for (let i = 0; i < times; i++) expression = and(expression, expression);
  return expression;
}

const NOT = u32be(9);

/** An image whose header is full of commands of eight bytes. */
function manyCommands(): Buffer {
  const image = machO({ textSize: 1024 * 1024 });
  const { commands, bigEndian, headerSize } = layoutOf(image);
  let at = commands.reduce((end, { size }) => end + size, headerSize);
  let count = commands.length;
  for (; at < 1_000_000; at += 8, count++) {
    writeWord(image, at, 0x1b, bigEndian);
    writeWord(image, at + 4, 8, bigEndian);
  }
  writeWord(image, 16, count, bigEndian);
  writeWord(image, 20, at - headerSize, bigEndian);
  return signAdHoc(image);
}

/** A signer with many certificates of one name above it, any of which could be its issuer. */
function manyIssuers(count: number): Buffer {
  const subject = { commonName: "Local Authority" };
  const root = certificate({ keyName: "issuer", subject, isAuthority: true });
  const signer = certificate({ keyName: "issued", subject: { commonName: "Local Signing" }, issuer: root });
  const above = Array.from({ length: count }, (_, i) =>
    certificate({ keyName: `issuer ${i}`, subject, issuer: root, isAuthority: true }),
  );
  return sign(machO(), { cms: { chain: { signer, above } } });
}

/** As many entries as are believed, all for the same bytes. */
function manySlices(): Buffer {
  const image = signAdHoc(machO({ textSize: 1024 * 1024 }), { hashes: ["sha1", "sha256", "sha384"] });
  const entries = Array.from({ length: 19 }, (_, cpuSubtype) => ({
    cpuType: ARCHITECTURES.x86_64.cpuType,
    cpuSubtype,
    offset: 4096,
    size: image.length,
    align: 12,
  }));
  return Buffer.concat([fatHeader(entries), Buffer.alloc(4096 - 8 - entries.length * 20), image]);
}

/** Small inputs that ask for much work or a deep stack. The test's own time limit is the measure. */
export const EXPENSIVE_CASES: readonly BytesCase[] = [
  {
    name: "a requirement of 50,000 negations",
    make: () => withRequirement(Buffer.concat([...Array.from({ length: 50_000 }, () => NOT), identifier("a")])),
    expect: invalid(/requirement/),
  },
  {
    name: "a requirement that is a tree of 2^16 leaves",
    make: () => withRequirement(doubled(16)),
    expect: invalid(/requirement/),
  },
  {
    name: "a CMS of 100,000 open elements",
    make: () => withCmsOf(Buffer.alloc(200_000, Buffer.from([0x30, 0x80]))),
    expect: invalid(/asn1|cms/),
  },
  {
    name: "a CMS of 4,000,000 small elements",
    make: () => withCmsOf(sequence(Buffer.alloc(8_000_000, Buffer.from([5, 0])))),
    expect: invalid(/asn1|cms/),
  },
  {
    name: "a CMS of octet strings in octet strings",
    make: () => {
      let nested = element(4, Buffer.from("a"));
      for (let i = 0; i < 3000; i++) nested = element(0x24, nested);
      return withCmsOf(nested);
    },
    expect: invalid(/asn1|cms/),
  },
  { name: "30 possible issuers", make: () => manyIssuers(30), expect: { class: ["invalid", "untrusted"] } },
  { name: "300 possible issuers", make: () => manyIssuers(300), expect: { class: ["invalid", "untrusted"] } },
  {
    name: "20,000 entitlements",
    make: () =>
      signAdHoc(machO(), {
        entitlements: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, true])),
      }),
    expect: { class: ["ad-hoc", "invalid"], says: /entitlements/ },
  },
  {
    name: "entitlements 50,000 lists deep",
    make: () => withXml(`<plist>${"<array>".repeat(50_000)}${"</array>".repeat(50_000)}</plist>`),
    expect: { class: ["ad-hoc", "invalid"] },
  },
  {
    name: "entitlements of comments that never end",
    make: () => withXml(`<plist><dict><key>${"<!--".repeat(300_000)}`),
    expect: { class: ["ad-hoc", "invalid"] },
  },
  {
    name: "an identifier of two megabytes",
    make: () => signAdHoc(machO(), { identifier: "a".repeat(2_000_000) }),
    expect: invalid(/identifier/),
  },
  {
    name: "200,000 slots",
    make: () =>
      signAdHoc(machO(), {
        editBlobs: (blobs) => [
          ...blobs,
          ...Array.from({ length: 200_000 }, (_, i) => ({
            slot: 0x20000 + i,
            bytes: blob(MAGIC.requirements, u32be(0)),
          })),
        ],
      }),
    expect: invalid(/superblob|slot/),
  },
  { name: "124,000 load commands", make: manyCommands, expect: { class: ["ad-hoc", "invalid"] } },
  { name: "19 slices over the same megabyte", make: manySlices, expect: invalid(/overlap/) },
  {
    name: "self-signed, with itself as every certificate above it",
    make: () => {
      const { signer } = selfSigned();
      return sign(machO(), { cms: { chain: { signer, above: Array.from({ length: 20 }, () => signer) } } });
    },
    expect: { class: ["self-signed", "invalid"] },
  },
];
