import { plainCommand } from "#core/enrich/describe-log.ts";
import { span } from "#core/enrich/words.ts";
import { clause, code, type ExplainInput, type Explainer, lastPart, partWithRole } from "./explanation.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { Clause } from "#contract/finding.ts";

const STATE: Readonly<Record<string, string>> = { off: "off", partial: "partly off" };

/** S4 and S5: a restart came back with weaker protection. */
export const explainSipWeaker: Explainer = (input) => {
  const change = partWithRole(input, "protection changed") ?? lastPart(input);
  const sip = change.note.setting !== "authenticated-root";
  const state = STATE[change.note.after ?? ""] ?? "weaker";
  const verdict = sip
    ? `This Mac restarted with System Integrity Protection (SIP) ${state}.`
    : "This Mac restarted from a system volume that macOS does not check.";
  const clauses = [clause("verdict", verdict, change)];
  if (change.note.words !== undefined) clauses.push(clause("why", `${visibleText(change.note.words)}.`, change));
  clauses.push(
    clause("why", "It can be weakened only in recoveryOS, which takes someone at the Mac itself.", change),
    ...intent(input, change.time),
    clause("unknown", "Who changed it is not known: recoveryOS keeps no record that Sealbar could read."),
    clause(
      "next",
      `If nobody meant to, start recoveryOS and run ${code(sip ? "csrutil enable" : "csrutil authenticated-root enable")}.`,
    ),
  );
  return clauses;
};

function intent(input: ExplainInput, edge: number): Clause[] {
  const command = partWithRole(input, "SIP command");
  if (command === null) return [];
  const what = code(plainCommand(command.note.args ?? "csrutil"));
  return [clause("why", `${what} had been tried in macOS ${span(edge - command.time)} before this was seen.`, command)];
}
