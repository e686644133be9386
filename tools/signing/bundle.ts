import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSuperBlob, signatureRegion } from "./blobs.ts";
import { fullHash, HASHES, type HashName } from "./bytes.ts";
import { DIRECTORY_FIELD } from "./code-directory.ts";
import { machO, MH_DYLIB, MH_EXECUTE } from "./mach-o.ts";
import { binaryPlist, type PlistDict, type PlistValue, xmlPlist } from "./plist.ts";
import { isOptional, isSealedByV1, isSealedByV2, RULES_V1, RULES_V2 } from "./resource-rules.ts";
import { type SignSpec, signAdHoc } from "./sign.ts";

export interface BundleSpec {
  kind?: "app" | "framework";
  name?: string;
  identifier?: string;
  /** Files by their path from the bundle's content folder (`Contents`, or a framework's `Versions/A`). */
  files?: Readonly<Record<string, string | Buffer>>;
  /** Targets by path, likewise. */
  links?: Readonly<Record<string, string>>;
  /** Signed Mach-O files that are sealed as nested code, likewise. */
  nestedFiles?: Readonly<Record<string, Buffer>>;
  /** Whole bundles that are sealed as nested code, by the folder they stand in, likewise. */
  nestedBundles?: Readonly<Record<string, BundleSpec>>;
  /** Which parts of CodeResources there are. */
  seal?: "both" | "v1" | "none";
  /** Instead of codesign's version 2 rules; with `omitsAll` nothing is listed. */
  rules?: PlistDict;
  sealsNothing?: boolean;
  binaryInfo?: boolean;
  /** CFBundleExecutable, when it is not the bundle's name. */
  executable?: string;
  image?: Buffer;
  /** How the executable is signed; Info.plist and CodeResources are added to it. */
  sign?: SignSpec;
}

/** What was written, for tests that go on to change it. */
export interface WrittenBundle {
  path: string;
  /** The content folder. */
  content: string;
  executable: string;
  codeResources: string;
  cdhash: Buffer;
}

/** Writes a signed bundle into `parent`. Ad hoc unless `sign` says otherwise. */
export function writeBundle(parent: string, spec: BundleSpec = {}): WrittenBundle {
  const { kind = "app", name = "Invoice Viewer", identifier = "test.ana.invoice-viewer" } = spec;
  const path = join(parent, `${name}.${kind}`);
  const content = join(path, kind === "app" ? "Contents" : "Versions/A");
  const executable = join(content, kind === "app" ? "MacOS" : "", name);
  const infoPath = join(content, kind === "app" ? "" : "Resources", "Info.plist");
  const codeResources = join(content, "_CodeSignature/CodeResources");
  const infoPlist = infoOf({ ...spec, name, identifier, kind });
  const files = {
    ...spec.files,
    ...(kind === "app" ? { PkgInfo: "APPL????" } : { "Resources/Info.plist": infoPlist }),
  };

  for (const [at, bytes] of Object.entries(files)) write(join(content, at), bytes);
  for (const [at, target] of Object.entries(spec.links ?? {})) link(join(content, at), target);
  for (const [at, bytes] of Object.entries(spec.nestedFiles ?? {})) write(join(content, at), bytes);
  const nested = nestedSeals(content, spec);
  write(infoPath, infoPlist);
  if (kind === "framework") linkFramework(path, name);

  const seal = spec.seal === "none" ? null : xmlPlist(codeResourcesOf({ ...spec, files }, nested));
  if (seal) write(codeResources, seal);
  const image = spec.image ?? machO({ fileType: kind === "app" ? MH_EXECUTE : MH_DYLIB, seed: name });
  const signed = signAdHoc(image, { identifier, infoPlist, codeResources: seal, ...spec.sign });
  write(executable, signed);
  return { path, content, executable, codeResources, cdhash: cdhashOf(signed) };
}

function infoOf(spec: BundleSpec & { name: string; identifier: string; kind: string }): Buffer {
  const info = {
    CFBundleExecutable: spec.executable ?? spec.name,
    CFBundleIdentifier: spec.identifier,
    CFBundlePackageType: spec.kind === "app" ? "APPL" : "FMWK",
    CFBundleShortVersionString: "2.1",
    CFBundleVersion: "42",
  };
  return spec.binaryInfo ? binaryPlist(info) : xmlPlist(info);
}

function linkFramework(path: string, name: string): void {
  link(join(path, "Versions/Current"), "A");
  link(join(path, name), `Versions/Current/${name}`);
  link(join(path, "Resources"), "Versions/Current/Resources");
}

function nestedSeals(content: string, spec: BundleSpec): PlistDict {
  const seals: Record<string, PlistValue> = {};
  for (const [at, bytes] of Object.entries(spec.nestedFiles ?? {})) seals[at] = nestedSeal(cdhashOf(bytes));
  for (const [folder, inner] of Object.entries(spec.nestedBundles ?? {})) {
    const written = writeBundle(join(content, folder), inner);
    seals[written.path.slice(content.length + 1)] = nestedSeal(written.cdhash);
  }
  return seals;
}

/** As codesign writes for ad hoc code, whose requirement is its hash. */
function nestedSeal(cdhash: Buffer): PlistDict {
  return { cdhash, requirement: `cdhash H"${cdhash.toString("hex")}"` };
}

function codeResourcesOf(spec: BundleSpec, nested: PlistDict): PlistDict {
  const files: Record<string, PlistValue> = {};
  const files2: Record<string, PlistValue> = { ...nested };
  for (const [at, text] of Object.entries(spec.files ?? {})) {
    const bytes = Buffer.from(text);
    const hash = fullHash("sha1", bytes);
    const optional = isOptional(at) ? { optional: true } : {};
    if (isSealedByV1(at)) files[at] = isOptional(at) ? { hash, ...optional } : hash;
    if (isSealedByV2(at)) files2[at] = { hash, hash2: fullHash("sha256", bytes), ...optional };
  }
  for (const [at, target] of Object.entries(spec.links ?? {})) files2[at] = { symlink: target };
  if (spec.seal === "v1") return { files, rules: spec.rules ?? RULES_V1 };
  const listed = spec.sealsNothing ? { files: {}, files2: {} } : { files, files2 };
  return { ...listed, rules: RULES_V1, rules2: spec.rules ?? RULES_V2 };
}

/** Of slot 0's CodeDirectory of a thin image. */
export function cdhashOf(image: Buffer): Buffer {
  const directory = readSuperBlob(signatureRegion(image))[0]?.bytes;
  if (!directory) throw new Error("the image is not signed");
  const type = directory[DIRECTORY_FIELD.hashType];
  const name = (Object.keys(HASHES) as HashName[]).find((hash) => HASHES[hash].type === type);
  return fullHash(name ?? "sha256", directory).subarray(0, 20);
}

function write(path: string, bytes: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes, { mode: 0o755 });
}

function link(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
