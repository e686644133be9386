import type { Clause } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import { capText } from "#core/enrich/cap-text.ts";
import {
  clause,
  code,
  commandSentence,
  type Explainer,
  lastPart,
  partWithRole,
  programOf,
  startedFrom,
} from "./explanation.ts";
import { whoClauses } from "./policy-parts.ts";
import { signatureSentence } from "./why-it-ran.ts";

const NAMES: Readonly<Record<string, string>> = {
  amfid: "The service that decides which signatures count",
  syspolicyd: "Gatekeeper's service",
  trustd: "The service that checks certificates",
  taskgated: "The service that says which programs may control others",
};

/** S15: a service that checks code was stopped, or taken hold of. */
export const explainEnforcementStopped: Explainer = (input) => {
  const held = partWithRole(input, "took hold of a program");
  const signal = partWithRole(input, "signal sent");
  const command = partWithRole(input, "enforcement stopped");
  const gone = partWithRole(input, "stopped by SIGKILL", "program ended");
  const { posture } = input.enriched;
  const sip =
    posture.sip === "on"
      ? "While System Integrity Protection is on, unloading it fails, and launchd starts again what was ended."
      : "System Integrity Protection was not on, so macOS does not keep this from happening.";
  if (held !== null) {
    return [
      clause("verdict", `${programOf(held)} took hold of ${code(held.note.victim ?? "amfid")}.`, held),
      clause("why", "That service decides which signatures count: whoever controls it decides what runs.", held),
      clause("why", `${signatureSentence(held.note.trust, held.note.team)}${startedSentence(startedFrom(held))}`, held),
      clause("why", "That is possible only after SIP's debugging restrictions were switched off in recoveryOS.", held),
      clause("unknown", "What ran unchecked since is not known."),
      clause("next", `Quit the program and restart. Then start recoveryOS and run ${code("csrutil enable")}.`),
    ];
  }
  const part = signal ?? command ?? lastPart(input);
  const clauses: Clause[] = [];
  if (signal === null) {
    clauses.push(clause("verdict", "Someone tried to stop a service that checks code.", part));
  } else {
    const end = gone === null ? "was sent a signal to stop" : "was ended, and did not come back within minutes";
    clauses.push(clause("verdict", `${service(signal.note.victim)} ${end}.`, signal, gone));
  }
  if (command !== null)
    clauses.push(clause("why", commandSentence(command, "launchctl"), command), ...whoClauses(command));
  else clauses.push(clause("why", `${programOf(part)} did it${startedFrom(part)}.`, part));
  clauses.push(
    clause(
      "why",
      gone === null ? sip : "macOS (launchd) starts it again as soon as something needs it, and did not.",
      part,
      gone,
    ),
    clause("unknown", "What was started meanwhile, and whether it was checked, is not known from this."),
    clause("next", "If you did not do this yourself, restart the Mac and find out what did."),
  );
  return clauses;
};

function service(name: string | undefined): string {
  if (name === undefined) return "A service that checks code";
  const shown = code(visibleText(capText(name, 60)));
  return `${NAMES[name] ?? "A service that checks code"} (${shown})`;
}

function startedSentence(from: string): string {
  return from === "" ? "" : ` It was${from.slice(1)}.`;
}
