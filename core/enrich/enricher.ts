import type { TelemetryEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";
import { StateChanges, type StateChange, type StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "./bounded-table.ts";
import { codeRoot, isBundle } from "./code-root.ts";
import { shortText } from "./cap-text.ts";
import { EnrichedEvent } from "./enriched-event.ts";
import { subjectOf, targetPath } from "./event-shape.ts";
import { FileMemories } from "./file-memories.ts";
import { IdentityMemory, type IdentityStep } from "./identity-memory.ts";
import { type KnownProcess, Lineage } from "./lineage.ts";
import type { QuarantineMark } from "./quarantine-memory.ts";
import { type SealKnowledge, SealMemory } from "./seal-memory.ts";
import { PolicyPaths } from "./policy-paths.ts";
import type { Site } from "./site.ts";
import { joinTrust } from "./trust.ts";
import { AllowedUsers, UserNames } from "./user-names.ts";

export interface EnrichOptions {
  /** MITRE's DeveloperIDAllowList: team ids that are expected on this Mac. */
  developerIdAllowList: readonly string[];
  /** MITRE's AllowedUsers: account names or uids. Empty: everybody is watched alike. */
  allowedUsers?: readonly string[];
  /** MITRE's PolicyPaths: absolute, `*` within a component. */
  policyPaths?: readonly string[];
  /** Tells Sealbar's own processes, by identity (cdhash, or team with signing id), never by name. */
  isOwnProcess: (process: Process) => boolean;
}

interface EnrichEvictions {
  processes: number;
  quarantine: number;
  seenCode: number;
  assessments: number;
  users: number;
  origins: number;
  identities: number;
  bundles: number;
}

const MAX_SEEN_CODE = 20_000;
const MAX_PATH = 4096;
const BOOT_KEY = "boot";

/**
 * Adds what is known around an event: lineage, trust, quarantine, posture of that moment. Local data only.
 * All memory is bounded and durable; the same events in the same order give the same answers.
 */
export class Enricher {
  readonly #options: EnrichOptions;
  readonly #teams: ReadonlySet<string>;
  readonly #lineage: Lineage;
  readonly #files: FileMemories;
  readonly #seenCode: BoundedTable<1>;
  readonly #seals: SealMemory;
  readonly #identities: IdentityMemory;
  readonly #site: Site;
  readonly #changes = new StateChanges();
  #boot: number | null;

  constructor(entries: readonly StateEntry[], options: EnrichOptions) {
    this.#options = options;
    this.#teams = new Set(options.developerIdAllowList);
    this.#lineage = new Lineage(entries);
    this.#files = new FileMemories(entries);
    this.#seenCode = new BoundedTable("seen:", MAX_SEEN_CODE, entries);
    this.#seals = new SealMemory(entries);
    this.#identities = new IdentityMemory(entries);
    this.#site = {
      lineage: this.#lineage,
      users: new UserNames(entries),
      allowedUsers: new AllowedUsers(options.allowedUsers ?? []),
      policyPaths: new PolicyPaths(options.policyPaths ?? []),
    };
    const boot = entries.find((entry) => entry.key === BOOT_KEY);
    this.#boot = boot === undefined ? null : Number(boot.value);
  }

  /** Enriches and remembers. Call once an event, in order. */
  enrich(event: TelemetryEvent, posture: PostureNow): EnrichedEvent {
    if (posture.bootOrdinal !== this.#boot) this.#enterBoot(posture.bootOrdinal);
    const subject = subjectOf(event);
    const parent = this.#parentOf(event, subject);
    const own = this.#isOwn(event, subject, parent);
    const startsProgram = this.#startsProgram(event);
    const quarantine = this.#findQuarantine(event, subject);
    const seal = this.#findSeal(event, subject, startsProgram);
    const started = startsProgram ? subject : null;
    const launched = started === null ? null : launchedFile(event, started);
    const enriched = new EnrichedEvent(
      event,
      {
        posture,
        subject,
        parent,
        responsible: subject === null ? null : this.#lineage.find(subject.responsible),
        quarantine,
        startsProgram,
        seal,
        firstSeen: started === null ? null : this.#seeFirst(started, launched),
        origin: launched === null ? null : this.#files.origin(launched),
        identity: started === null ? null : this.#identify(event, started, seal),
        quarantineMismatch: launched === null ? null : this.#files.marksDisagree(launched),
        own,
        teamListed: subject?.teamId == null ? null : this.#teams.has(subject.teamId),
      },
      this.#site,
    );
    this.#remember(event, enriched);
    return enriched;
  }

  /** The process and what started it, nearest first. */
  ancestors(process: KnownProcess, limit: number): KnownProcess[] {
    return this.#lineage.ancestors(process, limit);
  }

  /** Memory that had to be given up since construction. */
  evictions(): EnrichEvictions {
    return {
      processes: this.#lineage.evicted,
      ...this.#files.evictions,
      seenCode: this.#seenCode.evicted,
      assessments: this.#seals.evicted,
      users: this.#site.users.evicted,
      identities: this.#identities.evicted,
    };
  }

  drainChanges(): StateChange[] {
    return [
      ...this.#changes.drain(),
      ...this.#lineage.drainChanges(),
      ...this.#files.drainChanges(),
      ...this.#seenCode.drainChanges(),
      ...this.#seals.drainChanges(),
      ...this.#site.users.drainChanges(),
      ...this.#identities.drainChanges(),
    ];
  }

  #enterBoot(ordinal: number): void {
    if (this.#boot !== null) {
      this.#lineage.clear();
      this.#seals.clearProcesses();
    }
    this.#boot = ordinal;
    this.#changes.set(BOOT_KEY, String(ordinal));
  }

  /** An exec keeps its parent: where the source does not give the target's, the actor's is the same one. */
  #parentOf(event: TelemetryEvent, subject: Process | null): KnownProcess | null {
    if (subject === null) return null;
    const parent = this.#lineage.parentOf(subject);
    if (parent !== null || event.kind !== "exec" || subject.parent !== null) return parent;
    return this.#lineage.parentOf(event.actor);
  }

  /**
   * Its own, started by its own, or turned into something else by an exec of its own. The helper itself is often older
   * than every record, but what it starts begins as a copy of it, which is the actor of the exec. A snapshot's new process
   * may have the pid of one that is gone, so only its parent and its own identity count.
   */
  #isOwn(event: TelemetryEvent, subject: Process | null, parent: KnownProcess | null): boolean {
    if (subject === null) return false;
    const { isOwnProcess } = this.#options;
    if (isOwnProcess(subject) || (event.kind === "exec" && isOwnProcess(event.actor))) return true;
    if (!this.#lineage.knowsOwn) return false;
    if (parent !== null && parent.own) return true;
    if (event.kind === "exec" && this.#lineage.find(event.actor.id)?.own === true) return true;
    const isNew = event.kind === "process_snapshot" && event.change === "new";
    return !isNew && this.#lineage.find(subject.id)?.own === true;
  }

  /** A process that changed its program between two snapshots has done an exec; new flags alone are no start. */
  #startsProgram(event: TelemetryEvent): boolean {
    if (event.kind !== "process_snapshot") return event.kind === "exec";
    return event.change === "new" || (event.change === "changed" && !this.#lineage.stillRuns(event.process));
  }

  #seeFirst(process: Process, launched: string | null): boolean {
    const isScript = launched !== null && launched !== process.path;
    const key = isScript ? shortText(launched, MAX_PATH) : (process.cdhash ?? shortText(process.path, MAX_PATH));
    if (this.#seenCode.get(key) !== undefined) {
      this.#seenCode.touch(key);
      return false;
    }
    this.#seenCode.set(key, 1);
    return true;
  }

  #identify(event: TelemetryEvent, process: Process, seal: SealKnowledge | null): IdentityStep | null {
    return this.#identities.ran(process, joinTrust(process, seal).class, event.kind === "process_snapshot");
  }

  #findQuarantine(event: TelemetryEvent, subject: Process | null): QuarantineMark | null {
    if (event.kind === "exec" || event.kind === "process_snapshot") {
      return subject === null ? null : this.#files.mark(launchedFile(event, subject));
    }
    const path = targetPath(event);
    if (path === null) return null;
    switch (event.kind) {
      case "setextattr":
      case "deleteextattr":
        return this.#files.markBefore(path, event.time, event.actor.path);
      case "fs_change":
        return event.xattr === null ? this.#files.mark(path) : this.#files.markBefore(path, event.time, null);
      default:
        return this.#files.mark(path);
    }
  }

  #findSeal(event: TelemetryEvent, subject: Process | null, startsProgram: boolean): SealKnowledge | null {
    if (event.kind === "file_answer") return this.#seals.findForLook(event, this.#lineage);
    return subject === null ? null : this.#seals.find(subject, startsProgram, event.time);
  }

  #remember(event: TelemetryEvent, enriched: EnrichedEvent): void {
    const { own, startsProgram, parent, time } = enriched;
    this.#files.remember(enriched);
    switch (event.kind) {
      case "exec":
        this.#lineage.record(event.target, event.args, own, time);
        this.#site.users.started(event.target, parent);
        this.#seals.began(event.target, time);
        this.#files.toolRan(event.target, event.args, event.cwd, time);
        return;
      case "fork":
        this.#lineage.record(event.child, null, own, time);
        return;
      case "process_snapshot":
        if (event.change === "gone") return;
        this.#lineage.record(event.process, event.args, own, time);
        if (!startsProgram) return;
        this.#site.users.started(event.process, parent);
        this.#seals.began(event.process, time);
        this.#files.toolRan(event.process, event.args, null, time);
        return;
      case "file_answer":
        this.#seals.looked(event);
        return;
      case "log":
        this.#seals.logged(event, this.#lineage);
        this.#site.users.logged(event, this.#lineage);
        return;
      default:
        return;
    }
  }
}

/** The file that a start is about: of a bundle that is only a script, the script, for its interpreter is part of macOS. */
function launchedFile(event: TelemetryEvent, process: Process): string {
  if (event.kind !== "exec" || event.script === null) return process.path;
  return isBundle(codeRoot(event.script)) ? event.script : process.path;
}

/** An own-process test by identity; without one, nothing is taken for Sealbar's own. */
export function ownByIdentity(own: {
  cdhashes: readonly string[];
  teamId: string | null;
}): (process: Process) => boolean {
  const hashes = new Set(own.cdhashes);
  return (process) =>
    (process.cdhash !== null && hashes.has(process.cdhash)) ||
    (own.teamId !== null && process.teamId === own.teamId && (process.signingId ?? "").startsWith("app.sealbar"));
}
