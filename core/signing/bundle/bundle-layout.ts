import type { Problem } from "#contract/inspection.ts";
import type { PlistDict } from "../plist/plist.ts";

/** A file of a bundle, named in both ways that matter. */
export interface BundleFile {
  /** Relative to the bundle's root. */
  relative: string;
  /** Real path: no link is in it below the root. */
  absolute: string;
}

/** Where everything of a bundle is. Nothing of it has been verified. */
export interface BundleLayout {
  /** Real path of the bundle's folder. */
  root: string;
  /** Real path of the folder that the seal's keys are relative to: `Contents`, `Versions/A`, or the root itself. */
  contentsDir: string;
  /** `contentsDir` relative to `root`: "" for a shallow bundle. */
  contents: string;
  style: "modern" | "versioned" | "shallow";
  /** The name's ending in lower case; `bundle` without one. */
  kind: string;
  /** CFBundleIdentifier, as claimed. */
  identifier: string | null;
  /** CFBundleShortVersionString, else CFBundleVersion, as claimed. */
  version: string | null;
  /** What special slot 1 is a hash of. `values` is null when it cannot be read as a dictionary. */
  infoPlist: (BundleFile & { bytes: Buffer; values: PlistDict | null }) | null;
  /** The main executable, which carries the bundle's signature. */
  executable: BundleFile | null;
  /** The main executable as the seal would name it, relative to `contentsDir`. */
  executableKey: string | null;
  /** Without an executable: the data file that codesign signs in its place (Info.plist, or a widget's page). */
  signedFile: BundleFile | null;
  /** Without a program: the folder with the signature's parts as files (`CodeDirectory`, `CodeSignature`, …). */
  detachedSignature: string | null;
  /** `_CodeSignature/CodeResources`, what special slot 3 is a hash of. */
  codeResources: BundleFile | null;
  /** A plain file `Contents/CodeResources`: a stapled ticket, or something that wants to look like one. */
  ticket: BundleFile | null;
  /** Strict failures: with any of them the bundle is invalid. */
  problems: Problem[];
  notes: Problem[];
}

/** Folder of the signature's files. Security, bundlediskrep.h: BUNDLEDISKREP_DIRECTORY. */
export const SIGNATURE_FOLDER = "_CodeSignature";
/** In `SIGNATURE_FOLDER`, the seal; directly in the contents folder, a link to it (old) or a stapled ticket (new). */
export const CODE_RESOURCES = "CodeResources";
/** Security, bundlediskrep.h: STORE_RECEIPT_DIRECTORY. */
export const STORE_RECEIPT_FOLDER = "_MASReceipt";

/** Relative to the bundle's root, from a name relative to its contents. */
export function fromRoot(layout: BundleLayout, key: string): string {
  return layout.contents === "" ? key : `${layout.contents}/${key}`;
}
