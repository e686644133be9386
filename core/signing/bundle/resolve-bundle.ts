import { realpathSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { Problem } from "#contract/inspection.ts";
import { attempt, ReadFault } from "../problem.ts";
import { asDict, asText, type OnDuplicate, type PlistDict, parsePlist } from "../plist/plist.ts";
import { type BundleFile, type BundleLayout, CODE_RESOURCES, fromRoot, SIGNATURE_FOLDER } from "./bundle-layout.ts";
import { looksLikeMachO } from "./code-magic.ts";
import { findMainExecutable } from "./main-executable.ts";
import { lookAt, type Place, readPlain, resolveInside, systemError } from "./path-inside.ts";
import { bundleNote, bundleProblem } from "./problems.ts";
import { listFolder } from "./walk-bundle.ts";

const MAX_INFO_PLIST = 16 * 1024 * 1024;
/** Parts of a signature that codesign keeps as files when the main "executable" is a data file. Security, codedirectory.h. */
const DETACHED_PARTS = ["CodeDirectory", "CodeSignature"];
/** Endings by which macOS takes a folder for a bundle of code, also when it has no Info.plist. */
const BUNDLE_ENDINGS: ReadonlySet<string> = new Set(
  (
    "app framework bundle appex xpc kext plugin qlgenerator mdimporter prefpane saver component action wdgt " +
    "systemextension dext service osax colorpicker vst vst3 audiounit menu mailbundle driver xctest " +
    "pluginkit webplugin fs dockplugin syncplugin networkextension"
  ).split(" "),
);

/**
 * Where everything of the bundle at `path` is; null when the folder is no bundle. A link to a bundle is followed once,
 * a link out of it never. Layouts as in Security, bundlediskrep.cpp, BundleDiskRep::setup.
 * @throws ReadFault when the folder or its Info.plist cannot be read
 */
export function resolveBundle(path: string): BundleLayout | null {
  const folder = realFolder(path);
  if (folder === null) return null;
  const root = wrappedIn(folder) ?? folder;
  const shape = shapeOf(root);
  const kind = kindOf(root);
  if (shape.style === "shallow" && kind === null) return null;
  const problems: Problem[] = shape.outside ? [bundleProblem("contents-outside-bundle")] : [];
  const notes: Problem[] = [];
  const layout: BundleLayout = {
    root,
    contentsDir: join(root, shape.contents),
    contents: shape.contents,
    style: shape.style,
    kind: kind ?? "bundle",
    identifier: null,
    version: null,
    infoPlist: null,
    executable: null,
    executableKey: null,
    signedFile: null,
    detachedSignature: null,
    codeResources: null,
    ticket: null,
    problems,
    notes,
  };
  const infoPlist = readInfoPlist(layout);
  layout.infoPlist = infoPlist;
  layout.identifier = asText(infoPlist?.values?.get("CFBundleIdentifier"));
  layout.version =
    asText(infoPlist?.values?.get("CFBundleShortVersionString")) ?? asText(infoPlist?.values?.get("CFBundleVersion"));
  findMainExecutable(layout);
  findSignatureFiles(layout);
  if (!looksLikeABundle(layout)) return null;
  if (isAmbiguous(root)) problems.push(bundleProblem("bundle-shape-ambiguous"));
  return layout;
}

function realFolder(path: string): string | null {
  if (path.includes("\0")) return null;
  try {
    const real = realpathSync.native(path);
    const found = lookAt(real);
    return typeof found !== "string" && found.isDirectory() ? real : null;
  } catch (error) {
    const code = systemError(error);
    if (code === null) throw error;
    if (code === "EACCES" || code === "EPERM" || code === "EIO")
      throw new ReadFault(`read-${code.toLowerCase()}`, "The folder could not be read.");
    return null;
  }
}

/**
 * Apps for iOS on a Mac are in a wrapper with a link to them (CFBundle_Resources.c, _CFBundleGetBundleVersionForURL, which
 * wants the same ending of both). A folder with anything else in it is not followed: no link may draw the eye away from that.
 */
function wrappedIn(root: string): string | null {
  const link = lookAt(join(root, WRAPPED));
  if (typeof link === "string" || !link.isSymbolicLink()) return null;
  const place = resolveInside(root, WRAPPED);
  if (place.kind !== "directory" || !place.relative.startsWith(`${WRAPPER}/`)) return null;
  const listed = listFolder(root, MAX_WRAPPER_ENTRIES);
  if (endingOf(basename(place.path)) !== endingOf(basename(root))) return null;
  const only = listed !== null && !listed.cut && listed.names.every((name) => WRAPPER_ENTRIES.has(name));
  return only ? place.path : null;
}

const WRAPPED = "WrappedBundle";
const WRAPPER = "Wrapper";
const WRAPPER_ENTRIES: ReadonlySet<string> = new Set([WRAPPED, WRAPPER, ".DS_Store", "Icon\r"]);
const MAX_WRAPPER_ENTRIES = 8;

/**
 * Whether macOS would look for the bundle's parts elsewhere than `shapeOf` does: in what a wrapper wraps, whatever is
 * beside it, and in the Resources of a framework rather than in its Contents (CFBundle_Resources.c,
 * _CFBundleGetBundleVersionForURL). No real bundle is built both ways.
 */
function isAmbiguous(root: string): boolean {
  const isThere = (name: string): boolean => typeof lookAt(join(root, name)) !== "string";
  const wraps = isThere(WRAPPED) && isThere(WRAPPER);
  return wraps || (endingOf(basename(root)) === "framework" && isThere("Contents") && isThere("Resources"));
}

interface Shape {
  style: BundleLayout["style"];
  contents: string;
  outside: boolean;
}

/** In the order in which macOS looks. `contents` is never through a link, so that walking it stays inside. */
function shapeOf(root: string): Shape {
  const contents = lookAt(join(root, "Contents"));
  if (typeof contents !== "string" && contents.isDirectory())
    return { style: "modern", contents: "Contents", outside: false };
  if (typeof contents !== "string" && contents.isSymbolicLink())
    return { style: "shallow", contents: "", outside: true };
  const current = resolveInside(root, "Versions/Current");
  if (current.kind === "outside") return { style: "shallow", contents: "", outside: true };
  if (current.kind !== "directory") return { style: "shallow", contents: "", outside: false };
  // "." would make the root its own version.
  if (current.relative === "") return { style: "shallow", contents: "", outside: true };
  return { style: "versioned", contents: current.relative, outside: !isVersion(current) };
}

function isVersion(place: Place & { relative: string }): boolean {
  return /^Versions\/[^/]+$/.test(place.relative);
}

function endingOf(name: string): string {
  const ending = extname(name).slice(1).toLowerCase();
  return /^[a-z0-9]{1,24}$/.test(ending) ? ending : "";
}

/** Null without an ending. The folder of one version of a framework has none of its own. */
function kindOf(root: string): string | null {
  const own = endingOf(basename(root));
  if (own !== "") return own;
  const outer = basename(dirname(root)) === "Versions" ? endingOf(basename(dirname(dirname(root)))) : "";
  return outer === "" ? null : outer;
}

/** A folder named otherwise is one too when it is built as one: renaming an app does not take it out of sight. */
function looksLikeABundle(layout: BundleLayout): boolean {
  if (BUNDLE_ENDINGS.has(layout.kind) && kindOf(layout.root) !== null)
    return (
      layout.infoPlist !== null || layout.executable !== null || layout.problems.length > 0 || hasSignature(layout)
    );
  // A folder that merely holds an Info.plist is no bundle.
  return layout.infoPlist !== null && (layout.style !== "shallow" || layout.executable !== null);
}

function hasSignature(layout: BundleLayout): boolean {
  return layout.codeResources !== null || layout.style !== "shallow";
}

/** Where CFBundle finds it: in `Contents`, at the top of a shallow bundle, in `Resources` of a framework's version. */
function readInfoPlist(layout: BundleLayout): BundleLayout["infoPlist"] {
  const candidates = layout.style === "modern" ? ["Info.plist"] : ["Resources/Info.plist", "Info.plist"];
  if (layout.style === "shallow") candidates.reverse();
  for (const candidate of candidates) {
    const place = resolveInside(layout.root, fromRoot(layout, candidate));
    if (place.kind === "missing") continue;
    if (place.kind === "unreadable") throw new ReadFault("info-plist-unreadable", "Its Info.plist could not be read.");
    if (place.kind !== "file" || place.throughLink) {
      layout.problems.push(bundleProblem("info-plist-not-plain"));
      return null;
    }
    const bytes = readPlain(place.path, MAX_INFO_PLIST);
    if (bytes === null) {
      layout.problems.push(bundleProblem("info-plist-too-large"));
      return null;
    }
    return { relative: place.relative, absolute: place.path, bytes, values: readValues(bytes, layout) };
  }
  layout.notes.push(bundleNote("info-plist-missing"));
  return null;
}

/** What is looked for in Info.plist here: of these, two values would be two bundles. */
const RELIED_ON: ReadonlySet<string> = new Set([
  "CFBundleIdentifier",
  "CFBundleExecutable",
  "NSExecutable",
  "MainHTML",
  "CFBundleShortVersionString",
  "CFBundleVersion",
]);

function readValues(bytes: Buffer, { problems, notes }: BundleLayout): PlistDict | null {
  const ambiguous = new Set<string>();
  let twice = 0;
  // macOS takes such a list, and it is sealed as it stands.
  const onDuplicate: OnDuplicate = (key, first, second) => {
    twice++;
    if (first !== second && RELIED_ON.has(key)) ambiguous.add(key);
  };
  const read = attempt(() => parsePlist(bytes, { onDuplicate }));
  const values = "value" in read ? asDict(read.value) : null;
  if (values === null) problems.push(bundleProblem("info-plist-malformed"));
  for (const key of ambiguous) problems.push(bundleProblem("info-plist-ambiguous", key));
  if (twice > 0) notes.push(bundleNote("info-plist-duplicate-key", twice));
  return values;
}

function findSignatureFiles(layout: BundleLayout): void {
  const seal = resolveInside(layout.root, fromRoot(layout, `${SIGNATURE_FOLDER}/${CODE_RESOURCES}`));
  if (seal.kind === "file" && !seal.throughLink) layout.codeResources = fileOf(seal);
  else if (seal.kind !== "missing") layout.problems.push(bundleProblem("code-resources-not-plain"));
  const beside = resolveInside(layout.root, fromRoot(layout, CODE_RESOURCES));
  // Old signatures leave a link to the seal here, which is no ticket.
  if (beside.kind === "file" && !beside.throughLink) layout.ticket = fileOf(beside);
  // A script's signature is kept there too; a program's never is: xnu reads what is in the program alone.
  if (layout.executable !== null && looksLikeMachO(layout.executable.absolute) !== false) return;
  for (const part of DETACHED_PARTS) {
    const place = resolveInside(layout.root, fromRoot(layout, `${SIGNATURE_FOLDER}/${part}`));
    if (place.kind === "file" && !place.throughLink)
      layout.detachedSignature = join(layout.contentsDir, SIGNATURE_FOLDER);
  }
}

function fileOf(place: { relative: string; path: string }): BundleFile {
  return { relative: place.relative, absolute: place.path };
}
