import { span } from "#core/enrich/words.ts";
import {
  clause,
  code,
  commandSentence,
  type Explainer,
  lastPart,
  lastStart,
  type Part,
  partWithRole,
  programOf,
} from "./explanation.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

/** G20: an exemption for developers, and then (if seen) untrusted code. */
export const explainDeveloperExemption: Explainer = (input) => {
  const exemption = partWithRole(input, "developer exemption", "developer mode on") ?? lastPart(input);
  const start = lastStart(input);
  const ran = start !== null && start !== exemption ? start : null;
  const next = clause(
    "next",
    "Developers need this. Otherwise, take it back: System Settings, Privacy & Security, Developer Tools.",
  );
  if (ran === null) {
    return [
      clause("verdict", `${whatIsAllowed(exemption)}.`, exemption),
      how(exemption),
      clause("unknown", "When this was noted, nothing untrusted had been seen to run with it."),
      next,
    ];
  }
  return [
    clause("verdict", `${programOf(ran)} ran, and no developer known to Apple vouches for it.`, ran),
    clause("why", `${span(ran.time - exemption.time)} earlier: ${lowerFirst(whatIsAllowed(exemption))}.`, exemption),
    how(exemption),
    clause("why", signatureSentence(ran.note.trust, ran.note.team), ran),
    whyItRan(input, ran),
    notChecked(ran),
    next,
  ];
};

function whatIsAllowed({ note }: Part): string {
  return note.grantee === undefined
    ? "Debuggers may take hold of programs without asking for a password"
    : `What ${code(note.grantee)} starts may run although it does not meet macOS's security policy`;
}

function how(exemption: Part) {
  return exemption.note.grantee === undefined
    ? clause("why", commandSentence(exemption, "DevToolsSecurity -enable"), exemption)
    : clause("why", "It was added to Developer Tools in Privacy & Security.", exemption);
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
