import { SECOND } from "#core/base/clock.ts";
import { span } from "#core/enrich/words.ts";
import type { Clause } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import { clause, code, type Explainer, lastPart, lastStart, type Part, programOf, starter } from "./explanation.ts";
import { explainStopped, livedOn, stopOf } from "./stopped.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

/** G17: something ran that nobody Apple knows vouches for; or macOS stopped it. */
export const explainUntrustedLaunch: Explainer = (input) => {
  const stop = stopOf(input);
  const end = input.parts.find(livedOn) ?? null;
  if (stop !== null && end === null) return explainStopped(input, stop);
  const start = lastStart(input) ?? lastPart(input);
  if (start.note.trust === "developer-id" && input.rule.level === "info") return newDevelopers(start);
  const first = input.enriched.firstSeen === true ? " for the first time" : "";
  const from = starter(start);
  return [
    clause("verdict", `${programOf(start)} ran${first}, and no developer known to Apple vouches for it.`, start),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    clause(
      "why",
      `It lies at ${code(start.note.image ?? "an unknown place")}${from === null ? "" : ` and was started ${from}`}.`,
      start,
    ),
    ...(stop === null || end === null
      ? []
      : [
          clause(
            "why",
            `The kernel's policy had refused it (ASP), and it ran on all the same, for ${span(Number(end.note.alive) * SECOND)}.`,
            stop,
            end,
          ),
        ]),
    whyItRan(input, start),
    notChecked(start),
    clause(
      "next",
      "If you built it yourself, this is expected. Otherwise, find out where it came from before you run it again.",
    ),
  ];
};

/** Apple knows them, and the owner has not said whether they are expected. One finding holds all of a Mac's. */
function newDevelopers(start: Part): Clause[] {
  const { team } = start.note;
  const named = team === undefined ? "" : `, of team ${visibleText(team)}`;
  return [
    clause(
      "verdict",
      `Software of developers that are not on your list ran here: first ${programOf(start)}${named}.`,
      start,
    ),
    clause("why", "It is signed with a Developer ID. macOS lets such code run, since Apple knows who made it.", start),
    clause("unknown", "Whether you expect software of these developers is not known."),
    clause(
      "next",
      "Nothing to do. The records here name them; add the teams that you expect to DeveloperIDAllowList in Settings.",
    ),
  ];
}
