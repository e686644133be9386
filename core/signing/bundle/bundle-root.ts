import { basename, join } from "node:path";
import { type BundleLayout, CODE_RESOURCES, fromRoot, SIGNATURE_FOLDER } from "./bundle-layout.ts";
import type { Findings } from "./findings.ts";
import { linkTarget, lookAt } from "./path-inside.ts";
import { listFolder } from "./walk-bundle.ts";

/** The top of a real bundle has a handful of entries. */
const MAX_ENTRIES = 1000;
const EXECUTABLE_BITS = 0o111;
/** What Finder and the store leave at a bundle's top. Security, bundlediskrep.cpp, BundleDiskRep::setup. */
const HARMLESS: ReadonlySet<string> = new Set([".LSOverride", ".DS_Store", "Icon\r", ".SoftwareDepot.tracking"]);
/** Parts of a signature that may be files: Security, CodeDirectory::canonicalSlotName. */
const SIGNATURE_PART =
  /^(CodeDirectory|CodeSignature|CodeRequirements|CodeEntitlements|CodeTopDirectory|CodeRepSpecific)(-[1-9])?$/;

/** What is beside the sealed folder, and in the signature's own folder: places that no seal covers. */
export function checkRoot(layout: BundleLayout, findings: Findings): void {
  if (layout.style === "modern") checkTop(layout, findings);
  if (layout.style === "versioned") checkFrameworkTop(layout, findings);
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
    findings.problem("unsealed-root", name);
  }
}

/** Security, BundleDiskRep::validateFrameworkRoot: only links to namesakes in the current version. */
function checkFrameworkTop(layout: BundleLayout, findings: Findings): void {
  const version = basename(layout.contentsDir);
  for (const name of list(layout.root, findings)) {
    const path = join(layout.root, name);
    if (name === "Versions" || ((name === ".DS_Store" || name === "module.map") && isHarmlessFile(path))) continue;
    const stat = lookAt(path);
    if (typeof stat === "string" || !stat.isSymbolicLink()) findings.problem("unsealed-root", name);
    else if (!leadsToNamesake(linkTarget(path), name, version)) findings.problem("framework-root-link", name);
  }
  for (const name of list(join(layout.root, "Versions"), findings)) {
    const path = join(layout.root, "Versions", name);
    const stat = lookAt(path);
    if (typeof stat === "string") continue;
    const fits = name === "Current" ? stat.isSymbolicLink() && isPlainName(linkTarget(path)) : stat.isDirectory();
    const harmless = name === ".DS_Store" && isHarmlessFile(path);
    if (!fits && !harmless) findings.problem("unsealed-root", `Versions/${name}`);
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
    const isPart = plain && layout.detachedSignature !== null && SIGNATURE_PART.test(name);
    if ((plain && name === CODE_RESOURCES) || isPart || isEmptyPart) continue;
    findings.problem("signature-folder-extra", fromRoot(layout, `${SIGNATURE_FOLDER}/${name}`));
  }
}
