import type { Micros } from "#core/base/clock.ts";
import type { EnrichedEvent } from "./enriched-event.ts";
import { targetPath } from "./event-shape.ts";
import { factProcess } from "./fact-fields.ts";
import type { KnownProcess, Lineage } from "./lineage.ts";
import type { PolicyPaths } from "./policy-paths.ts";
import type { AllowedUsers, UserNames } from "./user-names.ts";

/** What the fields of every record of this Mac may look up: memories and settings that are not of one record. */
export interface Site {
  lineage: Lineage;
  users: UserNames;
  allowedUsers: AllowedUsers;
  policyPaths: PolicyPaths;
}

/** What the site says around one record. Worked out when asked; kept as plain data with a record that has to wait. */
export interface Around {
  /** What started the subject, or the process that a fact of the log names; nearest first. */
  ancestors: readonly KnownProcess[];
  /** Null: nobody is listed, or not known. */
  userAllowed: boolean | null;
  /** The process that a fact of the log names. */
  factProcess: KnownProcess | null;
  /** When the subject was last seen to start its program. */
  beganAt: Micros | null;
  /** The setting of PolicyPaths that covers the file. */
  policyPath: string | null;
}

type Readers = { readonly [K in keyof Around]: (enriched: EnrichedEvent, site: Site) => Around[K] };

/** How many processes up the line are told. */
const MAX_ANCESTORS = 8;

const READERS: Readers = {
  ancestors: ({ event, parent }, { lineage }) => {
    if (parent !== null) return [parent, ...lineage.ancestors(parent, MAX_ANCESTORS - 1)];
    const named = event.kind === "log" && event.fact !== null ? factProcess(event.fact, lineage) : null;
    return named === null ? [] : lineage.ancestors(named, MAX_ANCESTORS);
  },
  userAllowed: ({ event, subject }, { allowedUsers, users }) => {
    if (event.kind === "log") {
      return event.fact?.fact === "sudo-command" ? allowedUsers.allows({ name: event.fact.user }, users) : null;
    }
    // A process of no login is judged by whom it runs as.
    const uid = subject?.auid ?? subject?.uid ?? null;
    return uid === null ? null : allowedUsers.allows({ uid }, users);
  },
  factProcess: ({ event }, { lineage }) =>
    event.kind === "log" && event.fact !== null ? factProcess(event.fact, lineage) : null,
  beganAt: ({ subject }, { lineage }) => (subject === null ? null : (lineage.find(subject.id)?.at ?? null)),
  policyPath: ({ event }, { policyPaths }) => {
    const path = targetPath(event);
    return path === null ? null : policyPaths.covering(path);
  },
};

const NOTHING: Around = { ancestors: [], userAllowed: null, factProcess: null, beganAt: null, policyPath: null };

/** One answer of the site; without one, nothing is known. */
export function askSite<K extends keyof Around>(name: K, enriched: EnrichedEvent, site: Site | null): Around[K] {
  return site === null ? NOTHING[name] : READERS[name](enriched, site);
}

/** All of them, to be kept. */
export function askAll(enriched: EnrichedEvent, site: Site | null): Around {
  return {
    ancestors: askSite("ancestors", enriched, site),
    userAllowed: askSite("userAllowed", enriched, site),
    factProcess: askSite("factProcess", enriched, site),
    beganAt: askSite("beganAt", enriched, site),
    policyPath: askSite("policyPath", enriched, site),
  };
}
