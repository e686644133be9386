import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { NO_CONTROL } from "../control.ts";
import type { BundleLayout } from "./bundle-layout.ts";
import { checkResources, type NestedFacts, type ResourceOptions, type ResourceResult } from "./check-resources.ts";
import { resolveBundle } from "./resolve-bundle.ts";

/** Bundles made by hand in a temporary folder, with seals in the form that codesign writes. Constructed. */

export type Plain = string | number | boolean | Buffer | { [key: string]: Plain };
export type Entry = string | Buffer | { link: string };
export type Entries = Record<string, Entry>;

export const MACHO = Buffer.from("cffaedfe0c00000100000000020000000000000000000000", "hex");
export const CDHASH = "11".repeat(20);
export const REQUIREMENT =
  'identifier "com.example.helper" and anchor apple generic and certificate leaf[subject.OU] = "7QXW3N5R2K"';

const digest = (kind: string, content: string | Buffer) => createHash(kind).update(content).digest();

/** Apple's default rules for a bundle with a `Resources` folder (bundlediskrep.cpp, defaultResourceRules). */
export const RULES_V1: Record<string, Plain> = {
  "^Resources/": true,
  "^Resources/.*\\.lproj/": { optional: true, weight: 1000 },
  "^Resources/.*\\.lproj/locversion.plist$": { omit: true, weight: 1100 },
  "^Resources/Base\\.lproj/": { weight: 1010 },
  "^version.plist$": true,
};
export const RULES_V2: Record<string, Plain> = {
  "^.*": true,
  "^[^/]+$": { nested: true, weight: 10 },
  "^(Frameworks|SharedFrameworks|PlugIns|Plug-ins|XPCServices|Helpers|MacOS|Library/(Automator|Spotlight|LoginItems))/":
    { nested: true, weight: 10 },
  ".*\\.dSYM($|/)": { weight: 11 },
  "^(.*/)?\\.DS_Store$": { omit: true, weight: 2000 },
  "^Info\\.plist$": { omit: true, weight: 20 },
  "^version\\.plist$": { weight: 20 },
  "^embedded\\.provisionprofile$": { weight: 20 },
  "^PkgInfo$": { omit: true, weight: 20 },
  "^Resources/": { weight: 20 },
  "^Resources/.*\\.lproj/": { optional: true, weight: 1000 },
  "^Resources/Base\\.lproj/": { weight: 1010 },
  "^Resources/.*\\.lproj/locversion.plist$": { omit: true, weight: 1100 },
};

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function element(value: Plain): string {
  if (typeof value === "string") return `<string>${escapeXml(value)}</string>`;
  if (typeof value === "number") return `<real>${value}</real>`;
  if (typeof value === "boolean") return value ? "<true/>" : "<false/>";
  if (Buffer.isBuffer(value)) return `<data>${value.toString("base64")}</data>`;
  const entries = Object.entries(value).map(([key, inner]) => `<key>${escapeXml(key)}</key>${element(inner)}`);
  return `<dict>${entries.join("\n")}</dict>`;
}

export function plist(value: Plain): Buffer {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" ';
  return Buffer.from(
    `${head}"http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">${element(value)}</plist>\n`,
  );
}

/** Seals of version 2 for files and links. */
export function sealsOf(entries: Entries): Record<string, Plain> {
  const seals: Record<string, Plain> = {};
  for (const [key, entry] of Object.entries(entries))
    seals[key] =
      typeof entry === "object" && "link" in entry
        ? { symlink: entry.link }
        : { hash: digest("sha1", entry), hash2: digest("sha256", entry) };
  return seals;
}

export const NESTED_SEAL: Plain = { cdhash: Buffer.from(CDHASH, "hex"), requirement: REQUIREMENT };

export function sealFile(files2: Record<string, Plain>, rules2: Record<string, Plain> = RULES_V2): Buffer {
  return plist({ files: {}, files2, rules: RULES_V1, rules2 });
}

/** With `hash` only, as before 2014. */
export function sealFileV1(entries: Record<string, string | Buffer>, rules: Record<string, Plain> = RULES_V1): Buffer {
  const files = Object.fromEntries(
    Object.entries(entries).map(([key, entry]): [string, Plain] => [key, digest("sha1", entry)]),
  );
  return plist({ files, rules });
}

export function infoPlist(values: Record<string, Plain> = {}): Buffer {
  return plist({
    CFBundleExecutable: "Invoice Viewer",
    CFBundleIdentifier: "com.example.invoice-viewer",
    CFBundleShortVersionString: "2.4",
    CFBundlePackageType: "APPL",
    ...values,
  });
}

export function writeEntries(folder: string, entries: Entries): void {
  for (const [key, entry] of Object.entries(entries)) {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof entry === "object" && "link" in entry) symlinkSync(entry.link, path);
    else writeFileSync(path, entry);
  }
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, removed when the file's tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sealed-bundle-"));
  made.push(folder);
  return folder;
}

/** A new bundle; entries are relative to its root. */
export function makeBundle(name: string, entries: Entries): string {
  const root = join(temporaryFolder(), name);
  mkdirSync(root);
  writeEntries(root, entries);
  return root;
}

/** What a well-built app has beside what it is tested for. */
export const APP_BASE: Entries = {
  "Contents/Info.plist": infoPlist(),
  "Contents/PkgInfo": "APPL????",
  "Contents/MacOS/Invoice Viewer": MACHO,
};

/** An app with these entries in Contents, sealed as they are when `sealed` is left out. */
export function makeApp(contents: Entries, sealed: Record<string, Plain> = sealsOf(contents)): string {
  const inside = Object.fromEntries(Object.entries(contents).map(([key, entry]) => [`Contents/${key}`, entry]));
  return makeBundle("Invoice Viewer.app", {
    ...APP_BASE,
    "Contents/_CodeSignature/CodeResources": sealFile(sealed),
    ...inside,
  });
}

export const GOOD_SLICE: NestedFacts["slices"][number] = {
  cdhashes: [CDHASH, "22".repeat(20)],
  designated: REQUIREMENT,
};

export const GOOD_NESTED: NestedFacts = { class: "developer-id", slices: [GOOD_SLICE], problems: [] };

export function layoutOf(root: string): BundleLayout {
  const layout = resolveBundle(root);
  if (layout === null) throw new Error("no bundle");
  return layout;
}

export function readSeal(layout: BundleLayout): Buffer | null {
  return layout.codeResources === null ? null : readFileSync(layout.codeResources.absolute);
}

/** Checks with the seal that is in the bundle, as the inspector does. */
export function checkBundle(
  root: string,
  options: Partial<ResourceOptions> & { seal?: Buffer | null } = {},
): ResourceResult & { ids: string[]; noteIds: string[] } {
  const layout = layoutOf(root);
  const { seal, ...rest } = options;
  const bytes = seal === undefined ? readSeal(layout) : seal;
  const result = checkResources(layout, bytes, { control: NO_CONTROL, inspectNested: () => GOOD_NESTED, ...rest });
  return { ...result, ids: result.problems.map(({ id }) => id), noteIds: result.notes.map(({ id }) => id) };
}
