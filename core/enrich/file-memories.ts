import type { EsEvent, EventOf } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import type { EnrichedEvent } from "./enriched-event.ts";
import { changeType, isEsEvent, targetPath } from "./event-shape.ts";
import { type Origin, OriginMemory } from "./origin-memory.ts";
import { type QuarantineMark, QuarantineMemory } from "./quarantine-memory.ts";
import { QuarantineParts } from "./quarantine-parts.ts";
import { readToolRun } from "./tool-action.ts";

const QUARANTINE = "com.apple.quarantine";

/** What is known of files before they run: their quarantine marks and who wrote them. */
export class FileMemories {
  readonly #quarantine: QuarantineMemory;
  readonly #parts: QuarantineParts;
  readonly #origins: OriginMemory;

  constructor(entries: readonly StateEntry[]) {
    this.#quarantine = new QuarantineMemory(entries);
    this.#parts = new QuarantineParts(entries);
    this.#origins = new OriginMemory(entries);
  }

  get evictions(): { quarantine: number; bundles: number; origins: number } {
    return { quarantine: this.#quarantine.evicted, bundles: this.#parts.evicted, origins: this.#origins.evicted };
  }

  mark(path: string): QuarantineMark | null {
    return this.#quarantine.find(path);
  }

  /** For a record that says that the mark changed: as it was before that deed, whichever source told of it first. */
  markBefore(path: string, time: Micros, by: string | null): QuarantineMark | null {
    return this.#quarantine.findBefore(path, time, by);
  }

  /** True: a bundle and what lies in it disagree about the mark; null: not known. */
  marksDisagree(path: string): boolean | null {
    return this.#parts.disagree(path);
  }

  origin(path: string): Origin | null {
    return this.#origins.find(path);
  }

  remember(enriched: EnrichedEvent): void {
    const { event } = enriched;
    if (isEsEvent(event)) this.#rememberEs(event, enriched);
    else if (event.kind === "fs_change") this.#rememberChange(event);
    else if (event.kind === "file_answer") this.#rememberAnswer(event);
  }

  /** Without file events, the tool's run is the only sign that a mark is gone. */
  toolRan(process: Process, args: readonly string[], cwd: string | null, time: Micros): void {
    const run = readToolRun(process, args, cwd);
    if (run?.action !== "quarantine-removed") return;
    const recursive = run.recursive === true;
    for (const target of run.targets) {
      this.#quarantine.removed(target, time, process.path, recursive);
      this.#parts.seen(target, false, recursive);
    }
  }

  drainChanges(): StateChange[] {
    return [this.#quarantine, this.#parts, this.#origins].flatMap((memory) => memory.drainChanges());
  }

  #rememberEs(event: EsEvent, enriched: EnrichedEvent): void {
    const { time, actor } = event;
    const path = targetPath(event);
    const change = path === null ? null : changeType(event);
    if (path !== null && event.kind !== "rename" && (change === "created" || change === "modified")) {
      this.#origins.written(path, actor, () => enriched.trust?.class ?? null, time);
    }
    switch (event.kind) {
      case "deleteextattr":
      case "setextattr": {
        if (event.extattr !== QUARANTINE) return;
        const { path: marked } = event.target;
        if (event.kind === "setextattr") this.#quarantine.set(marked, null, time, actor.path);
        else this.#quarantine.removed(marked, time, actor.path);
        this.#parts.seen(marked, event.kind === "setextattr");
        return;
      }
      case "rename":
        this.#quarantine.moved(event.source, event.destination);
        this.#parts.moved(event.source.path, event.destination);
        this.#origins.moved(event.source.path, event.destination, actor, () => enriched.trust?.class ?? null, time);
        return;
      case "copyfile":
      case "link":
        this.#quarantine.copied(event.source, event.destination);
        return;
      case "unlink":
        this.#gone(event.target.path);
        return;
      case "gatekeeper_user_override":
        if (event.path !== null) this.#quarantine.approved(event.path, time);
        return;
      default:
        return;
    }
  }

  #rememberChange({ path, change, xattr, after, time }: EventOf<"fs_change">): void {
    switch (change) {
      case "removed":
        this.#gone(path);
        return;
      case "created":
      case "modified":
      case "renamed":
        this.#origins.written(path, null, () => null, time);
        return;
      default:
        if (xattr !== QUARANTINE) return;
        if (change === "xattr-removed") this.#quarantine.removed(path, time, null);
        else this.#quarantine.set(path, after, time, null);
        this.#parts.seen(path, change === "xattr-set");
    }
  }

  #rememberAnswer({ path, quarantine, markUnread, time }: EventOf<"file_answer">): void {
    if (quarantine === null && markUnread !== null) return;
    if (quarantine !== null) this.#quarantine.set(path, quarantine, time, null);
    else this.#quarantine.seenWithout(path, time);
    this.#parts.seen(path, quarantine !== null);
  }

  #gone(path: string): void {
    this.#quarantine.gone(path);
    this.#parts.gone(path);
    this.#origins.gone(path);
  }
}
