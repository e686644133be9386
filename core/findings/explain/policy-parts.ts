import type { Clause } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { plainCommand } from "#core/enrich/describe-log.ts";
import { span } from "#core/enrich/words.ts";
import { clause, code, type ExplainInput, type Part } from "./explanation.ts";

/** The roles of commands that weaken protection, or lead to where it can be weakened. */
const ATTEMPTS: readonly string[] = [
  "SIP command",
  "SIP configuration written",
  "startup policy command",
  "research guests allowed",
  "boot arguments set",
  "recovery start set",
  "kernel variable set",
  "library validation off",
];

/** The change of one of these settings; of any, when none is named. */
export function changeOf(input: ExplainInput, ...settings: string[]): Part | null {
  const changes = input.parts.filter((part) => part.note.role === "protection changed");
  return (
    changes.find((part) => settings.includes(part.note.setting ?? "")) ??
    (settings.length === 0 ? changes.at(-1) : null) ??
    null
  );
}

/** The last command that tried it. */
export function attemptIn(input: ExplainInput): Part | null {
  return input.parts.findLast((part) => ATTEMPTS.includes(part.note.role ?? "")) ?? null;
}

/** "`csrutil disable` had been tried in macOS 3 hours before this was seen." for a change whose attempt was seen. */
export function attemptBefore(input: ExplainInput, change: Part | null): Clause[] {
  const command = attemptIn(input);
  if (command === null || change === null || command.time > change.time) return [];
  const what = code(plainCommand(command.note.args ?? command.note.tool ?? "a command"));
  const text = `${what} had been tried in macOS ${span(change.time - command.time)} before this was seen.`;
  return [clause("why", text, command), ...whoClauses(command)];
}

/** Who ran a command, where that is remarkable. */
export function whoClauses(part: Part): Clause[] {
  const { allowed, attended, remote, login } = part.note;
  const clauses: Clause[] = [];
  if (allowed === "false") {
    const who = login === undefined || login === "-1" ? "" : ` (${visibleText(login)})`;
    clauses.push(clause("why", `The account${who} is not on your list of allowed users.`, part));
  }
  if (remote === "true") clauses.push(clause("why", "It came over the network (ssh).", part));
  else if (attended === "false") {
    clauses.push(clause("why", "Nobody was at the keyboard: a background service had started it.", part));
  }
  return clauses;
}

/** For a change that brought what the accepted baseline has. */
export function expectedClause(change: Part | null): Clause[] {
  if (change === null || change.note.expected !== "true") return [];
  return [clause("why", "The accepted baseline says that this Mac should be so.", change)];
}

/** "2026-11-19 14:05 UTC" */
export function momentWords(time: Micros): string {
  return `${formatTime(time).slice(0, 16).replace("T", " ")} UTC`;
}
