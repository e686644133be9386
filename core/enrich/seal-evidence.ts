import type { EventOf } from "#contract/event.ts";
import type { InspectionSummary, SliceSummary } from "#contract/inspection-summary.ts";
import type { Notarized, TrustClass } from "#contract/trust.ts";
import { readAssessment, type Verdict } from "./assessment.ts";
import { shortText } from "./cap-text.ts";

type FileAnswer = EventOf<"file_answer">;

/** What our inspector found about one piece of code (one slice of a file). */
export interface InspectorSays {
  class: TrustClass;
  notarized: Notarized;
  identifier: string | null;
  teamId: string | null;
  depth: InspectionSummary["depth"];
  /** Sentence of the first problem; null without one. */
  problem: string | null;
  /** What the code seals (resources, nested code); null: not looked at. */
  bundle: "intact" | "altered" | null;
}

export interface CodesignSays {
  signature: "valid" | "invalid" | null;
  /** What the code seals; null: not told, or no bundle. */
  bundle: "intact" | "altered" | null;
  revoked: boolean;
  error: string | null;
  adHoc: boolean;
  linkerSigned: boolean;
  /** The last certificate's name; null without certificates. Claimed, not verified. */
  root: string | null;
  identifier: string | null;
  /** Empty text: it says that there is none. */
  teamId: string | null;
  ticketStapled: boolean;
}

/** What is known about one piece of code from looks at files. The newest answer of each authority. */
export interface SealEvidence {
  gatekeeper: Verdict | null;
  inspector: InspectorSays | null;
  codesign: CodesignSays | null;
  /** The unified log said that Apple revoked it. */
  revoked: boolean;
}

export const NO_EVIDENCE: SealEvidence = { gatekeeper: null, inspector: null, codesign: null, revoked: false };

/** One look at a file, by the code it is about. */
export interface FileLook {
  /** By CDHash: the helper's own, each slice's, codesign's. */
  byHash: Map<string, SealEvidence>;
  /** The file as a whole, whatever its hashes. */
  whole: SealEvidence;
  /** Every CDHash that somebody found in the file itself; empty when it is not signed or nobody looked. */
  found: string[];
  /** Somebody found the file, or a slice of it, to be unsigned. */
  unsigned: boolean;
  /** The executable the answer is about: for a bundle, its main executable where that is known. */
  path: string;
}

const MAX_TEXT = 200;

/** Sorts an answer by the code that each part of it is about. A part without a CDHash is about the answer's own one. */
export function readLook(answer: FileAnswer): FileLook {
  const { inspection, codesign } = answer;
  const gatekeeper = readAssessment(answer);
  const whole: SealEvidence = {
    ...NO_EVIDENCE,
    gatekeeper,
    inspector: inspection === null ? null : inspectorOf(inspection, null),
    codesign: codesignOf(answer),
  };
  const byHash = new Map<string, SealEvidence>();
  const add = (cdhash: string | null, evidence: Partial<SealEvidence>): void => {
    if (cdhash !== null) byHash.set(cdhash, { ...(byHash.get(cdhash) ?? NO_EVIDENCE), ...evidence });
  };
  if (gatekeeper !== null) add(answer.cdhash, { gatekeeper });
  const found: string[] = [];
  for (const slice of inspection?.slices ?? []) {
    const inspector = inspection === null ? null : inspectorOf(inspection, slice);
    for (const cdhash of slice.cdhashes) {
      add(cdhash, { inspector });
      found.push(cdhash);
    }
  }
  if (codesign?.cdhash != null) found.push(codesign.cdhash);
  const isSigned = codesign?.verdict !== "unsigned";
  if (isSigned && whole.codesign !== null) add(codesign?.cdhash ?? answer.cdhash, { codesign: whole.codesign });
  const slices = inspection?.slices ?? [];
  return {
    byHash,
    whole,
    found: [...new Set(found)],
    unsigned: !isSigned || inspection?.class === "unsigned" || slices.some((slice) => slice.class === "unsigned"),
    path: executableOf(answer.path, inspection),
  };
}

function executableOf(path: string, inspection: InspectionSummary | null): string {
  const executable = inspection?.executable ?? null;
  return executable === null ? path : `${path.endsWith("/") ? path.slice(0, -1) : path}/${executable}`;
}

function inspectorOf(inspection: InspectionSummary, slice: SliceSummary | null): InspectorSays {
  const of = slice ?? inspection;
  const ownSlices = inspection.slices.length > 0;
  // The whole is worse than each of its slices only where what they seal is.
  const altered =
    ownSlices && inspection.class === "invalid" && inspection.slices.every((one) => one.class !== "invalid");
  const sealed = inspection.kind === "bundle" && inspection.checked.includes("resources");
  return {
    class: of.class,
    notarized: of.notarized,
    identifier: short(of.identifier),
    teamId: short(of.teamId),
    depth: inspection.depth,
    problem: short(inspection.problems[0]?.message ?? null),
    bundle: altered && inspection.kind === "bundle" ? "altered" : sealed ? "intact" : null,
  };
}

function codesignOf({ codesign, inspection }: FileAnswer): CodesignSays | null {
  if (codesign === null) return null;
  const { verdict } = codesign;
  const root = codesign.authorities.at(-1) ?? null;
  const isBundle = inspection?.kind === "bundle";
  return {
    signature: verdict === "valid" || verdict === "invalid" ? verdict : null,
    bundle: verdict === "altered" ? "altered" : verdict === "valid" && isBundle ? "intact" : null,
    revoked: verdict === "revoked",
    error: short(codesign.error),
    adHoc: codesign.adHoc === true,
    linkerSigned: codesign.linkerSigned === true,
    root: short(root),
    identifier: short(codesign.identifier),
    teamId: short(codesign.teamId),
    ticketStapled: codesign.ticketStapled,
  };
}

function short(text: string | null): string | null {
  return text === null ? null : shortText(text, MAX_TEXT);
}
