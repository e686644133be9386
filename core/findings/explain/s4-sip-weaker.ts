import { visibleText } from "#contract/visible-text.ts";
import { clause, code, type Explainer, lastPart } from "./explanation.ts";
import { attemptBefore, changeOf, expectedClause } from "./policy-parts.ts";

const STATE: Readonly<Record<string, string>> = { off: "off", partial: "partly off" };

/** S4: a restart came back with System Integrity Protection weaker. */
export const explainSipWeaker: Explainer = (input) => {
  const change = changeOf(input, "sip") ?? changeOf(input) ?? lastPart(input);
  const state = STATE[change.note.after ?? ""] ?? "weaker";
  const clauses = [
    clause("verdict", `This Mac restarted with System Integrity Protection (SIP) ${state}.`, change),
    ...(change.note.words === undefined ? [] : [clause("why", `${visibleText(change.note.words)}.`, change)]),
    clause("why", "It can be weakened only in recoveryOS, which takes someone at the Mac itself.", change),
  ];
  clauses.push(
    ...attemptBefore(input, change),
    ...expectedClause(change),
    clause("unknown", "Who changed it is not known: recoveryOS keeps no record that Sealbar could read."),
    clause("next", `If nobody meant to, start recoveryOS and run ${code("csrutil enable")}.`),
  );
  return clauses;
};
