import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import type { KnownProcess } from "#core/enrich/lineage.ts";
import { type Intent, isIntent } from "#core/posture/intent-memory.ts";

/**
 * The command of an event that may weaken the Mac: a program that began, or what sudo wrote down. Null for all else.
 * @param ancestors the process and what started it, nearest first
 */
export function intentOf(
  enriched: EnrichedEvent,
  ancestors: (process: KnownProcess) => readonly KnownProcess[],
): Intent | null {
  const action = enriched.toolRun?.action ?? null;
  if (action === null || !isIntent(action)) return null;
  const { event, time } = enriched;
  if (event.kind === "log") {
    if (event.fact?.fact !== "sudo-command") return null;
    return { at: time, action, user: event.fact.user, command: plain(event.fact.command), chain: [] };
  }
  const { parent, subject } = enriched;
  const chain = parent === null ? [] : ancestors(parent).map(({ signingId, path }) => signingId ?? path);
  const login = enriched.fields.get("LoginUser");
  const uid = subject?.uid ?? null;
  const user = typeof login === "string" ? login : uid === 0 ? "root" : uid;
  return {
    at: time,
    action,
    user: user === null ? null : String(user),
    command: plain(enriched.commandLine ?? subject?.path ?? ""),
    chain,
  };
}

/** Without the folder of the program, so that what sudo wrote down and what it started are told to be the same. */
function plain(command: string): string {
  const end = command.indexOf(" ");
  const program = end === -1 ? command : command.slice(0, end);
  return `${program.slice(program.lastIndexOf("/") + 1)}${end === -1 ? "" : command.slice(end)}`;
}
