import { SECOND } from "#core/base/clock.ts";
import { span } from "#core/enrich/words.ts";
import { clause, code, type Explainer, lastPart, lastStart, programOf, starter } from "./explanation.ts";
import { explainStopped, livedOn, stopOf } from "./stopped.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

/** G17: something ran that nobody Apple knows vouches for; or macOS stopped it. */
export const explainUntrustedLaunch: Explainer = (input) => {
  const stop = stopOf(input);
  const end = input.parts.find(livedOn) ?? null;
  if (stop !== null && end === null) return explainStopped(input, stop);
  const start = lastStart(input) ?? lastPart(input);
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
