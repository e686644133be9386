import type { Clause } from "#contract/finding.ts";
import { baseName } from "#core/enrich/code-root.ts";
import { byTool, clause, code, type Part } from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";

/** " by `osascript`": the command, or the program that did it without one. */
export function byWhom(part: Part): string {
  if (part.note.action !== undefined) return byTool(part);
  return part.note.by === undefined ? "" : ` by ${code(baseName(part.note.by))}`;
}

/** What is known of the program that changed something: nothing more for macOS's own tools, which anybody can use. */
export function changerClauses(part: Part): Clause[] {
  const { by, byTrust, byTeam, action } = part.note;
  if (action !== undefined || by === undefined || baseName(by) === "xattr") return [];
  if (byTrust === "platform") {
    return [
      clause(
        "unknown",
        `${code(baseName(by))} is part of macOS and does what it is told. Which script told it is not known.`,
        part,
      ),
    ];
  }
  return [clause("why", `Of ${code(by)}: ${lowerFirst(signatureSentence(byTrust, byTeam))}`, part)];
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
