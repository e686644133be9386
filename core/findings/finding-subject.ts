import type { CodeIdentity } from "#contract/trust.ts";
import { DEFAULT_IDENTITY, groupsOf } from "#core/rules/group-key.ts";
import type { CorrelationInput, RuleInfo } from "./finding-input.ts";
import { shortText } from "#core/enrich/cap-text.ts";
import { codeRoot } from "#core/enrich/code-root.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { targetPath } from "#core/enrich/event-shape.ts";

const MAX_PATH = 1024;
const NOBODY: CodeIdentity = { path: null, cdhash: null, teamId: null, signingId: null };

/**
 * What a finding is about: nothing but this Mac, where the rule says so (`subject: [[]]`); else the code that ran; for a signing tool, the file it worked on; for a file record, the file;
 * for a user override, the code let through. A file stands for the app it belongs to, and has no signing identity here.
 */
export function subjectOf(rule: RuleInfo, enriched: EnrichedEvent): CodeIdentity {
  const { event, subject, toolRun } = enriched;
  if (rule.groupFields?.every((rung) => rung.length === 0) === true) return NOBODY;
  // An extension is known by its name alone; who loaded it is macOS's own service for all of them.
  if (event.kind === "kextload") return NOBODY;
  if (event.kind === "gatekeeper_user_override") {
    return { path: cap(event.path), cdhash: event.cdhash, teamId: event.teamId, signingId: event.signingId };
  }
  // Whom a permission is for, not the program in which somebody gave it.
  if (event.kind === "tcc_modify") return { ...NOBODY, signingId: event.identity };
  // An app that is only a script: its interpreter is part of macOS.
  const scriptApp = enriched.get("ScriptInBundle");
  if (typeof scriptApp === "string") return { ...NOBODY, path: cap(scriptApp) };
  const target = toolRun?.targets[0] ?? targetPath(event);
  if (target !== null && target !== undefined) return { ...NOBODY, path: cap(codeRoot(target)) };
  // A line of the kernel is about the process that it names.
  const about = subject ?? enriched.around("factProcess");
  if (about === null) return NOBODY;
  const { path, cdhash, teamId, signingId } = about;
  return { path: cap(path), cdhash, teamId, signingId };
}

/**
 * Values that tell one finding of a rule from another. The rule may say what it is about (`sealbar: subject`), else the
 * identity ladder: the highest rung there is of cdhash, signing id with team, team; a path only groups what has none of
 * them. Leaving an identity out only moves down a rung, so it hides nothing.
 */
export function groupValuesOf(rule: RuleInfo, enriched: EnrichedEvent): string[] {
  const groups = groupsOf(enriched.fields, rule.groupFields ?? DEFAULT_IDENTITY);
  return groups === null ? [enriched.event.kind] : groups.values.flat();
}

/** Names of a group that is one process: its field, and the alias that our correlations give it. */
const PROCESS_GROUP: readonly string[] = ["ProcessKey", "ProcessId", "process"];

/**
 * Values that tell one finding of a correlation from another: its group. Records are joined by their process, but a process
 * lives once: such a finding is about the code that ran in it, so that every start of the same code is the same finding.
 */
export function hitValuesOf(input: CorrelationInput): readonly string[] {
  const { groupNames, groupValues, members } = input;
  if (groupValues.length === 0) return codeThatRan(input);
  const [name] = groupNames ?? [];
  if (groupNames?.length !== 1 || name === undefined || !PROCESS_GROUP.includes(name)) return groupValues;
  const [wanted = ""] = groupValues;
  const code = members.findLast(({ note }) => isProcess(note["process"], wanted) && note["root"] !== undefined);
  return code?.note["root"] === undefined ? groupValues : [code.note["root"]];
}

/** `wanted`: with its version or, where a line of the log named it, the pid alone. */
function isProcess(process: string | undefined, wanted: string): boolean {
  return process === wanted || process?.startsWith(`${wanted}.`) === true;
}

/** The start that a finding without a group is about, where it is about code and not about this Mac. */
export function startToldOf({
  correlation,
  groupValues,
  members,
}: CorrelationInput): CorrelationInput["members"][number] | null {
  if (groupValues.length > 0 || !correlation.behaviours.every((id) => /^g/i.test(id))) return null;
  return members.findLast(({ note }) => note["role"] === "program started") ?? null;
}

/** Without a group, what follows a change to Gatekeeper is about the code that ran; all else is about this Mac. */
function codeThatRan(input: CorrelationInput): readonly string[] {
  const note = startToldOf(input)?.note;
  const code = note?.["scriptApp"] ?? note?.["root"];
  return code === undefined ? [] : [code];
}

function cap(path: string | null): string | null {
  return path === null ? null : shortText(path, MAX_PATH);
}
