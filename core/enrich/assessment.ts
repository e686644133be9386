import type { EventOf } from "#contract/event.ts";
import type { Notarized, Trust, TrustClass } from "#contract/trust.ts";

/** What Gatekeeper's own assessment of a file added to what the flags say. */
export interface Verdict {
  class: TrustClass | null;
  notarized: Notarized;
  source: string;
}

/** spctl's `source=` words (Security policyengine/policydb). Words that name no signer are left out. */
const BY_SOURCE: Readonly<Record<string, Omit<Verdict, "source">>> = {
  "Notarized Developer ID": { class: "developer-id", notarized: "yes" },
  "Unnotarized Developer ID": { class: "developer-id", notarized: "no" },
  "Developer ID": { class: "developer-id", notarized: "not-checked" },
  "Mac App Store": { class: "app-store", notarized: "not-checked" },
  "Apple System": { class: "platform", notarized: "not-checked" },
  Testflight: { class: "testflight", notarized: "not-checked" },
};

/** Reads an assessment; null when it says nothing about the signer (a timeout, a localised word, another error). */
export function readAssessment(answer: EventOf<"file_answer">): Verdict | null {
  const { assessment } = answer;
  if (assessment === null || assessment.timedOut === true) return null;
  const error = assessment.error ?? "";
  if (error.includes("CSSMERR_TP_CERT_REVOKED")) return { class: "revoked", notarized: "no", source: "revoked" };
  const source = assessment.source ?? "";
  const known = Object.hasOwn(BY_SOURCE, source) ? BY_SOURCE[source] : undefined;
  return known === undefined ? null : { ...known, source };
}

/** Classes an assessment may name more exactly: a signature is there and valid. */
const REFINABLE: ReadonlySet<TrustClass> = new Set([
  "unknown",
  "developer-id",
  "app-store",
  "testflight",
  "development",
  "enterprise",
  "self-signed",
  "platform",
]);

/**
 * Joins flags and assessment. What the kernel saw (unsigned, ad hoc, invalid) is never raised by an assessment of the
 * file, which may have been another file by then; revocation always counts.
 */
export function refineTrust(trust: Trust, verdict: Verdict): Trust {
  const checked = [...trust.checked, `Gatekeeper assessment: ${verdict.source}`];
  if (verdict.class === "revoked") {
    return { ...trust, class: "revoked", notarized: "no", checked, notes: ["Its certificate has been revoked."] };
  }
  if (!REFINABLE.has(trust.class)) return trust;
  if (trust.class === "platform" && verdict.class !== "platform") return trust;
  return {
    class: trust.class === "unknown" || trust.class === "self-signed" ? (verdict.class ?? trust.class) : trust.class,
    notarized: verdict.notarized,
    checked,
    notes: trust.class === "unknown" || trust.class === "self-signed" ? [] : trust.notes,
  };
}
