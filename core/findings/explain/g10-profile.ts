import { visibleText } from "#contract/visible-text.ts";
import { span } from "#core/enrich/words.ts";
import { clause, type Explainer, lastPart, type Part, partWithRole, quoted } from "./explanation.ts";

/** G10: a configuration profile came or went by hand, and (if seen) Gatekeeper became weaker. */
export const explainProfile: Explainer = (input) => {
  const profile = partWithRole(input, "profile installed", "profile removed") ?? lastPart(input);
  const change = partWithRole(input, "protection changed");
  const done = profile.note.role === "profile removed" ? "removed" : "installed";
  const name = quoted(profile.note.profile ?? "without a name");
  const what = clause("why", `It names itself ${name}${fromWhom(profile)}. Anyone can write any name there.`, profile);
  const contents = clause("unknown", "Which settings the profile holds is not reported.", profile);
  const next = clause(
    "next",
    "Look in System Settings, General, Device Management, and remove a profile that you did not ask for.",
  );
  if (change === null) {
    return [
      clause("verdict", `A configuration profile about Gatekeeper was ${done} on this Mac.`, profile),
      what,
      clause(
        "why",
        "Its identifier names the settings of Gatekeeper or XProtect. It did not come from device management.",
        profile,
      ),
      contents,
      next,
    ];
  }
  return [
    clause("verdict", "Gatekeeper was weakened after a configuration profile changed.", change, profile),
    clause(
      "why",
      `The profile was ${done} ${span(change.time - profile.time)} earlier, not by device management.`,
      profile,
    ),
    what,
    clause("why", "Since macOS 15 only a person in System Settings or a profile can do this.", change),
    contents,
    clause("unknown", "That the profile did it is told from the order of the two, not seen."),
    next,
  ];
};

function fromWhom({ note }: Part): string {
  return note.profileOrg === undefined ? "" : `, from ${quoted(visibleText(note.profileOrg))}`;
}
