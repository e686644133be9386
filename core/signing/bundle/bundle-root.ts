import { basename, join } from "node:path";
import { type BundleLayout, CODE_RESOURCES, fromRoot, SIGNATURE_FOLDER } from "./bundle-layout.ts";
import { isAppleDoubleBeside } from "./code-magic.ts";
import type { Findings } from "./findings.ts";
import { DETACHED_FILES } from "../script/detached-signature.ts";
import { linkTarget, lookAt } from "./path-inside.ts";
import type { BundleProblemId } from "./problems.ts";
import { listFolder } from "./walk-bundle.ts";

/** The top of a real bundle has a handful of entries. */
const MAX_ENTRIES = 1000;
const EXECUTABLE_BITS = 0o111;
/** What Finder and the store leave at a bundle's top. Security, bundlediskrep.cpp, BundleDiskRep::setup. */
const HARMLESS: ReadonlySet<string> = new Set([".LSOverride", ".DS_Store", "Icon\r", ".SoftwareDepot.tracking"]);
/** Parts of a signature that may be files, also old ones that are not looked at. */
const SIGNATURE_PARTS: ReadonlySet<string> = new Set([...DETACHED_FILES, "CodeTopDirectory"]);

/** What is beside the sealed folder, and in the signature's own folder: places that no seal covers. */
export function checkRoot(layout: BundleLayout, findings: Findings, nesting = 0): void {
  if (layout.style === "modern") checkTop(layout, findings);
  if (layout.style === "versioned") checkFrameworkTop(layout, findings, nesting);
  checkSignatureFolder(layout, findings);
}

function list(path: string, findings: Findings): string[] {
  const listed = listFolder(path, MAX_ENTRIES);
  if (listed === null) findings.unchecked("unreadable-resources");
  if (listed?.cut === true) findings.unchecked("not-all-looked-at");
  return listed?.names ?? [];
}

function isHarmlessFile(path: string): boolean {
  const stat = lookAt(path);
  return typeof stat !== "string" && stat.isFile() && (stat.mode & EXECUTABLE_BITS) === 0;
}

function checkTop(layout: BundleLayout, findings: Findings): void {
  for (const name of list(layout.root, findings)) {
    if (name === layout.contents || (HARMLESS.has(name) && isHarmlessFile(join(layout.root, name)))) continue;
    extra("unsealed-root", name, join(layout.root, name), findings);
  }
}

function extra(id: BundleProblemId, shown: string, path: string, findings: Findings): void {
  if (isAppleDoubleBeside(path)) findings.unchecked("apple-double-beside");
  else findings.problem(id, shown);
}

/** Security, BundleDiskRep::validateFrameworkRoot: only links to namesakes in the current version. */
function checkFrameworkTop(layout: BundleLayout, findings: Findings, nesting: number): void {
  const version = basename(layout.contentsDir);
  for (const name of list(layout.root, findings)) {
    const path = join(layout.root, name);
    if (name === "Versions" || ((name === ".DS_Store" || name === "module.map") && isHarmlessFile(path))) continue;
    const stat = lookAt(path);
    if (typeof stat === "string" || !stat.isSymbolicLink()) extra("unsealed-root", name, path, findings);
    else if (!leadsToNamesake(linkTarget(path), name, version)) findings.problem("framework-root-link", name);
  }
  for (const name of list(join(layout.root, "Versions"), findings)) {
    const path = join(layout.root, "Versions", name);
    const stat = lookAt(path);
    if (typeof stat === "string") continue;
    const fits = name === "Current" ? stat.isSymbolicLink() && isPlainName(linkTarget(path)) : stat.isDirectory();
    const harmless = name === ".DS_Store" && isHarmlessFile(path);
    if (!fits && !harmless) extra("unsealed-root", `Versions/${name}`, path, findings);
    // Around nested code, whoever is outside looks at all versions; of one by itself, only the current one is looked at.
    if (stat.isDirectory() && name !== version && nesting === 0) findings.unchecked("framework-other-version");
  }
}

function leadsToNamesake(target: string | null, name: string, version: string): boolean {
  const plain = target?.replace(/^\.\//, "");
  return plain === `Versions/Current/${name}` || plain === `Versions/${version}/${name}`;
}

function isPlainName(target: string | null): boolean {
  const plain = target?.replace(/^\.\//, "").replace(/\/$/, "") ?? "";
  return plain !== "" && plain !== "." && plain !== ".." && !plain.includes("/");
}

/** Security, BundleDiskRep::validateMetaDirectory: the parts of this signature, and an empty CodeSignature, nothing else. */
function checkSignatureFolder(layout: BundleLayout, findings: Findings): void {
  const folder = join(layout.contentsDir, SIGNATURE_FOLDER);
  if (lookAt(folder) === "missing") return;
  for (const name of list(folder, findings)) {
    const stat = lookAt(join(folder, name));
    const plain = typeof stat !== "string" && stat.isFile();
    const isEmptyPart = plain && stat.size === 0 && name === "CodeSignature";
    const isPart = plain && layout.detachedSignature !== null && SIGNATURE_PARTS.has(name);
    if ((plain && name === CODE_RESOURCES) || isPart || isEmptyPart) continue;
    extra("signature-folder-extra", fromRoot(layout, `${SIGNATURE_FOLDER}/${name}`), join(folder, name), findings);
  }
}
