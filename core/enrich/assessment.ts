import type { EventOf } from "#contract/event.ts";
import type { Notarized, TrustClass } from "#contract/trust.ts";

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
