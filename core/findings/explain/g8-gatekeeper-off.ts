import type { Clause } from "#contract/finding.ts";
import {
  clause,
  commandSentence,
  type Explainer,
  lastPart,
  lastStart,
  partWithRole,
  programOf,
} from "./explanation.ts";
import { signatureSentence } from "./why-it-ran.ts";

/** G8: Gatekeeper was switched off, or someone tried to. */
export const explainGatekeeperOff: Explainer = (input) => {
  const change = partWithRole(input, "protection changed");
  const command = partWithRole(input, "Gatekeeper command");
  const start = lastStart(input);
  const clauses: Clause[] = [];
  if (change !== null) {
    clauses.push(
      clause("verdict", "Gatekeeper was switched off.", change),
      clause("why", "While it is off, macOS does not check what is opened, whoever made it.", change),
    );
  } else if (input.enriched.posture.gatekeeper === "off")
    clauses.push(clause("verdict", "Gatekeeper was off already when this was noted.", lastPart(input)));
  else clauses.push(clause("verdict", "Someone tried to switch Gatekeeper off.", command ?? lastPart(input)));
  if (command !== null) {
    clauses.push(clause("why", commandSentence(command, "spctl"), command));
    clauses.push(
      clause(
        "why",
        "On macOS 15 and later it only adds the choice to System Settings; a person or a profile must make it.",
        command,
      ),
    );
  }
  if (start !== null) {
    const words = signatureSentence(start.note.trust, start.note.team);
    clauses.push(clause("why", `${programOf(start)} ran while Gatekeeper was off. ${words}`, start));
  }
  clauses.push(
    change === null
      ? clause("unknown", "Whether somebody then made that choice shows when Sealbar next asks Gatekeeper.")
      : clause("unknown", "Who made the choice is not in the record."),
    clause("next", "Unless you need it off, choose in System Settings, Privacy & Security, where apps may come from."),
  );
  return clauses;
};
