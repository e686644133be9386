import type { InspectionDepth, Problem, SliceInspection } from "#contract/inspection.ts";
import type { TrustClass } from "#contract/trust.ts";
import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { SLOT } from "./blob/blob-format.ts";
import { entitlementValues, readEntitlements } from "./blob/entitlements.ts";
import { directoryFlagNames } from "./blob/flags.ts";
import { isAdhoc, readSignature } from "./blob/read-signature.ts";
import { cdhashesByKind } from "./blob/cdhashes.ts";
import { designatedRequirement, type RequirementFacts, satisfiesRequirement } from "./blob/requirement.ts";
import { checkSpecialSlots, isBound } from "./blob/special-slots.ts";
import type { ByteSource } from "./byte-source.ts";
import { type CheckLog, LEFT_OUT, OFFLINE } from "./check-log.ts";
import { verifySigner } from "./cms/verify-signer.ts";
import { certificateFacts } from "./certificate-facts.ts";
import type { CodeSignature } from "./code-signature.ts";
import type { Control } from "./control.ts";
import { checkCoverage, checkPages } from "./macho/page-hashes.ts";
import { asDict, parsePlist, type PlistDict } from "./plist/plist.ts";
import { attempt } from "./problem.ts";
import { INSPECTION_NOTES, INSPECTION_PROBLEMS } from "./problems.ts";
import type { Signer } from "./signer.ts";
import type { Slice } from "./slice.ts";
import { type Ticket, ticketCovers, verifyTicket } from "./ticket/verify-ticket.ts";

/** What lies beside the code and is covered by its signature. */
export interface BoundFiles {
  infoPlist: Buffer | null;
  codeResources: Buffer | null;
  /** Stapled to the bundle. */
  ticket: Ticket | null;
}

export interface SliceContext {
  source: ByteSource;
  bound: BoundFiles;
  depth: InspectionDepth;
  now: Micros;
  control: Control;
  log: CheckLog;
}

/** A slice's result, and what an outer seal may know it by. */
export interface SliceResult {
  inspection: SliceInspection;
  /** Of every CodeDirectory. */
  cdhashes: string[];
  /** Its designated requirement, when it is met by the code itself. */
  designated: string | null;
  /** Its signature covers the list of the bundle's files: without that, anyone may have written the list. */
  sealsResources: boolean;
  /** What requirements are put to; null for a slice that is not validly signed. */
  facts: RequirementFacts | null;
}

/** The verdict on one slice. Content never makes it throw; ReadFault and Cancelled pass through. */
export function inspectSlice(slice: Slice, context: SliceContext): SliceResult {
  const problems = [...slice.problems];
  const notes = [...slice.notes];
  const { signature: place } = slice;
  if (place === null) return unverifiable(slice, problems.length > 0 ? "invalid" : "unsigned", problems, notes);
  const read = attempt(() => readSignature(context.source.read(slice.offset + place.offset, place.size), slice));
  if ("problem" in read) return unverifiable(slice, "invalid", [...problems, read.problem], notes);
  return inspectSignature(read.value, slice, context, problems, notes);
}

/** As `inspectSlice`, for a signature that is kept beside the code (a script's, a bundle's without an executable). */
export function inspectSignature(
  signature: CodeSignature,
  slice: Slice,
  context: SliceContext,
  problems: Problem[],
  notes: Problem[],
): SliceResult {
  const { log, bound, now } = context;
  const add = (part: { problems: Problem[]; notes?: Problem[] }): void => {
    problems.push(...part.problems);
    if (part.notes) notes.push(...part.notes);
  };
  add(signature);
  problems.push(...checkCoverage(slice, signature.directories));
  log.done("code-directory");
  const infoPlist = bound.infoPlist ?? slice.embeddedInfoPlist;
  const slots = checkSpecialSlots(signature, { infoPlist, codeResources: bound.codeResources });
  add(slots);
  const unknownSlot = slots.notes.find(({ id }) => id === "special-slot-unknown");
  if (unknownSlot) log.skipped("special-slots", unknownSlot.message);
  else log.done("special-slots");
  const entitlements = readEntitlements(signature);
  add(entitlements);
  log.done("entitlements");
  const signer = verifySigner(signature, now);
  add(signer);
  if (signer.cms !== "absent") {
    log.done("cms");
    if (signer.chain.length > 0) log.done("chain");
    else log.skipped("chain", LEFT_OUT.chain);
    log.skipped("revocation", OFFLINE.revocation);
  }
  log.skipped("trust-cache", OFFLINE["trust-cache"]);
  if (signer.timestamp !== null || signer.problems.some(({ id }) => id === "timestamp-malformed"))
    log.done("timestamp");
  const requirement = designatedRequirement(signature, signer);
  const facts = requirementFacts(signature, signer, infoPlist);
  const satisfied = requirement !== null && meetsOwnRequirement(requirement.explicit, signature, facts);
  if (requirement !== null && !satisfied) note(notes, "requirement-not-met");
  log.done("requirement");
  problems.push(...signingProblems(signature, signer));

  let pageHashes: SliceInspection["pageHashes"] = "not-checked";
  if (context.depth === "header") {
    log.skipped("page-hashes", LEFT_OUT.pages);
  } else {
    const pages = checkPages(context.source, slice, signature.directories, context.control);
    pageHashes = pages.status;
    add(pages);
    log.done("page-hashes");
  }

  const { best } = signature;
  const trust = classOf(signature, signer, problems);
  const notarized = notarization(signature, signer, context, trust, notes);
  const hardenedRuntime = directoryFlagNames(best.flags).includes("runtime");
  if (trust === "developer-id" && !hardenedRuntime && slice.fileType === MH_EXECUTE) note(notes, "no-hardened-runtime");
  const chain = signer.chain.map(certificateFacts);
  return {
    inspection: {
      arch: slice.arch,
      class: trust,
      identifier: best.identifier,
      teamId: best.teamId ?? signer.teamId,
      cdhash: best.cdhash,
      cdhashes: cdhashesByKind(signature),
      flags: directoryFlagNames(best.flags),
      hardenedRuntime,
      pageHashes,
      cms: signer.cms,
      notarized,
      timestamp: signer.timestamp,
      signingTime: signer.signingTime === null ? null : formatTime(signer.signingTime),
      leaf: chain[0] ?? null,
      authorities: chain,
      entitlements: entitlements.entries,
      requirement: requirement?.text ?? null,
      problems: unique(problems),
      notes: unique(notes),
    },
    cdhashes: signature.directories.map(({ cdhash }) => cdhash),
    designated: trust === "invalid" || !satisfied ? null : requirement.text,
    sealsResources: isBound(signature, SLOT.codeResources),
    facts: trust === "invalid" ? null : facts,
  };
}

/** mach-o/loader.h */
const MH_EXECUTE = 2;

/** One that the signer wrote may say anything; what macOS makes up fits by itself. */
function meetsOwnRequirement(explicit: boolean, { requirements }: CodeSignature, facts: RequirementFacts): boolean {
  return !explicit || requirements === null || satisfiesRequirement(requirements, facts) === true;
}

function requirementFacts(signature: CodeSignature, signer: Signer, infoPlist: Buffer | null): RequirementFacts {
  const { best, directories } = signature;
  return {
    identifier: best.identifier,
    cdhashes: directories.map(({ cdhash }) => cdhash),
    chain: signer.chain,
    appleAnchored: signer.appleAnchored,
    infoPlist: infoPlist === null ? new Map() : infoPlistValues(infoPlist),
    entitlements: entitlementValues(signature),
    platform: best.platform,
    notarized: null,
  };
}

const infoPlists = new WeakMap<Buffer, { values: PlistDict | null }>();

/** Every slice of a bundle's program is bound to the same one, which may be large. Null when it cannot be read. */
function infoPlistValues(bytes: Buffer): PlistDict | null {
  const known = infoPlists.get(bytes);
  if (known) return known.values;
  const read = attempt(() => asDict(parsePlist(bytes)));
  const values = "value" in read ? read.value : null;
  infoPlists.set(bytes, { values });
  return values;
}

function signingProblems(signature: CodeSignature, signer: Signer): Problem[] {
  const adhoc = isAdhoc(signature);
  if (adhoc && signer.cms !== "absent") return [problem("adhoc-with-signer")];
  return !adhoc && signer.cms === "absent" ? [problem("signature-without-signer")] : [];
}

function classOf(signature: CodeSignature, signer: Signer, problems: readonly Problem[]): TrustClass {
  if (problems.length > 0 || signer.cms === "bad") return "invalid";
  if (isAdhoc(signature))
    return directoryFlagNames(signature.best.flags).includes("linker-signed") ? "linker-signed" : "ad-hoc";
  return signer.class ?? "invalid";
}

/** "Notarized" means that the code's own hash is in a ticket that verifies; that a ticket is there proves nothing. */
function notarization(
  signature: CodeSignature,
  signer: Signer,
  { bound, log }: SliceContext,
  trust: TrustClass,
  notes: Problem[],
): SliceInspection["notarized"] {
  const embedded = signature.ticket === null ? null : verifyTicket(signature.ticket);
  const tickets = [embedded, bound.ticket].filter((ticket) => ticket !== null);
  if (tickets.length > 0) log.done("ticket");
  if (tickets.some((ticket) => ticket.status === "ok" && ticketCovers(ticket, signature.best.cdhash))) {
    log.done("notarization");
    return trust === "invalid" ? "not-checked" : "yes";
  }
  if (tickets.some((ticket) => ticket.status === "bad")) note(notes, "ticket-unreadable");
  else if (tickets.length > 0) note(notes, "ticket-of-other-code");
  if (signer.cms === "absent") return trust === "invalid" ? "not-checked" : "no";
  log.skipped("notarization", OFFLINE.notarization);
  return "not-checked";
}

/** A slice about whose signature nothing can be said. */
export function unverifiable(slice: Slice, trust: TrustClass, problems: Problem[], notes: Problem[]): SliceResult {
  return {
    inspection: {
      arch: slice.arch,
      class: trust,
      identifier: null,
      teamId: null,
      cdhash: null,
      cdhashes: { sha1: null, sha256: null, sha384: null },
      flags: [],
      hardenedRuntime: false,
      pageHashes: "not-checked",
      cms: "absent",
      notarized: trust === "unsigned" ? "no" : "not-checked",
      timestamp: null,
      signingTime: null,
      leaf: null,
      authorities: [],
      entitlements: [],
      requirement: null,
      problems,
      notes,
    },
    cdhashes: [],
    designated: null,
    sealsResources: false,
    facts: null,
  };
}

function problem(id: keyof typeof INSPECTION_PROBLEMS): Problem {
  return { id, message: INSPECTION_PROBLEMS[id] };
}

function note(notes: Problem[], id: keyof typeof INSPECTION_NOTES): void {
  notes.push({ id, message: INSPECTION_NOTES[id] });
}

/** Two parts may see the same fault; people are told once. */
function unique(list: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return list.filter(({ id, message }) => {
    const key = `${id}\n${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
