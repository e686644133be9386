import { basename, extname } from "node:path";
import { asText } from "../plist/plist.ts";
import { ReadFault } from "../problem.ts";
import { type BundleLayout, fromRoot } from "./bundle-layout.ts";
import { resolveInside } from "./path-inside.ts";
import { bundleNote, bundleProblem } from "./problems.ts";

/** macOS's NAME_MAX is 255 bytes; a name with folders in it may be a little longer. */
const MAX_NAME = 1024;

/**
 * Sets the main executable of a bundle, or the data file that is signed in its place. It is what Info.plist names,
 * never just some file beside it; where Info.plist names none, the file with the bundle's own name (CFBundle does so).
 * @throws ReadFault when it cannot be looked at
 */
export function findMainExecutable(layout: BundleLayout): void {
  const values = layout.infoPlist?.values ?? null;
  const page = asText(values?.get("MainHTML"));
  if (page !== null) {
    takeSignedFile(layout, page);
    return;
  }
  // The second key is CFBundle's older name for the first.
  const named = asText(values?.get("CFBundleExecutable")) ?? asText(values?.get("NSExecutable"));
  const name = named ?? basename(layout.root, extname(layout.root));
  const found = takeExecutable(layout, name, named !== null);
  if (found === "taken" && named === null) layout.notes.push(bundleNote("executable-by-bundle-name"));
  if (found !== "missing") return;
  if (layout.infoPlist !== null) {
    layout.notes.push(bundleNote("executable-unresolved"));
    layout.signedFile = { relative: layout.infoPlist.relative, absolute: layout.infoPlist.absolute };
    layout.executableKey = keyOf(layout, layout.infoPlist.relative);
  }
}

function keyOf(layout: BundleLayout, relative: string): string {
  return layout.contents === "" ? relative : relative.slice(layout.contents.length + 1);
}

function takeSignedFile(layout: BundleLayout, name: string): void {
  const place = resolveInside(layout.root, fromRoot(layout, name));
  if (leavesFolder(name) || place.kind === "outside") {
    layout.problems.push(bundleProblem("executable-outside-bundle", name));
  } else if (place.kind === "file") {
    if (place.throughLink) layout.problems.push(bundleProblem("executable-not-plain", name));
    layout.signedFile = { relative: place.relative, absolute: place.path };
    layout.executableKey = name;
  }
}

function leavesFolder(name: string): boolean {
  return name.startsWith("/") || name.split("/").includes("..");
}

function takeExecutable(layout: BundleLayout, name: string, named: boolean): "taken" | "refused" | "missing" {
  if (name === "" || name.length > MAX_NAME) return "missing";
  if (leavesFolder(name)) {
    layout.problems.push(bundleProblem("executable-outside-bundle", name));
    return "refused";
  }
  const key = layout.style === "modern" ? `MacOS/${name}` : name;
  const place = resolveInside(layout.root, fromRoot(layout, key));
  if (place.kind === "missing") return "missing";
  if (place.kind === "unreadable")
    throw new ReadFault("executable-unreadable", "Its main executable could not be looked at.");
  if (place.kind === "outside") {
    layout.problems.push(bundleProblem("executable-outside-bundle", name));
    return "refused";
  }
  if (place.kind !== "file") {
    if (named) layout.problems.push(bundleProblem("executable-not-plain", name));
    return named ? "refused" : "missing";
  }
  // Only a plain file is accepted as one: Security, BundleDiskRep::checkPlainFile (errSecCSRegularFile).
  if (place.throughLink) layout.problems.push(bundleProblem("executable-not-plain", name));
  layout.executable = { relative: place.relative, absolute: place.path };
  layout.executableKey = key;
  return "taken";
}
