import { CHECK_WORDS } from "#contract/inspection-words.ts";
import type { BundleInspection, Entitlement, Inspection, Problem, SliceInspection } from "#contract/inspection.ts";
import { STANDING, TRUST_WORDS } from "#contract/trust-words.ts";
import type { TrustClass } from "#contract/trust.ts";
import { visibleText } from "#contract/visible-text.ts";
import { middleCut, type Terminal, trustStyle, wrap } from "./terminal.ts";

const LABEL_WIDTH = 16;
const MAX_WIDTH = 110;
/** Of a list of unlike things; the rest is counted, and whole in --json. */
const MAX_LISTED = 12;

/** Shape beside colour: proved good, known bad, weak, not known. */
export function verdictMark(trust: TrustClass): string {
  if (STANDING[trust] === "trusted") return "✓";
  if (STANDING[trust] === "unchecked") return trust === "not-code" ? "·" : "?";
  return trust === "invalid" || trust === "revoked" ? "✗" : "!";
}

export function verdictStyle(trust: TrustClass): ReturnType<typeof trustStyle> {
  return STANDING[trust] === "trusted" ? "green" : trustStyle(trust);
}

/** A whole inspection: the verdict first, then why, then the facts, then how far it goes. */
export function inspectionBlock(inspection: Inspection, terminal: Terminal): string[] {
  const { verdict, slices, bundle } = inspection;
  const width = Math.min(terminal.columns, MAX_WIDTH);
  const lines = [verdictLine(inspection, terminal)];
  const say = (style: Parameters<Terminal["style"]>[0], mark: string, { message }: Problem): void => {
    const [first = "", ...rest] = wrap(visibleText(message), width - 4);
    lines.push(`  ${terminal.style(style, mark)} ${first}`, ...rest.map((line) => `    ${line}`));
  };
  for (const problem of verdict.problems) say(verdict.class === "unknown" ? "magenta" : "red", "✗", problem);
  for (const note of verdict.notes) say("dim", "·", note);
  const facts = (pairs: readonly [string, string | readonly string[] | null][]): void => {
    for (const [label, value] of pairs) lines.push(...factLines(label, value, width, terminal));
  };
  if (bundle !== null) facts(bundleFacts(bundle));
  const [first] = slices;
  if (first !== undefined && slices.every((slice) => sameIdentity(slice, first))) {
    facts(sliceFacts(first, slices.map(({ arch }) => arch).join(", ")));
  } else {
    for (const slice of slices) {
      lines.push("", `  ${terminal.style("bold", visibleText(slice.arch))}  ${classWords(slice.class, terminal)}`);
      facts(sliceFacts(slice, null));
    }
  }
  const { checked, notChecked } = inspection;
  if (checked.length > 0) facts([["Checked", checked.map((check) => CHECK_WORDS[check]).join("; ")]]);
  if (notChecked.length > 0)
    facts([["Not checked", notChecked.map(({ check, why }) => `${CHECK_WORDS[check]}: ${visibleText(why)}`)]]);
  return lines;
}

/** One path, one line. */
export function verdictLine(inspection: Inspection, terminal: Terminal): string {
  const { verdict, path, kind } = inspection;
  const mark = terminal.style(verdictStyle(verdict.class), verdictMark(verdict.class));
  const what = kind === "bundle" || kind === "mach-o" ? "" : terminal.style("dim", ` (${KIND_WORDS[kind]})`);
  return `${mark} ${terminal.style("bold", visibleText(path))}${what}: ${classWords(verdict.class, terminal)}${signedBy(inspection)}`;
}

const KIND_WORDS: Readonly<Record<Exclude<Inspection["kind"], "mach-o" | "bundle">, string>> = {
  script: "script",
  "installer-package": "installer package",
  "disk-image": "disk image",
  "not-code": "no code",
  unreadable: "not readable",
};

function classWords(trust: TrustClass, terminal: Terminal): string {
  return terminal.style(verdictStyle(trust), TRUST_WORDS[trust]);
}

/** The signer; only claimed where the signature does not hold. */
function signedBy({ verdict, slices, notarized }: Inspection): string {
  const leaf = slices.find((slice) => slice.leaf !== null)?.leaf?.commonName;
  const notary = notarized === "yes" ? ", notarized (stapled)" : "";
  if (leaf === undefined || leaf === null) return notary;
  return `, ${verdict.class === "invalid" ? "claims to be " : ""}${visibleText(leaf)}${notary}`;
}

function sameIdentity(a: SliceInspection, b: SliceInspection): boolean {
  return a === b || (a.class === "unsigned" && b.class === "unsigned" && a.problems.length + b.problems.length === 0);
}

type Facts = [string, string | readonly string[] | null][];

function bundleFacts(bundle: BundleInspection): Facts {
  const { counts } = bundle;
  const differences = [
    [counts.altered, "altered"],
    [counts.missing, "missing"],
    [counts.added, "added"],
  ].flatMap(([count, word]) => (Number(count) > 0 ? [`${count} ${word}`] : []));
  const sealed = `${counts.sealed} sealed files${differences.length === 0 ? ", none differs" : `: ${differences.join(", ")}`}`;
  return [
    ["Bundle", [bundle.kind, bundle.identifier, bundle.version].filter((part) => part !== null).join("  ")],
    ["Executable", bundle.executable],
    [
      "Files",
      bundle.resources === "absent"
        ? "there is no list of sealed files"
        : bundle.resources === "not-checked"
          ? "not compared with the seal"
          : sealed,
    ],
    [
      "Nested code",
      capped(
        bundle.nested.map(
          ({ path, class: trust, sealed: how }) =>
            `${verdictMark(trust)} ${path}: ${TRUST_WORDS[trust]}${how === "bad" ? ", not what the seal names" : ""}`,
        ),
      ),
    ],
  ];
}

function sliceFacts(slice: SliceInspection, arch: string | null): Facts {
  const hashes: readonly [string, string | null][] = [
    ["SHA-384", slice.cdhashes.sha384],
    ["SHA-256", slice.cdhashes.sha256],
    ["SHA-1", slice.cdhashes.sha1],
  ];
  const { timestamp } = slice;
  return [
    ["Architecture", arch],
    ["Identifier", slice.identifier],
    ["Team", slice.teamId],
    ["CDHash", hashes.flatMap(([kind, hash]) => (hash === null ? [] : [`${hash} (${kind})`]))],
    ["Flags", slice.flags.length === 0 ? null : slice.flags.join(", ")],
    [
      "Signed",
      timestamp === null
        ? slice.signingTime === null
          ? null
          : `${day(slice.signingTime)} (the signer's own claim)`
        : `${day(timestamp.at)} (${timestamp.status === "ok" ? "proved by Apple's timestamp" : "by a timestamp that does not verify"})`,
    ],
    [
      "Authority",
      slice.authorities.map(
        ({ commonName, issuer, notBefore, notAfter }) =>
          `${commonName ?? issuer}  ${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}`,
      ),
    ],
    ["Pages", slice.cms === "absent" && slice.cdhash === null ? null : PAGE_WORDS[slice.pageHashes]],
    ["Entitlements", slice.entitlements.length === 0 ? null : entitlementLines(slice.entitlements)],
    ["Requirement", slice.requirement],
  ];
}

const PAGE_WORDS: Readonly<Record<SliceInspection["pageHashes"], string>> = {
  ok: "every page is what was signed",
  bad: "not what was signed",
  "not-checked": "not compared with the signature",
};

/** Those that weaken a protection first. */
function entitlementLines(entitlements: readonly Entitlement[]): string[] {
  const weak = entitlements.filter(({ weakens }) => weakens !== null);
  const rest = entitlements.filter(({ weakens }) => weakens === null);
  return capped([
    ...weak.map(({ key, weakens }) => `! ${key}: ${weakens ?? ""}`),
    ...rest.map(({ key, value }) => `${key} = ${middleCut(value, 80)}`),
  ]);
}

function capped(lines: readonly string[]): string[] {
  if (lines.length <= MAX_LISTED) return [...lines];
  return [...lines.slice(0, MAX_LISTED), `and ${lines.length - MAX_LISTED} more (--json has them all)`];
}

function day(at: string): string {
  return `${at.slice(0, 19).replace("T", " ")} UTC`;
}

function factLines(
  label: string,
  value: string | readonly string[] | null,
  width: number,
  terminal: Terminal,
): string[] {
  const values = value === null ? [] : typeof value === "string" ? [value] : value;
  const lines = values.flatMap((text) => wrap(visibleText(text), Math.max(24, width - LABEL_WIDTH - 2)));
  return lines.map((line, index) => {
    const name = index === 0 ? label : "";
    return `  ${terminal.style("dim", name.padEnd(LABEL_WIDTH))}${line}`;
  });
}
