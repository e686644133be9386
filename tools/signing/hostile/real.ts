import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { timestampAuthority } from "../authorities.ts";
import { blob, blobOffset, MAGIC, readSuperBlob, SLOT, signatureRegion, withBlobs } from "../blobs.ts";
import { flipBit, fullHash, overwrite, seededBytes, u32be } from "../bytes.ts";
import { time } from "../certificate.ts";
import { timestampToken } from "../cms.ts";
import { codeDirectory, DIRECTORY_FIELD, FLAG } from "../code-directory.ts";
import { readTree } from "../der.ts";
import { layoutOf } from "../mach-o.ts";
import { type Expectation, invalid } from "./case.ts";
import { cmsTree, replaceSlot, replaceText, spoil, spoilKey, withCms, withoutSlot } from "./cms-tree.ts";

/** The parts of a copy of osx-notifier's apps: Developer ID of 2012, one CodeDirectory of SHA-1, a seal of version 1. */
export interface RealApp {
  path: string;
  executable: string;
  /** The executable of another app of the same signer. */
  other: Buffer;
}

export interface RealCase {
  name: string;
  /** Changes the copy in place. */
  change: (app: RealApp) => void;
  expect: Expectation;
}

const TEAM = "LS4R756LZZ";
const OTHER_TEAM = "4B8KZT6M9P";
const UNSIGNED_ATTRIBUTE = "1.2.840.113549.1.9.16.2.14";
const DEVELOPER_ID: Expectation = { class: ["developer-id"] };

function edit(change: (image: Buffer, app: RealApp) => Buffer): (app: RealApp) => void {
  return (app) => writeFileSync(app.executable, change(readFileSync(app.executable), app));
}

function editDirectory(image: Buffer, field: keyof typeof DIRECTORY_FIELD, change: (value: number) => number): Buffer {
  const at = blobOffset(image, SLOT.directory) + DIRECTORY_FIELD[field];
  return overwrite(image, at, u32be(change(image.readUInt32BE(at))));
}

function slotOf(image: Buffer, slot: number): Buffer {
  const found = readSuperBlob(signatureRegion(image)).find((each) => each.slot === slot);
  if (!found) throw new Error(`no slot ${slot}`);
  return found.bytes;
}

/** An attacker's CodeDirectory of a stronger hash beside the real one, right for the code as it stands. */
function withUncoveredAlternate(image: Buffer): Buffer {
  const region = signatureRegion(image);
  const special = new Map<number, Buffer>([[SLOT.requirements, slotOf(image, SLOT.requirements)]]);
  const alternate = codeDirectory({
    hash: "sha256",
    version: 0x20001,
    flags: 0,
    identifier: "nl.superalloy.oss.notify.terminal-notifier",
    teamId: null,
    platform: 0,
    pageSize: 4096,
    code: image.subarray(0, layoutOf(image).codeSignature?.offset ?? 0),
    special,
    execSegment: { base: 0, limit: 0, flags: 0 },
    runtimeVersion: 0,
  });
  const grown = withBlobs(image, (blobs) => [...blobs, { slot: SLOT.alternate, bytes: alternate }]);
  if (signatureRegion(grown).length !== region.length) throw new Error("the alternate must fit in the room there is");
  return grown;
}

/** Replaces the timestamp token by one made of the signature's value. */
function withToken(image: Buffer, make: (signature: Buffer) => Buffer): Buffer {
  return withCms(image, ({ unsigned, signature }) => {
    const values = unsigned?.children[0]?.children[1];
    if (!values) throw new Error(`no ${UNSIGNED_ATTRIBUTE}`);
    values.children = [readTree(make(signature.content))];
  });
}

function tokenOf(image: Buffer): Buffer {
  const token = cmsTree(slotOf(image, SLOT.cms).subarray(8)).unsigned?.children[0]?.children[1]?.content;
  if (!token) throw new Error("no timestamp");
  return token;
}

/** The leaf is the one with the team. */
function editLeaf(image: Buffer, change: (leaf: ReturnType<typeof readTree>) => ReturnType<typeof readTree>): Buffer {
  return withCms(image, ({ certificates }) => {
    certificates.children = certificates.children.map((each) => (each.content.includes(TEAM) ? change(each) : each));
  });
}

export const REAL_CASES: readonly RealCase[] = [
  { name: "nothing", change: () => {}, expect: { ...DEVELOPER_ID, says: /expired/ } },
  { name: "a bit of a page", change: edit((image) => flipBit(image, 8 * 6000)), expect: invalid(/page/) },
  {
    name: "a bit of the last, partial page",
    change: edit((image) => flipBit(image, 8 * (layoutOf(image).codeSignature?.offset ?? 0) - 1)),
    expect: invalid(/page/),
  },
  { name: "a bit of the header", change: edit((image) => flipBit(image, 8 * 24)), expect: invalid(/page/) },
  {
    name: "the identifier",
    change: edit((image) =>
      overwrite(image, image.lastIndexOf("nl.superalloy", blobOffset(image, SLOT.directory) + 60), Buffer.from("xx")),
    ),
    expect: invalid(/cms|digest|signature/),
  },
  {
    name: "the hardened runtime flag added",
    change: edit((image) => editDirectory(image, "flags", (flags) => flags | FLAG.runtime)),
    expect: invalid(/cms|digest|signature/),
  },
  {
    name: "the ad hoc flag added",
    change: edit((image) => editDirectory(image, "flags", (flags) => flags | FLAG.adHoc)),
    expect: invalid(/cms|digest|signature|ad-hoc/),
  },
  {
    name: "the CMS of another app by the same signer",
    change: edit((image, { other }) =>
      withBlobs(image, (blobs) => replaceSlot(blobs, SLOT.cms, () => slotOf(other, SLOT.cms))),
    ),
    expect: invalid(/cms|digest|signature|cdhash/),
  },
  {
    name: "the CMS removed",
    change: edit((image) => withBlobs(image, (blobs) => withoutSlot(blobs, SLOT.cms))),
    expect: invalid(),
  },
  {
    name: "the CMS replaced by garbage",
    change: edit((image) =>
      withBlobs(image, (blobs) => replaceSlot(blobs, SLOT.cms, () => blob(MAGIC.cms, seededBytes("cms", 3000)))),
    ),
    expect: invalid(/cms|asn1/),
  },
  {
    name: "the signature's value",
    change: edit((image) =>
      withCms(image, ({ signature }) => {
        signature.content = spoil(signature.content);
      }),
    ),
    expect: invalid(/cms|signature/),
  },
  { name: "the leaf's key", change: edit((image) => editLeaf(image, spoilKey)), expect: invalid() },
  {
    name: "the leaf's team",
    change: edit((image) => editLeaf(image, (leaf) => replaceText(leaf, TEAM, OTHER_TEAM))),
    expect: { class: ["invalid", "untrusted"] },
  },
  {
    name: "an attacker's SHA-256 alternate that the CMS does not cover",
    change: edit(withUncoveredAlternate),
    expect: invalid(/cover|cdhash|alternate/),
  },
  {
    name: "the same with the code changed to fit it",
    change: edit((image) => withUncoveredAlternate(flipBit(image, 8 * 6000))),
    expect: invalid(),
  },
  {
    name: "a timestamp of another signature",
    change: edit((image, { other }) => withToken(image, () => tokenOf(other))),
    expect: invalid(/timestamp/),
  },
  {
    name: "a timestamp by an authority that is not Apple's",
    change: edit((image) =>
      withToken(image, (signature) =>
        timestampToken({ chain: timestampAuthority(), at: time("2013-01-01T00:00:00Z") }, signature),
      ),
    ),
    expect: invalid(/timestamp/),
  },
  {
    name: "no timestamp: an expired leaf that Apple tolerates",
    change: edit((image) =>
      withCms(image, ({ signerInfo, unsigned }) => {
        signerInfo.children = signerInfo.children.filter((child) => child !== unsigned);
      }),
    ),
    expect: { class: ["developer-id"], says: /expired/ },
  },
  {
    name: "the CMS written with definite lengths",
    change: edit((image) => withCms(image, () => {})),
    expect: DEVELOPER_ID,
  },
  {
    name: "the certificates in another order",
    change: edit((image) =>
      withCms(image, ({ certificates }) => {
        certificates.children.reverse();
      }),
    ),
    expect: DEVELOPER_ID,
  },
  {
    name: "junk after the superblob",
    change: edit((image) => overwrite(image, image.length - 200, seededBytes("junk", 200))),
    expect: DEVELOPER_ID,
  },
  {
    name: "data after the image",
    change: edit((image) => Buffer.concat([image, seededBytes("tail", 100)])),
    expect: invalid(),
  },
  {
    name: "Info.plist edited",
    change: ({ path }) => {
      const at = join(path, "Contents/Info.plist");
      writeFileSync(at, readFileSync(at, "utf8").replace("1.5.0", "1.5.1"));
    },
    expect: invalid(/special-slot/),
  },
  {
    name: "CodeResources edited",
    change: ({ path }) => {
      const at = join(path, "Contents/_CodeSignature/CodeResources");
      writeFileSync(at, `${readFileSync(at, "utf8")}\n`);
    },
    expect: invalid(/special-slot/),
  },
  {
    name: "a resource altered",
    change: ({ path }) => writeFileSync(join(path, "Contents/Resources/Notify.icns"), "x"),
    expect: invalid(/altered|modified/),
  },
  {
    name: "a resource removed",
    change: ({ path }) => rmSync(join(path, "Contents/Resources/Notify.icns")),
    expect: invalid(/missing|removed/),
  },
  {
    name: "a resource added",
    change: ({ path }) =>
      writeFileSync(join(path, "Contents/Resources/extra.js"), fullHash("sha256", seededBytes("x", 9))),
    expect: invalid(/added|unsealed/),
  },
];
