import type { TelemetryEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";
import { StateChanges, type StateChange, type StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "./bounded-table.ts";
import { shortText } from "./cap-text.ts";
import { EnrichedEvent } from "./enriched-event.ts";
import { subjectOf, targetPath } from "./event-shape.ts";
import { type KnownProcess, Lineage } from "./lineage.ts";
import { type QuarantineMark, QuarantineMemory } from "./quarantine-memory.ts";
import { type SealKnowledge, SealMemory } from "./seal-memory.ts";
import { readToolRun } from "./tool-action.ts";

export interface EnrichOptions {
  /** MITRE's DeveloperIDAllowList: team ids that are expected on this Mac. */
  developerIdAllowList: readonly string[];
  /** Tells Sealbar's own processes, by identity (cdhash, or team with signing id), never by name. */
  isOwnProcess: (process: Process) => boolean;
}

interface EnrichEvictions {
  processes: number;
  quarantine: number;
  seenCode: number;
  assessments: number;
}

const QUARANTINE = "com.apple.quarantine";
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
  readonly #quarantine: QuarantineMemory;
  readonly #seenCode: BoundedTable<1>;
  readonly #seals: SealMemory;
  readonly #changes = new StateChanges();
  #boot: number | null;

  constructor(entries: readonly StateEntry[], options: EnrichOptions) {
    this.#options = options;
    this.#teams = new Set(options.developerIdAllowList);
    this.#lineage = new Lineage(entries);
    this.#quarantine = new QuarantineMemory(entries);
    this.#seenCode = new BoundedTable("seen:", MAX_SEEN_CODE, entries);
    this.#seals = new SealMemory(entries);
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
    const enriched = new EnrichedEvent(event, {
      posture,
      subject,
      parent,
      responsible: subject === null ? null : this.#lineage.find(subject.responsible),
      quarantine,
      startsProgram,
      seal: this.#findSeal(event, subject, startsProgram),
      firstSeen: startsProgram && subject !== null ? this.#seeFirst(subject) : null,
      own,
      teamListed: subject?.teamId == null ? null : this.#teams.has(subject.teamId),
    });
    this.#remember(event, own, startsProgram);
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
      quarantine: this.#quarantine.evicted,
      seenCode: this.#seenCode.evicted,
      assessments: this.#seals.evicted,
    };
  }

  drainChanges(): StateChange[] {
    return [
      ...this.#changes.drain(),
      ...this.#lineage.drainChanges(),
      ...this.#quarantine.drainChanges(),
      ...this.#seenCode.drainChanges(),
      ...this.#seals.drainChanges(),
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

  /** Its own, started by its own, or turned into something else by an exec of its own. */
  #isOwn(event: TelemetryEvent, subject: Process | null, parent: KnownProcess | null): boolean {
    if (subject === null) return false;
    if (!this.#lineage.knowsOwn) return this.#options.isOwnProcess(subject);
    if (parent !== null && parent.own) return true;
    if (event.kind === "exec" && this.#lineage.find(event.actor.id)?.own === true) return true;
    return this.#lineage.find(subject.id)?.own === true || this.#options.isOwnProcess(subject);
  }

  /** A process that changed its program between two snapshots has done an exec; new flags alone are no start. */
  #startsProgram(event: TelemetryEvent): boolean {
    if (event.kind !== "process_snapshot") return event.kind === "exec";
    return event.change === "new" || (event.change === "changed" && !this.#lineage.stillRuns(event.process));
  }

  #seeFirst(process: Process): boolean {
    const key = process.cdhash ?? shortText(process.path, MAX_PATH);
    if (this.#seenCode.get(key) !== undefined) {
      this.#seenCode.touch(key);
      return false;
    }
    this.#seenCode.set(key, 1);
    return true;
  }

  #findQuarantine(event: TelemetryEvent, subject: Process | null): QuarantineMark | null {
    if (event.kind === "exec" || event.kind === "process_snapshot") {
      return subject === null ? null : this.#quarantine.find(subject.path);
    }
    const path = targetPath(event);
    return path === null ? null : this.#quarantine.find(path);
  }

  #findSeal(event: TelemetryEvent, subject: Process | null, startsProgram: boolean): SealKnowledge | null {
    if (event.kind === "file_answer") return this.#seals.findForLook(event, this.#lineage);
    return subject === null ? null : this.#seals.find(subject, startsProgram, event.time);
  }

  #remember(event: TelemetryEvent, own: boolean, startsProgram: boolean): void {
    const { time } = event;
    switch (event.kind) {
      case "exec":
        this.#lineage.record(event.target, event.args, own, time);
        this.#seals.began(event.target, time);
        this.#rememberToolRun(event.target, event.args, event.cwd, time);
        return;
      case "fork":
        this.#lineage.record(event.child, null, own, time);
        return;
      case "process_snapshot":
        if (event.change === "gone") return;
        this.#lineage.record(event.process, event.args, own, time);
        if (!startsProgram) return;
        this.#seals.began(event.process, time);
        this.#rememberToolRun(event.process, event.args, null, time);
        return;
      case "deleteextattr":
        if (event.extattr === QUARANTINE) this.#quarantine.removed(event.target.path, time, event.actor.path);
        return;
      case "setextattr":
        if (event.extattr === QUARANTINE) this.#quarantine.set(event.target.path, null, time, event.actor.path);
        return;
      case "rename":
        this.#quarantine.moved(event.source, event.destination);
        return;
      case "unlink":
        this.#quarantine.gone(event.target.path);
        return;
      case "gatekeeper_user_override":
        if (event.path !== null) this.#quarantine.approved(event.path, time);
        return;
      case "fs_change":
        if (event.change === "removed") this.#quarantine.gone(event.path);
        else if (event.xattr === QUARANTINE && event.change === "xattr-removed") {
          this.#quarantine.removed(event.path, time, null);
        } else if (event.xattr === QUARANTINE && event.change === "xattr-set") {
          this.#quarantine.set(event.path, event.after, time, null);
        }
        return;
      case "file_answer":
        if (event.quarantine !== null) this.#quarantine.set(event.path, event.quarantine, time, null);
        else if (event.markUnread === null) this.#quarantine.seenWithout(event.path, time);
        this.#seals.looked(event);
        return;
      case "log":
        this.#seals.logged(event, this.#lineage);
        return;
      default:
        return;
    }
  }

  /** Without file events, the tool's run is the only sign that a mark is gone. */
  #rememberToolRun(process: Process, args: readonly string[], cwd: string | null, time: number): void {
    const run = readToolRun(process, args, cwd);
    if (run?.action !== "quarantine-removed") return;
    const recursive = run.recursive === true;
    for (const target of run.targets) this.#quarantine.removed(target, time, process.path, recursive);
  }
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
