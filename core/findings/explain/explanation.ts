import type { Clause } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import { displayName } from "#core/enrich/code-root.ts";
import { capText } from "#core/enrich/cap-text.ts";
import { plainCommand } from "#core/enrich/describe-log.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { span } from "#core/enrich/words.ts";
import type { HitMember, RuleInfo } from "../finding-input.ts";

/** A member with its place in the finding's evidence. */
export interface Part extends HitMember {
  readonly index: number;
}

export interface ExplainInput {
  rule: RuleInfo;
  /** The record that the finding is about, with what was known of it then: of a correlation the last one by time, log lines aside. */
  enriched: EnrichedEvent;
  /** At least one; the last is the event itself. */
  parts: readonly Part[];
}

export type Explainer = (input: ExplainInput) => Clause[];

export function clause(kind: Clause["kind"], text: string, ...parts: (Part | null | undefined)[]): Clause {
  const evidence = parts.flatMap((part) => (part === null || part === undefined ? [] : [part.index]));
  return { kind, text, evidence: [...new Set(evidence)] };
}

const MAX_NAME = 60;
const MAX_CODE = 120;

/** A name from the capture inside a sentence: capped, with what would hide or reorder made visible, in quotes. */
export function quoted(name: string): string {
  return `“${visibleText(capText(name, MAX_NAME))}”`;
}

/** A command, tool or file inside a sentence. */
export function code(text: string): string {
  return `\`${visibleText(capText(text, MAX_CODE)).replaceAll("`", "'")}\``;
}

/** What a part is about, in quotes: the file a tool worked on, else the program. */
export function nameOf(part: Part): string {
  const { target, root, name } = part.note;
  const path = target ?? root;
  return quoted(path === undefined ? (name ?? "a program") : displayName(path));
}

/** The program that ran, in quotes. */
export function programOf(part: Part): string {
  return quoted(part.note.name ?? "A program");
}

/** The tool and where it was started from: "by `xattr`, started from Terminal". */
export function byTool(part: Part): string {
  const { tool } = part.note;
  return tool === undefined ? "" : ` by ${code(tool)}${startedFrom(part)}`;
}

/** ", started from Terminal"; empty when it is not known, or was started by itself. */
export function startedFrom(part: Part): string {
  const from = starter(part);
  return from === null ? "" : `, started ${from}`;
}

/** "from Terminal", "by macOS itself (launchd)", "from a shell (sh)". Null: not known. */
export function starter({ note }: Part): string | null {
  const path = note.app ?? note.parent;
  if (path === undefined) return null;
  const name = displayName(path);
  if (name === note.tool) return null;
  if (path === "/sbin/launchd") return "by macOS itself (launchd)";
  const shown = visibleText(capText(name, MAX_NAME));
  return SHELLS.has(name) ? `from a shell (${shown})` : `from ${shown}`;
}

const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "zsh", "dash", "ksh", "csh", "tcsh"]);

/** "The command was `csrutil disable`, run with sudo by ana, started from Terminal." */
export function commandSentence(part: Part, otherwise: string): string {
  const { args, sudoUser, parent } = part.note;
  const command = code(args === undefined ? otherwise : plainCommand(args));
  if (sudoUser !== undefined) {
    return `The command was ${command}, run with sudo by ${visibleText(capText(sudoUser, MAX_NAME))}.`;
  }
  const withSudo = parent === "/usr/bin/sudo" ? ", run with sudo" : "";
  const from = part.note.app === undefined && withSudo !== "" ? "" : startedFrom(part);
  return `The command was ${command}${withSudo}${from}.`;
}

/** "20 min after the restart"; empty when the boot's time is not known. */
export function afterRestart({ posture, time }: EnrichedEvent): string {
  return posture.bootTime === null || time < posture.bootTime
    ? ""
    : `${span(time - posture.bootTime)} after the restart`;
}

function isProgramStart(part: Part): boolean {
  return part.note.role === "program started";
}

export function lastPart(input: ExplainInput): Part {
  const part = input.parts.at(-1);
  if (part === undefined) throw new Error("a finding without evidence");
  return part;
}

export function partWithRole(input: ExplainInput, ...roles: string[]): Part | null {
  return input.parts.find((part) => roles.includes(part.note.role ?? "")) ?? null;
}

export function lastStart(input: ExplainInput): Part | null {
  return input.parts.findLast(isProgramStart) ?? null;
}
