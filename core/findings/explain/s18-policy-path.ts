import { clause, code, type Explainer, lastPart, programOf, startedFrom } from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";

/** S18: a file was changed that the enforcement of code signing rests on. */
export const explainPolicyPath: Explainer = (input) => {
  const part = lastPart(input);
  const { file, policyPath, trust, team, unlisted } = part.note;
  const from = startedFrom(part);
  return [
    clause("verdict", `${programOf(part)} changed a file that says what macOS lets run.`, part),
    clause(
      "why",
      `The file is ${code(file ?? "not named")}${from === "" ? "" : `; the program was${from.slice(1)}`}.`,
      part,
    ),
    clause("why", signatureSentence(trust, team), part),
    ...(unlisted === "true" ? [clause("why", "That team is not on your list of expected developers.", part)] : []),
    clause(
      "why",
      `It lies below ${code(policyPath ?? "a policy path")}, one of the policy paths in the settings.`,
      part,
    ),
    clause(
      "why",
      "With administrator rights these files can be written; macOS and device management do so by services.",
      part,
    ),
    clause("unknown", "What the file says now is not in the record."),
    clause("next", "If you did not do this, look at the file before you restart, and put it back from a backup."),
  ];
};
