import type { CodesignFacts } from "#contract/codesign-facts.ts";
import type { EventOf } from "#contract/event.ts";
import type { InspectionSummary, SliceSummary } from "#contract/inspection-summary.ts";
import type { LogFact } from "#contract/log-fact.ts";
import { APP_HASH, APP_IMAGE, AT, header } from "./events.fixture.ts";

/** Constructed answers about files for tests; names, teams and hashes are invented. */
export const TEAM = "7QXW3N5R2K";
export const OTHER_HASH = "ffeeddccbbaa99887766554433221100ffeeddcc";

export function slice(part: Partial<SliceSummary> = {}): SliceSummary {
  const own = { identifier: "invoice-viewer", teamId: TEAM, cdhashes: [APP_HASH] };
  return { arch: "arm64", class: "developer-id", notarized: "not-checked", ...own, ...part };
}

/** A summary of one slice; `whole` says more of the file than of its slice. */
export function inspection(
  part: Partial<SliceSummary> = {},
  whole: Partial<InspectionSummary> = {},
): InspectionSummary {
  const one = slice(part);
  return {
    kind: "mach-o",
    depth: "full",
    class: one.class,
    notarized: one.notarized,
    identifier: one.identifier,
    teamId: one.teamId,
    executable: null,
    slices: [one],
    problems: [],
    notes: [],
    checked: ["container", "code-directory", "cms", "chain", "page-hashes"],
    notChecked: [{ check: "revocation", why: "Only Apple's servers know." }],
    ...whole,
  };
}

export function codesign(part: Partial<CodesignFacts> = {}): CodesignFacts {
  return {
    verdict: "valid",
    error: null,
    identifier: "invoice-viewer",
    teamId: TEAM,
    cdhash: APP_HASH,
    adHoc: false,
    linkerSigned: false,
    authorities: [
      "Developer ID Application: Invented Software",
      "Developer ID Certification Authority",
      "Apple Root CA",
    ],
    timestamp: null,
    ticketStapled: false,
    ...part,
  };
}

export function look(part: Partial<EventOf<"file_answer">> = {}, time = AT): EventOf<"file_answer"> {
  return {
    ...header(time),
    kind: "file_answer",
    path: APP_IMAGE,
    quarantine: null,
    markUnread: null,
    provenance: null,
    mode: null,
    size: null,
    mtime: null,
    cdhash: APP_HASH,
    assessment: null,
    inspection: null,
    codesign: null,
    unreadable: [],
    ...part,
  };
}

export function logged(fact: LogFact, time = AT): EventOf<"log"> {
  return {
    ...header(time),
    kind: "log",
    processPath: "/usr/libexec/amfid",
    pid: 402,
    senderPath: "/usr/libexec/amfid",
    subsystem: "",
    category: "",
    messageType: "Error",
    message: fact.fact,
    bootUuid: null,
    fact,
  };
}
