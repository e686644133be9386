import type { Clause } from "#contract/finding.ts";
import {
  clause,
  code,
  commandSentence,
  type Explainer,
  lastPart,
  type Part,
  partWithRole,
  programOf,
} from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";

const INHERITS =
  "What that one starts inherits its right to change files that System Integrity Protection (SIP) keeps.";
const NEXT =
  "Update macOS, which has closed the known ways. If this was no update or migration of yours, have the Mac looked at.";

/** S13: code ran or wrote with the rights of a helper that SIP lets through, while SIP itself stays on. */
export const explainSipBypass: Explainer = (input) => {
  const last = lastPart(input);
  const zshenv = input.parts.find(({ note }) => note.file?.endsWith("/etc/zshenv"));
  if (zshenv !== undefined && last === zshenv) return zshenvAlone(zshenv);
  const helper = code(last.note.helper ?? "a helper of macOS");
  const clauses: Clause[] = [];
  if (last.note.file === undefined) {
    clauses.push(
      clause("verdict", `${programOf(last)} ran with the rights of a helper that SIP lets through.`, last),
      clause("why", commandSentence(last, last.note.tool ?? "a program"), last),
    );
  } else {
    clauses.push(
      clause("verdict", `${programOf(last)} changed a file that SIP protects.`, last),
      clause("why", `The file is ${code(last.note.file)}.`, last),
    );
  }
  clauses.push(
    clause("why", signatureSentence(last.note.trust, last.note.team), last),
    clause("why", `It runs below ${helper}, one of macOS's own. ${INHERITS}`, last),
  );
  if (zshenv !== undefined) {
    clauses.push(
      clause("why", `Before, ${code("/etc/zshenv")} had been written, which every zsh reads and runs.`, zshenv),
    );
  }
  const change = partWithRole(input, "protection changed");
  clauses.push(
    clause("unknown", "SIP's own state does not change by this, so what else was changed does not show there.", change),
    clause("next", NEXT),
  );
  return clauses;
};

function zshenvAlone(part: Part): Clause[] {
  const by = part.note.tool === undefined ? "" : ` by ${code(part.note.tool)}`;
  return [
    clause("verdict", `${code("/etc/zshenv")} was written${by}.`, part),
    clause("why", "Every zsh on this Mac reads it, also one that a helper with special rights starts.", part),
    clause("unknown", "What was written is not in the record."),
    clause(
      "next",
      `Package managers such as Nix write it. If you use none, look into it with ${code("cat /etc/zshenv")}.`,
    ),
  ];
}
