import { describe, expect, it } from "vitest";
import type { Inspection } from "#contract/inspection.ts";
import { seededRandom } from "#core/base/seeded-random.ts";
import { selfSigned } from "#tools/signing/authorities.ts";
import { blobOffset, SLOT } from "#tools/signing/blobs.ts";
import { flipBit } from "#tools/signing/bytes.ts";
import { time } from "#tools/signing/certificate.ts";
import { layoutOf, machO } from "#tools/signing/mach-o.ts";
import { designated, identifier } from "#tools/signing/requirement.ts";
import { sign, signAdHoc, type SignSpec } from "#tools/signing/sign.ts";
import { inspectBytes } from "../inspect.ts";

const NOW = time("2026-11-21T10:00:00Z");
const RANDOM_PAGE_BITS = 600;
/** Thousands of inspections a test. */
const LIMIT = { timeout: 120_000 };

const SPEC: SignSpec = {
  hashes: ["sha1", "sha256"],
  entitlements: { "com.apple.security.cs.allow-jit": true },
  requirements: designated(identifier("test.ana.invoice-viewer")),
};

/** Everything that says which code it is and what is thought of it. */
function fingerprint({ verdict, slices }: Inspection): string {
  const problems = verdict.problems.map(({ id }) => id).sort();
  return JSON.stringify([verdict.class, problems, slices.map(({ cdhash, cdhashes }) => [cdhash, cdhashes])]);
}

const inspect = (bytes: Buffer): Inspection => inspectBytes(bytes, { depth: "full", now: NOW });

interface Range {
  offset: number;
  size: number;
}

/** The bits of a range whose change goes unnoticed. */
function unnoticed(image: Buffer, bits: Iterable<number>): number[] {
  const before = fingerprint(inspect(image));
  return [...bits].filter((bit) => fingerprint(inspect(flipBit(image, bit))) === before);
}

function* every({ offset, size }: Range): Generator<number> {
  for (let bit = 8 * offset; bit < 8 * (offset + size); bit++) yield bit;
}

function* some({ offset, size }: Range, count: number, seed: number): Generator<number> {
  const random = seededRandom(seed);
  for (let i = 0; i < count; i++) yield 8 * offset + Math.floor(random() * 8 * size);
}

function blobRange(image: Buffer, slot: number): Range {
  const offset = blobOffset(image, slot);
  return { offset, size: image.readUInt32BE(offset + 4) };
}

const IMAGES = {
  "ad hoc": signAdHoc(machO({ textSize: 4096 }), SPEC),
  "self-signed": sign(machO({ textSize: 4096 }), { ...SPEC, cms: { chain: selfSigned() } }),
};

const BLOBS = {
  "the CodeDirectory": SLOT.directory,
  "the alternate CodeDirectory": SLOT.alternate,
  "the requirements": SLOT.requirements,
  "the entitlements": SLOT.entitlements,
  "the DER entitlements": SLOT.derEntitlements,
};

describe.each(Object.entries(IMAGES))(
  "any bit of a signed image that is %s changes its verdict or its cdhash",
  (_name, image) => {
    it.each(Object.entries(BLOBS))("in %s", LIMIT, (_blob, slot) => {
      expect(unnoticed(image, every(blobRange(image, slot)))).toEqual([]);
    });

    it("in its header and load commands", LIMIT, () => {
      const { commands, headerSize } = layoutOf(image);
      const size = commands.reduce((sum, command) => sum + command.size, headerSize);
      expect(unnoticed(image, every({ offset: 0, size }))).toEqual([]);
    });

    it("in its pages", LIMIT, () => {
      const size = layoutOf(image).codeSignature?.offset ?? 0;
      expect(unnoticed(image, some({ offset: 0, size }, RANDOM_PAGE_BITS, 20261121))).toEqual([]);
    });
  },
);
