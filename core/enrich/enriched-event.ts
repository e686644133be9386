import type { TelemetryEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { Trust } from "#contract/trust.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";
import type { FieldSource, FieldValue, LogSource } from "#core/base/fields.ts";
import { codeRoot } from "./code-root.ts";
import { describeEvent } from "./describe-event.ts";
import { logSourceOf, targetPath } from "./event-shape.ts";
import { FIELD_READERS } from "./fields.ts";
import type { IdentityStep } from "./identity-memory.ts";
import type { KnownProcess } from "./lineage.ts";
import type { Origin } from "./origin-memory.ts";
import type { QuarantineMark } from "./quarantine-memory.ts";
import { readSudoCommand, readToolRun } from "./tool-action.ts";
import type { ToolRun } from "./tools/tool-run.ts";
import type { SealKnowledge } from "./seal-memory.ts";
import { type Around, askAll, askSite, type Site } from "./site.ts";
import { joinTrust, trustOfFile } from "./trust.ts";

type Description = ReturnType<typeof describeEvent>;

/**
 * What the enricher knew at that moment; everything else on an enriched event is worked out from the event itself. Plain
 * data: a record whose finding has to wait is stored with it (stored-event.ts).
 */
export interface Context {
  posture: PostureNow;
  subject: Process | null;
  parent: KnownProcess | null;
  responsible: KnownProcess | null;
  /** The mark of what was run or touched; null when nothing is known. */
  quarantine: QuarantineMark | null;
  /** What others than the kernel said about the subject's code; of an answer about a file, what ran from it. */
  seal: SealKnowledge | null;
  /** Who wrote the code that starts; null: not seen, and on records that are no start. */
  origin: Origin | null;
  /** Against the last run of the code at that place; null: not known, and on records that are no start. */
  identity: IdentityStep | null;
  /** The bundle that starts and what lies in it disagree about the mark; null: not known, and on other records. */
  quarantineMismatch: boolean | null;
  /** A program began: an exec, or a snapshot that shows what an exec must have done. */
  startsProgram: boolean;
  /** First run of this code as far as the memory reaches; null on records that are no start of a program. */
  firstSeen: boolean | null;
  /** By one of Sealbar's own tools: findings leave it out. */
  own: boolean;
  /** The team is on the list of expected Developer IDs; null without a team. */
  teamListed: boolean | null;
  /** Only with a record that was kept to wait. */
  around?: Around;
}

/** An event with what was known around it, and the rules' view of it. Cheap to make; fields are worked out when asked for. */
export class EnrichedEvent implements FieldSource {
  readonly event: TelemetryEvent;
  readonly logsource: LogSource;
  readonly #context: Context;
  readonly #site: Site | null;
  #trust: Trust | null | undefined;
  #codeRoot: string | null | undefined;
  #toolRun: ToolRun | null | undefined;
  #commandLine: string | null | undefined;
  #description: Description | undefined;

  /** @param site null: what the context keeps of it is all there is */
  constructor(event: TelemetryEvent, context: Context, site: Site | null = null) {
    this.event = event;
    this.#site = site;
    this.#context = context;
    this.logsource = logSourceOf(event, context.startsProgram);
  }

  /** Whole, with what the memories say around it. */
  get context(): Context {
    return { ...this.#context, around: this.#context.around ?? askAll(this, this.#site) };
  }

  /** The rules' view. */
  get fields(): FieldSource {
    return this;
  }
  get time(): number {
    return this.event.time;
  }
  get posture(): PostureNow {
    return this.#context.posture;
  }
  get subject(): Process | null {
    return this.#context.subject;
  }
  get parent(): KnownProcess | null {
    return this.#context.parent;
  }
  get responsible(): KnownProcess | null {
    return this.#context.responsible;
  }
  get quarantine(): QuarantineMark | null {
    return this.#context.quarantine;
  }
  get origin(): Origin | null {
    return this.#context.origin;
  }
  get identity(): IdentityStep | null {
    return this.#context.identity;
  }
  get quarantineMismatch(): boolean | null {
    return this.#context.quarantineMismatch;
  }
  get startsProgram(): boolean {
    return this.#context.startsProgram;
  }
  get firstSeen(): boolean | null {
    return this.#context.firstSeen;
  }
  get own(): boolean {
    return this.#context.own;
  }
  get teamListed(): boolean | null {
    return this.#context.teamListed;
  }

  /** One answer of the memories that are not of this record alone. */
  around<K extends keyof Around>(name: K): Around[K] {
    const kept = this.#context.around;
    return kept === undefined ? askSite(name, this, this.#site) : kept[name];
  }

  /** Of the subject; for an answer about a file, of the file if its signature was read. Null for other records. */
  get trust(): Trust | null {
    if (this.#trust !== undefined) return this.#trust;
    const { subject, seal } = this.#context;
    if (subject !== null) this.#trust = joinTrust(subject, seal);
    else this.#trust = this.event.kind === "file_answer" ? trustOfFile(this.event, seal?.otherCode ?? null) : null;
    return this.#trust;
  }

  /** Of what ran, or of the file a user override names. */
  get codeRoot(): string | null {
    if (this.#codeRoot !== undefined) return this.#codeRoot;
    const { event } = this;
    const path = event.kind === "gatekeeper_user_override" ? event.path : (this.subject?.path ?? null);
    this.#codeRoot = path === null ? null : codeRoot(path);
    return this.#codeRoot;
  }

  /** What a signing or policy tool was told to do, by its own start or by the line sudo logs; null for everything else. */
  get toolRun(): ToolRun | null {
    if (this.#toolRun !== undefined) return this.#toolRun;
    const { event } = this;
    if (event.kind === "exec") this.#toolRun = readToolRun(event.target, event.args, event.cwd);
    else if (event.kind === "process_snapshot" && this.startsProgram)
      this.#toolRun = readToolRun(event.process, event.args, null);
    else if (event.kind === "log" && event.fact?.fact === "sudo-command")
      this.#toolRun = readSudoCommand(event.fact.command, event.fact.pwd);
    else this.#toolRun = null;
    return this.#toolRun;
  }

  /** Arguments joined by one space; null when there are none. */
  get commandLine(): string | null {
    if (this.#commandLine !== undefined) return this.#commandLine;
    const args = this.args;
    this.#commandLine = args === null || args.length === 0 ? null : args.join(" ");
    return this.#commandLine;
  }

  /** Of a started program; null for other records. */
  get args(): readonly string[] | null {
    const { event } = this;
    return event.kind === "exec" || event.kind === "process_snapshot" ? event.args : null;
  }

  /** Code roots the record is aimed at: of the file touched, or of the files a tool was given. Null: none. */
  get targetRoots(): readonly string[] | null {
    const path = targetPath(this.event);
    if (path !== null) return [this.#clearedFolder ?? codeRoot(path)];
    return this.toolRun?.targets ?? null;
  }

  /**
   * The folder that a program is clearing of quarantine marks, when this is one of the thousands of files in it: one deed, about
   * the folder. Null for all else.
   */
  get #clearedFolder(): string | null {
    const { event, quarantine } = this;
    if (event.kind !== "deleteextattr" || quarantine?.state !== "removed" || quarantine.deep !== true) return null;
    return quarantine.by === event.actor.path ? quarantine.root : null;
  }

  /** The words of its row in the timeline. */
  get description(): Description {
    this.#description ??= describeEvent(this);
    return this.#description;
  }

  get(field: string): FieldValue {
    return FIELD_READERS.get(field)?.(this);
  }
}
