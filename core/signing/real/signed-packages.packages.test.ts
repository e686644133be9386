import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Inspection, SliceInspection } from "#contract/inspection.ts";
import { time } from "#tools/signing/certificate.ts";
import { allSignedPackages, type PackageName, unpackedWithin, WHY_SKIPPED } from "#tools/signing/packages.ts";
import { type RawSignature, signaturesOf, statedCdhashes } from "#tools/signing/real-signatures.ts";
import { complaint, idsSaid } from "#tools/signing/said.ts";
import { readSignature } from "../blob/read-signature.ts";
import { designatedRequirement } from "../blob/requirement.ts";
import { BufferSource } from "../byte-source.ts";
import { pkijsAccepts } from "../cms/second-opinion.fixture.ts";
import { verifySigner } from "../cms/verify-signer.ts";
import { inspectFile } from "../inspect.ts";
import { readContainer } from "../macho/read-container.ts";

const NOW = time("2026-11-21T10:00:00Z");
const folders = allSignedPackages();
// oxlint-disable-next-line no-console -- a skip that nobody sees would be a pass; here for all files of the project
if (!folders) console.warn(WHY_SKIPPED);

interface Row {
  from: PackageName;
  /** In the tarball that the package holds, not in the package. */
  inTarball?: true;
  path: string;
  class: Inspection["verdict"]["class"];
  /** In file order. */
  slices: readonly Partial<SliceInspection>[];
  notes?: readonly string[];
  bundle?: Partial<Inspection["bundle"]>;
}

const LIBRARY = "fuse-shared-library-darwin";
const TARBALL = "osxfuse/osxfuse.fs.tgz";

const NOTIFIER: Partial<SliceInspection> = {
  arch: "x86_64",
  class: "developer-id",
  teamId: "LS4R756LZZ",
  pageHashes: "ok",
  cms: "ok",
  hardenedRuntime: false,
  timestamp: { at: "2012-08-14T12:23:23.000000Z", status: "ok", authority: "Timestamp Signer LON" },
};
const UNSIGNED: Partial<SliceInspection> = {
  arch: "x86_64",
  class: "unsigned",
  identifier: null,
  cdhash: null,
  pageHashes: "not-checked",
  cms: "absent",
};
const LINKER_SIGNED: Partial<SliceInspection> = {
  arch: "arm64",
  class: "linker-signed",
  flags: ["adhoc", "linker-signed"],
  pageHashes: "ok",
  cms: "absent",
};
const AD_HOC: Partial<SliceInspection> = { class: "ad-hoc", flags: ["adhoc"], pageHashes: "ok", cms: "absent" };
const MODIFIED: Partial<SliceInspection> = {
  class: "invalid",
  identifier: "libosxfuse.2",
  teamId: "3T5GSNBU6W",
  pageHashes: "bad",
  cms: "ok",
};

const OSXFUSE_NOTES = ["expired-valid-at-timestamp"];
const OSXFUSE: Partial<SliceInspection> = {
  class: "developer-id",
  teamId: "3T5GSNBU6W",
  pageHashes: "ok",
  cms: "ok",
  timestamp: {
    at: expect.stringMatching(/^2019-12-05T12:31:/) as string,
    status: "ok",
    authority: expect.stringMatching(/^Timestamp Signer RNO/) as string,
  },
};
const EXTENSION = "osxfuse.fs/Contents/Extensions";
const RESOURCES = "osxfuse.fs/Contents/Resources";

/** What the library's package holds in a tarball: a bundle of a file system driver, sound, unlike the library. */
const TARBALL_ROWS: readonly Row[] = [
  {
    from: LIBRARY,
    inTarball: true,
    path: "osxfuse.fs",
    class: "developer-id",
    // It has no executable: the signature is over Info.plist and kept in files.
    slices: [{ ...OSXFUSE, arch: "any", identifier: "com.github.osxfuse.filesystems.osxfuse" }],
    notes: [...OSXFUSE_NOTES, "executable-unresolved"],
    bundle: {
      rulesVersion: 2,
      resources: "ok",
      executable: null,
      counts: { sealed: 46, altered: 0, missing: 0, added: 0, nested: 0 },
    },
  },
  ...["10.9", "10.11"].map(
    (version): Row => ({
      from: LIBRARY,
      inTarball: true,
      path: `${EXTENSION}/${version}/osxfuse.kext`,
      class: "developer-id",
      slices: [{ ...OSXFUSE, arch: "x86_64", identifier: "com.github.osxfuse.filesystems.osxfuse" }],
      bundle: { kind: "kext", rulesVersion: 2, resources: "ok" },
    }),
  ),
  {
    from: LIBRARY,
    inTarball: true,
    path: `${RESOURCES}/uninstall_osxfuse.app`,
    class: "developer-id",
    slices: ["x86_64", "i386", "ppc7400"].map((arch) => ({ ...OSXFUSE, arch, hardenedRuntime: true })),
    bundle: { rulesVersion: 2, resources: "ok" },
  },
  ...["load_osxfuse", "mount_osxfuse"].map(
    (name): Row => ({
      from: LIBRARY,
      inTarball: true,
      path: `${RESOURCES}/${name}`,
      class: "developer-id",
      slices: ["ppc7400", "i386", "x86_64"].map((arch) => ({ ...OSXFUSE, arch, identifier: name })),
      notes: OSXFUSE_NOTES,
    }),
  ),
];

/** The table of design/signing.md section 5, slice by slice. */
const TABLE_ROWS: readonly Row[] = [
  ...(["info", "pass", "fail"] as const).map(
    (which): Row => ({
      from: "osx-notifier",
      path: `osx/terminal-notifier-${which}.app`,
      class: "developer-id",
      slices: [which === "info" ? NOTIFIER : { class: "developer-id", pageHashes: "ok", cms: "ok" }],
      notes: ["expired-valid-at-timestamp"],
      bundle: { rulesVersion: 1, resources: "ok", executable: "Contents/MacOS/terminal-notifier" },
    }),
  ),
  { from: "fsevents", path: "fsevents.node", class: "unsigned", slices: [UNSIGNED, LINKER_SIGNED] },
  { from: "get-windows", path: "main", class: "unsigned", slices: [UNSIGNED, LINKER_SIGNED] },
  {
    from: "testcafe-browser-tools",
    path: "bin/mac/TestCafe Browser Tools.app",
    class: "ad-hoc",
    slices: [
      { ...AD_HOC, arch: "x86_64" },
      { ...AD_HOC, arch: "arm64" },
    ],
    bundle: { resources: "absent" },
  },
  {
    from: LIBRARY,
    path: "osxfuse/libosxfuse.dylib",
    class: "invalid",
    slices: ["ppc7400", "ppc64", "i386", "x86_64"].map((arch) => ({ ...MODIFIED, arch })),
  },
  { from: "vsce-sign", path: "bin/vsce-sign", class: "ad-hoc", slices: [{ ...AD_HOC, arch: "arm64" }] },
  { from: "esbuild", path: "bin/esbuild", class: "linker-signed", slices: [{ ...LINKER_SIGNED, identifier: "a.out" }] },
  {
    from: "node",
    path: "bin/node",
    class: "developer-id",
    slices: [
      {
        class: "developer-id",
        arch: "x86_64",
        identifier: "node",
        teamId: "HX7739G8FX",
        pageHashes: "ok",
        cms: "ok",
        timestamp: { at: "2017-08-09T18:45:47.000000Z", status: "ok", authority: "Timestamp Signer LTN" },
      },
    ],
    notes: ["expired-valid-at-timestamp", "cms-sha1", "no-hardened-runtime"],
  },
  {
    from: "deno",
    path: "deno",
    class: "developer-id",
    slices: [
      {
        class: "developer-id",
        arch: "arm64",
        identifier: "deno",
        teamId: "2H4KBF436B",
        flags: ["runtime"],
        hardenedRuntime: true,
        pageHashes: "ok",
        cms: "ok",
        notarized: "not-checked",
        timestamp: { at: "2026-08-06T13:35:00.000000Z", status: "ok", authority: "Timestamp Signer NWK1" },
      },
    ],
  },
];

/** With Apple's two attributes, from 2016 on; and before. */
const MODERN_SIGNATURES = 17;
const OLD_SIGNATURES = 4;

const ROWS = [...TABLE_ROWS, ...TARBALL_ROWS];

describe.skipIf(!folders)("real signed binaries", () => {
  const pathOf = ({ from, path, inTarball }: Pick<Row, "from" | "path" | "inTarball">): string => {
    const folder = folders?.[from] ?? "";
    return inTarball ? join(unpackedWithin(folder, TARBALL), "..", path) : join(folder, path);
  };
  const inspect = (path: string): Inspection => inspectFile(path, { depth: "deep", now: NOW });

  it.each(ROWS)("$from: $path is $class", (row) => {
    const inspection = inspect(pathOf(row));
    expect(complaint(inspection, { class: [row.class] })).toBeNull();
    expect(inspection.slices).toMatchObject(row.slices);
    expect(inspection.slices).toHaveLength(row.slices.length);
    expect(idsSaid(inspection)).toEqual(expect.arrayContaining([...(row.notes ?? [])]));
    expect(inspection.bundle ?? {}).toMatchObject(row.bundle ?? {});
  });

  it("names the first page of the library that was modified after signing, in all four architectures", () => {
    const { slices } = inspect(pathOf({ from: LIBRARY, path: "osxfuse/libosxfuse.dylib" }));
    for (const { problems } of slices) {
      expect(new Set(problems.map(({ id }) => id))).toEqual(new Set(["page-hash-mismatch"]));
      for (const { message } of problems) expect(message).toContain("first page 0");
    }
  });

  it("finds the weakening entitlements of a real program", () => {
    const { slices } = inspect(pathOf({ from: "deno", path: "deno" }));
    expect(slices[0]?.entitlements.map(({ key, weakens }) => [key, weakens !== null])).toEqual(
      expect.arrayContaining([
        ["com.apple.security.cs.disable-library-validation", true],
        ["com.apple.security.cs.allow-dyld-environment-variables", true],
      ]),
    );
  });

  it("computes the cdhashes that the signers themselves state in the CMS attributes", () => {
    const compared: string[] = [];
    for (const row of ROWS) {
      const inspection = inspect(pathOf(row));
      const images = signaturesAt(pathOf(row), inspection);
      for (const [i, slice] of inspection.slices.entries()) {
        const stated = statedCdhashes(images[i]?.cms ?? null);
        if (!stated) continue;
        const { sha1, sha256 } = slice.cdhashes;
        const found = [sha1, sha256].filter((hash) => hash !== null);
        expect(stated.plist).toEqual(found);
        // DER sorts a SET.
        expect(stated.set.toSorted()).toEqual(found.toSorted());
        compared.push(`${row.path} ${slice.arch}`);
      }
    }
    expect(compared).toHaveLength(MODERN_SIGNATURES);
  });

  it.each([
    ["node", "bin/node", "identifier node and ", "HX7739G8FX"],
    ["deno", "deno", "identifier deno and ", '"2H4KBF436B"'],
    [LIBRARY, "osxfuse/libosxfuse.dylib", 'identifier "libosxfuse.2" and ', '"3T5GSNBU6W"'],
  ] as const)("reads the designated requirement of %s as Apple writes it", (from, path, identifier, team) => {
    for (const { requirement } of inspect(pathOf({ from, path })).slices)
      expect(requirement).toBe(
        `${identifier}anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = ${team}`,
      );
  });

  it.each([
    { from: "node", path: "bin/node" },
    { from: "deno", path: "deno" },
    { from: LIBRARY, path: "osxfuse/libosxfuse.dylib" },
    { from: LIBRARY, inTarball: true, path: `${RESOURCES}/load_osxfuse` },
  ] as const)("makes up the requirement that codesign wrote into $path", (row) => {
    const source = new BufferSource(readFileSync(pathOf(row)));
    const container = readContainer(source);
    const slices = container.kind === "mach-o" ? container.slices : [];
    expect(slices).not.toHaveLength(0);
    for (const slice of slices) {
      const { offset, size } = slice.signature ?? { offset: 0, size: 0 };
      const signature = readSignature(source.read(slice.offset + offset, size), slice);
      const signer = verifySigner(signature, NOW);
      const written = designatedRequirement(signature, signer);
      const madeUp = designatedRequirement({ ...signature, requirements: null }, signer);
      expect(written?.explicit).toBe(true);
      expect(madeUp).toEqual({ text: written?.text, explicit: false });
    }
  });

  it("agrees with pkijs about every CMS signature", async () => {
    let agreed = 0;
    for (const row of ROWS) {
      const inspection = inspect(pathOf(row));
      const images = signaturesAt(pathOf(row), inspection);
      for (const [i, slice] of inspection.slices.entries()) {
        const image = images[i];
        if (!image?.cms) continue;
        expect(await pkijsAccepts(image.cms, image.directory)).toBe(slice.cms === "ok");
        agreed++;
      }
    }
    expect(agreed).toBe(MODERN_SIGNATURES + OLD_SIGNATURES);
  });

  it.each(["10.5", "10.6"])(
    "does not take the files beside an unsigned kernel extension for its signature (%s)",
    (version) => {
      const path = pathOf({ from: LIBRARY, inTarball: true, path: `${EXTENSION}/${version}/osxfuse.kext` });
      const inspection = inspect(path);
      expect(inspection.verdict.class).toBe("unsigned");
      expect(inspection.slices.map(({ class: trust }) => trust)).toEqual(["unsigned", "unsigned"]);
    },
  );
});

/** Of the main executable of a bundle, or of the files in its place; else of the file itself. */
function signaturesAt(path: string, { bundle }: Inspection): RawSignature[] {
  if (bundle === null) return signaturesOf(readFileSync(path));
  if (bundle.executable !== null) return signaturesOf(readFileSync(join(path, bundle.executable)));
  const part = (name: string): Buffer => readFileSync(join(path, "Contents/_CodeSignature", name));
  return [{ directory: part("CodeDirectory"), cms: part("CodeSignature") }];
}
