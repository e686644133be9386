import { baseName } from "#core/enrich/code-root.ts";
import { span } from "#core/enrich/words.ts";
import {
  clause,
  code,
  commandSentence,
  type Explainer,
  lastPart,
  lastStart,
  partWithRole,
  programOf,
} from "./explanation.ts";
import { byWhom, changerClauses } from "./who-changed.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

const SINCE_15 = "macOS 15 and later no longer obey this command. Earlier versions do.";

/** G9: Gatekeeper's rules were changed, by its command or in its files, and then (if seen) what they let through ran. */
export const explainGatekeeperRule: Explainer = (input) => {
  const command = partWithRole(input, "Gatekeeper rule");
  const start = lastStart(input);
  if (command === null) {
    const change = partWithRole(input, "file changed") ?? lastPart(input);
    const file = change.note.file === undefined ? "a file" : code(baseName(change.note.file));
    return [
      clause("verdict", `Gatekeeper's own file ${file} was changed${byWhom(change)}.`, change),
      clause(
        "why",
        "Gatekeeper keeps there what it lets through. Only macOS itself has reason to write to it.",
        change,
      ),
      ...changerClauses(change),
      clause("unknown", "What was changed in it is not known."),
      clause(
        "next",
        "If nobody meant to, look at what started it, and put macOS in order with an update or a reinstall.",
      ),
    ];
  }
  if (start === null) {
    return [
      clause("verdict", "Someone tried to change what Gatekeeper lets through.", command),
      clause("why", commandSentence(command, "spctl"), command),
      clause("why", SINCE_15, command),
      clause("unknown", "When this was noted, what it was about had not run since."),
      clause("next", "If you did not type this, find out what did. Apps have no need for it."),
    ];
  }
  return [
    clause("verdict", `${programOf(start)} ran after Gatekeeper was told to let it through.`, start, command),
    clause("why", `That was ${span(start.time - command.time)} earlier. ${commandSentence(command, "spctl")}`, command),
    clause("why", SINCE_15, command),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    whyItRan(input, start),
    notChecked(start),
    clause("next", `If you did not do this on purpose, quit ${programOf(start)} and find out where it came from.`),
  ];
};
