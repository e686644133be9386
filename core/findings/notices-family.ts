import { severityRank } from "#contract/severity.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import type { FindingRecord } from "./finding-input.ts";

export type DigestFamily = "developer" | "updates" | "protection" | "other";

export const FAMILY_WORDS: Readonly<Record<DigestFamily, string>> = {
  developer: "Developer activity",
  updates: "Installs and updates",
  protection: "Protection settings",
  other: "Programs",
};

/** Names of folders that package managers and build tools make. A name excuses nothing: it only says under which heading a finding stands. */
const DEVELOPER_FOLDERS: ReadonlySet<string> = new Set([
  "homebrew",
  "cellar",
  "caskroom",
  "deriveddata",
  "node_modules",
  "site-packages",
  "go-build",
  "xcode.app",
  "developer",
  "commandlinetools",
  ".cargo",
  ".rustup",
  ".npm",
  ".nvm",
  ".pyenv",
  ".venv",
  "venv",
  ".local",
  "conda",
  "miniconda3",
  "projects",
  "src",
  "target",
  "build",
  "dist",
]);
const DEVELOPER_ROOTS: readonly string[] = ["/opt/", "/usr/local/", "/nix/"];
const DEVELOPER_PROGRAMS: ReadonlySet<string> = new Set([
  "lldb",
  "debugserver",
  "lldb-rpc-server",
  "codesign",
  "ld",
  "clang",
  "make",
  "go",
  "cargo",
  "node",
  "npm",
  "git",
]);

const INSTALLERS: readonly string[] = [
  "/usr/sbin/installer",
  "/usr/sbin/softwareupdate",
  "/System/Library/CoreServices/Installer.app/",
  "/System/Library/CoreServices/Software Update.app/",
  "/System/Library/PrivateFrameworks/PackageKit.framework/",
  "/System/Library/PrivateFrameworks/MobileSoftwareUpdate.framework/",
  "/Library/Apple/System/Library/CoreServices/XProtect.app/",
  "/private/var/db/softwareupdate/",
];

/** Of the first catalogue, those about settings that decide what is checked, not about code. */
const ABOUT_SETTINGS: ReadonlySet<string> = new Set(["G8", "G9", "G10", "G11", "G12", "G24"]);
const DEBUGGING: ReadonlySet<string> = new Set(["G19", "G20", "G21"]);
const GRAVER = severityRank("medium");
const PATH_PARTS_MAX = 64;

/**
 * Under which heading of the digest a finding stands. It labels and never hides: what is told, and how severe it is, is
 * decided elsewhere. A medium finding about a setting keeps that heading wherever it came from.
 */
export function familyOf(record: FindingRecord, enriched: EnrichedEvent | null, afterUpdate: boolean): DigestFamily {
  const settings = record.behaviours.some((id) => id.startsWith("S") || ABOUT_SETTINGS.has(id));
  if (settings && severityRank(record.severity) >= GRAVER) return "protection";
  if (afterUpdate) return "updates";
  const paths = pathsAround(record, enriched);
  if (paths.some(isDevelopers)) return "developer";
  if (settings) return "protection";
  if (record.behaviours.length > 0 && record.behaviours.every((id) => DEBUGGING.has(id))) return "developer";
  if (enriched?.trust?.class === "linker-signed") return "developer";
  if (paths.some((path) => INSTALLERS.some((installer) => path.startsWith(installer)))) return "updates";
  return "other";
}

/** What it is about, who did it, and who started that. */
function pathsAround({ subject }: FindingRecord, enriched: EnrichedEvent | null): string[] {
  if (enriched === null) return subject.path === null ? [] : [subject.path];
  const { event, parent, responsible } = enriched;
  const ancestors = enriched.get("AncestorImages");
  const actor = "actor" in event ? event.actor.path : null;
  const paths = [subject.path, enriched.subject?.path, actor, parent?.path, responsible?.path];
  const more = Array.isArray(ancestors) ? (ancestors as readonly string[]) : [];
  return [...paths, ...more].flatMap((path) => path ?? []);
}

function isDevelopers(path: string): boolean {
  if (DEVELOPER_ROOTS.some((root) => path.startsWith(root))) return true;
  const parts = path.toLowerCase().split("/", PATH_PARTS_MAX);
  if (DEVELOPER_PROGRAMS.has(parts.at(-1) ?? "")) return true;
  return parts.some((part) => DEVELOPER_FOLDERS.has(part) || part.startsWith("go-build"));
}
