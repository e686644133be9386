import type {
  BundleInspection,
  InspectedKind,
  Inspection,
  InspectionDepth,
  NestedCode,
  SliceInspection,
} from "#contract/inspection.ts";
import type { Notarized, TrustClass } from "#contract/trust.ts";
import { hasMoreToRead } from "#renderer/state/inspection-store.ts";
import { splitPath } from "#renderer/ui/path-text.tsx";

/** The name that is shown for a path. */
export function fileName(path: string): string {
  const { name } = splitPath(path);
  return name.endsWith("/") ? name.slice(0, -1) : name;
}

/** The slice that decides the verdict; null without slices. In file order, the first of the verdict's class. */
export function decidingSlice({ slices, verdict }: Inspection): SliceInspection | null {
  return slices.find((slice) => slice.class === verdict.class) ?? slices[0] ?? null;
}

/** Apple's names for kinds of certificates, before the developer's own name; the classes say the same. */
const KIND_OF_CERTIFICATE =
  /^(?:Developer ID Application|Apple Development|Apple Distribution|Mac Developer|3rd Party Mac Developer Application|iPhone Distribution): /;

const DECIDED: readonly TrustClass[] = ["invalid", "revoked", "unsigned", "unknown", "not-code"];

/** Only the signature was read, and what it covers may still make the verdict worse. */
export function isTentative(inspection: Inspection): boolean {
  return inspection.depth === "header" && hasMoreToRead(inspection) && !DECIDED.includes(inspection.verdict.class);
}

/** Who the certificate names, with the team where the name does not say it. */
export function signerName({ leaf, teamId }: Pick<SliceInspection, "leaf" | "teamId">): string {
  const name = (leaf?.commonName ?? leaf?.organization ?? "a certificate without a name").replace(
    KIND_OF_CERTIFICATE,
    "",
  );
  return teamId === null || name.includes(teamId) ? name : `${name} (${teamId})`;
}

const UNVOUCHED: readonly TrustClass[] = [
  "invalid",
  "untrusted",
  "self-signed",
  "ad-hoc",
  "linker-signed",
  "local-signing",
];

/** Nobody vouches for what the signature says of itself. */
export function isOnlyClaimed(trust: TrustClass): boolean {
  return UNVOUCHED.includes(trust);
}

const KIND_SENTENCES: Partial<Record<InspectedKind, string>> = {
  "installer-package": "An installer package. Sealbar does not inspect these yet, so nothing about it was checked.",
  "disk-image": "A disk image. Sealbar does not inspect these yet, so nothing about it was checked.",
  "not-code": "This is not code, so there is no signature to check.",
  unreadable: "It could not be read, so nothing about its signature is known.",
};

/** The verdict as one sentence. Names in it come from the code: shown as text. */
export function verdictSentence(inspection: Inspection): string {
  const { kind, verdict } = inspection;
  const known = KIND_SENTENCES[kind];
  if (known !== undefined) return known;
  const slice = decidingSlice(inspection);
  const sentence = CLASS_SENTENCES[verdict.class](slice === null ? "" : signerName(slice));
  return isTentative(inspection) ? `${sentence} ${TENTATIVE}` : sentence;
}

const TENTATIVE = "Only the signature was read: whether the code was changed since is not known.";

/** The same for one of several slices. */
export function sliceSentence(slice: SliceInspection): string {
  return CLASS_SENTENCES[slice.class](signerName(slice));
}

const CLASS_SENTENCES: Readonly<Record<TrustClass, (signer: string) => string>> = {
  platform: () => "Signed by Apple as a part of macOS.",
  "platform-legacy": () => "Signed by Apple for an earlier macOS.",
  "app-store": () => "Signed by the App Store.",
  "app-store-submission": (signer) =>
    `Signed by ${signer} to be handed in to the App Store. The App Store has not signed it.`,
  testflight: () => "Signed for testing through TestFlight.",
  "developer-id": (signer) => `Signed by ${signer}, a developer Apple knows.`,
  development: (signer) => `Signed by ${signer} with a certificate that is for development only.`,
  enterprise: (signer) => `Signed by ${signer} for the Macs of one organization.`,
  "local-signing": () => "Signed on a Mac by itself. The signature names no developer.",
  "linker-signed": () => "The linker signed it when it was built. The signature names no developer.",
  "ad-hoc": () => "It has an ad hoc signature, which names no developer.",
  "self-signed": (signer) => `Signed by ${signer}, a certificate that nobody vouches for.`,
  untrusted: (signer) => `Signed by ${signer}, a certificate that does not come from Apple.`,
  unsigned: () => "It has no code signature.",
  invalid: () => "Its signature does not hold. What it says about itself is only a claim.",
  revoked: (signer) => `Signed by ${signer}. This signature was withdrawn.`,
  "not-code": () => "This is not code, so there is no signature to check.",
  unknown: () => "It could not be checked: it is neither trusted nor unsigned.",
};

/** The one thing to do next where there is no verdict; null where there is one. */
export function nextStep({ kind, path }: Pick<Inspection, "kind" | "path">): string | null {
  const steps: Partial<Record<InspectedKind, string>> = {
    unreadable: "Look whether it is still there and may be read by you, then inspect it again.",
    "disk-image": "Open it, and inspect the app inside.",
    "installer-package": `In Terminal, \`pkgutil --check-signature\` says who signed “${fileName(path)}”.`,
  };
  return steps[kind] ?? null;
}

export const NOTARIZED_WORDS: Readonly<Record<Notarized, string>> = {
  yes: "Yes: the ticket stapled to it is Apple’s, and is for this code",
  no: "No",
  "not-checked": "Not checked: without a stapled ticket only Apple knows",
};

export const PAGE_WORDS: Readonly<Record<SliceInspection["pageHashes"], string>> = {
  ok: "Every page is as it was signed",
  bad: "Changed after signing",
  "not-checked": "Not checked",
};

export const RESOURCE_WORDS: Readonly<Record<BundleInspection["resources"], string>> = {
  ok: "All as they were sealed",
  bad: "Not as they were sealed",
  absent: "Not sealed at all",
  "not-checked": "Not checked",
};

export const SEALED_WORDS: Readonly<Record<NestedCode["sealed"], string>> = {
  ok: "As sealed",
  bad: "Not what was sealed",
  "not-checked": "Seal not checked",
};

/** A failure of ours. */
export function failureSentence(why: string): string {
  return `The file could not be inspected, which says nothing about it. ${why}`;
}

/** What is being read, for whoever waits. */
export const READING_WORDS: Readonly<Record<InspectionDepth, string>> = {
  header: "Reading the signature",
  full: "Checking everything the signature covers",
  deep: "Checking the code inside as well",
};

/** What is not known because the reading was ended. */
export const STOPPED_WORDS: Readonly<Record<InspectionDepth, string>> = {
  header: "Stopped before the signature was read. Nothing is known about it.",
  full: "Stopped before everything was checked.",
  deep: "Stopped. The code inside was not looked at by itself.",
};

/** "1,204 sealed: 2 altered, 1 missing, 3 added", leaving out what is none. */
export function countWords({ counts }: Pick<BundleInspection, "counts">): string {
  const differing = (["altered", "missing", "added"] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => `${counts[name].toLocaleString("en-US")} ${name}`);
  const sealed = `${counts.sealed.toLocaleString("en-US")} sealed`;
  return differing.length === 0 ? sealed : `${sealed}: ${differing.join(", ")}`;
}
