import type { Process } from "#contract/process.ts";
import { baseName } from "../code-root.ts";
import { KILL, LAUNCHCTL } from "./enforcement.ts";
import { DEV_TOOLS_SECURITY, SPCTL } from "./gatekeeper.ts";
import { KEXTLOAD, KMUTIL, RESTART, SYSCTL } from "./kernel.ts";
import { DEFAULTS, PROFILES, SECURITY, SQLITE3 } from "./settings.ts";
import { CODESIGN, OTHER_SIGNERS } from "./signers.ts";
import { BLESS, BPUTIL, CSRUTIL, NVRAM } from "./sip.ts";
import type { ToolFamily } from "./tool-run.ts";
import { XATTR } from "./xattr.ts";

/** Every tool that is read. A new one is a family in a file of its own and a line here. */
const FAMILIES: readonly ToolFamily[] = [
  XATTR,
  CODESIGN,
  OTHER_SIGNERS,
  SPCTL,
  DEV_TOOLS_SECURITY,
  CSRUTIL,
  NVRAM,
  BPUTIL,
  BLESS,
  DEFAULTS,
  SQLITE3,
  SECURITY,
  PROFILES,
  SYSCTL,
  KEXTLOAD,
  KMUTIL,
  RESTART,
  LAUNCHCTL,
  KILL,
];

interface KnownTool {
  name: string;
  family: ToolFamily;
}

const BY_NAME: ReadonlyMap<string, KnownTool> = new Map(
  FAMILIES.flatMap((family) => family.names.map((name) => [name, { name, family }] as const)),
);
const BY_SIGNING_ID: ReadonlyMap<string, KnownTool> = new Map(
  FAMILIES.flatMap((family) =>
    Object.entries(family.signingIds).map(([signingId, name]) => [signingId, { name, family }] as const),
  ),
);

/** The tool by its signing id, so that a renamed copy is still seen, or by its name, so that a re-signed one is. */
export function toolOf({ path, signingId }: Pick<Process, "path" | "signingId">): KnownTool | null {
  return BY_SIGNING_ID.get(signingId ?? "") ?? BY_NAME.get(baseName(path)) ?? null;
}
