import type { CodesignOutput } from "#contract/frames.ts";
import type { InspectionSummary } from "#contract/inspection-summary.ts";
import type { Notarized, TrustClass } from "#contract/trust.ts";
import { type Code, NO_CDHASH } from "./code.ts";

/** Parts of a `file` frame that somebody who looked at the file adds: Sealbar's inspector, or codesign on a Mac. */

/** The inspector's summary of a thin Mach-O file that is the code given. */
export function inspectionOf(
  code: Code,
  verdict: { class: TrustClass; notarized?: Notarized },
  part: Partial<InspectionSummary> = {},
): InspectionSummary {
  const { class: name, notarized = "not-checked" } = verdict;
  const cdhashes = code.cdhash === NO_CDHASH ? [] : [code.cdhash.toLowerCase()];
  const claimed = { class: name, notarized, identifier: code.signingId, teamId: code.teamId };
  return {
    kind: "mach-o",
    depth: "full",
    ...claimed,
    executable: null,
    slices: [{ arch: code.arch, cdhashes, ...claimed }],
    problems: [],
    notes: [],
    checked: ["container", "code-directory", "special-slots", "entitlements", "cms", "chain", "page-hashes"],
    notChecked: [
      { check: "revocation", why: "Only Apple's servers know whether a certificate has been revoked." },
      { check: "trust-cache", why: "Only the running Mac knows its trust cache." },
    ],
    ...part,
  };
}

const said = (err: string, exit: number): CodesignOutput => ({ exit, out: "", err, timedOut: false });

/** `codesign --verify` and `codesign -dvvv` in their recorded forms; both print to the error stream. */
export const codesign = {
  valid: ({ path }: Code): CodesignOutput =>
    said(`${path}: valid on disk\n${path}: satisfies its Designated Requirement\n`, 0),
  /** An error in the words of Security's CSCommon.h, e.g. "code object is not signed at all". */
  refused: ({ path, arch }: Code, error: string): CodesignOutput =>
    said(`${path}: ${error}\nIn architecture: ${arch}\n`, 1),
  display: (code: Code, authorities: readonly string[] = [], stapled = false): CodesignOutput => {
    const { path, signingId, teamId, arch, cdhash, flags } = code;
    const isAdHoc = authorities.length === 0;
    const names = [...((flags & 0x2) === 0 ? [] : ["adhoc"]), ...((flags & 0x20000) === 0 ? [] : ["linker-signed"])];
    const word = flags & 0x20002;
    return said(
      [
        `Executable=${path}`,
        `Identifier=${signingId ?? ""}`,
        `Format=Mach-O thin (${arch})`,
        `CodeDirectory v=20500 size=768 flags=0x${word.toString(16)}(${names.join(",") || "none"}) hashes=13+7 location=embedded`,
        "Hash type=sha256 size=32",
        `CDHash=${cdhash.toLowerCase()}`,
        isAdHoc ? "Signature=adhoc" : "Signature size=9013",
        ...authorities.map((name) => `Authority=${name}`),
        ...(isAdHoc ? [] : ["Timestamp=Mar 12, 2026 at 22:31:07"]),
        ...(stapled ? ["Notarization Ticket=stapled"] : []),
        "Info.plist=not bound",
        `TeamIdentifier=${teamId ?? "not set"}`,
        "",
      ].join("\n"),
      0,
    );
  },
} as const;
