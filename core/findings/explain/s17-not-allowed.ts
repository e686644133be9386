import type { Clause } from "#contract/finding.ts";
import { clause, code, commandSentence, type Explainer, lastPart, type Part } from "./explanation.ts";
import { attemptIn, whoClauses } from "./policy-parts.ts";

const VERDICTS: Readonly<Record<string, string>> = {
  "recovery-boot": "set this Mac to start recoveryOS, where its protection can be weakened",
  "boot-args-write": "stored boot arguments that weaken code signing",
};

/** S17: a command that weakens protection, by somebody who is not on the list or with nobody at the keyboard. */
export const explainNotAllowed: Explainer = (input) => {
  const command = attemptIn(input) ?? lastPart(input);
  const fetched = input.parts.find((part) => part !== command && part.note.args !== undefined);
  const what = VERDICTS[command.note.action ?? ""] ?? "tried to weaken this Mac's protection";
  const clauses: Clause[] = [
    clause("verdict", `${who(command, fetched !== undefined)} ${what}.`, command),
    clause("why", commandSentence(command, command.note.tool ?? "a command"), command),
  ];
  if (fetched !== undefined) {
    clauses.push(
      clause("why", `Just before, ${code(fetched.note.args ?? "a download")} had run in the same terminal.`, fetched),
    );
  }
  clauses.push(
    // The verdict has said the rest.
    ...(command.note.allowed === "false" ? whoClauses(command) : []),
    clause("why", effect(command), command),
    clause("unknown", "Whether somebody carries it on in recoveryOS shows at the next restart."),
    clause("next", "If this was none of your administrators, find out what started it before the Mac is restarted."),
  );
  return clauses;
};

function who(command: Part, fetched: boolean): string {
  if (command.note.allowed === "false") return "Somebody who is not on your list of allowed users";
  if (fetched) return "A script from the network";
  return command.note.remote === "true" ? "Somebody over the network" : "A program, with nobody at the keyboard,";
}

function effect({ note }: Part): string {
  switch (note.action) {
    case "recovery-boot":
      return "Any administrator may do that; in recoveryOS a password is still asked for.";
    case "boot-args-write":
      return "They take effect only after a restart, and not at all while SIP and the startup security are as Apple ships them.";
    default:
      return "Protection can be weakened only in recoveryOS, so while macOS runs the command has no effect.";
  }
}
