import { span } from "#core/enrich/words.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import type { Clause } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import {
  afterRestart,
  type Part,
  clause,
  code,
  type Explainer,
  lastPart,
  lastStart,
  partWithRole,
  programOf,
  starter,
} from "./explanation.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

/** S16: something untrusted ran while the Mac's protection is weakened. */
export const explainWeakenedRun: Explainer = (input) => {
  const start = lastStart(input) ?? lastPart(input);
  const change = partWithRole(input, "protection changed");
  const { posture } = input.enriched;
  const when = afterRestart(input.enriched);
  const verdict = `${programOf(start)} ran${when === "" ? "" : ` ${when}`}, while this Mac's protection was weakened.`;
  return [
    clause("verdict", verdict, start),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    clause(
      "why",
      `${sinceWhen(input.enriched)}. Noted then: ${visibleText(posture.weakenedHow || "nothing in detail")}.`,
      change,
    ),
    whyItRan(input, start),
    ...startedSentence(start),
    notChecked(start),
    clause("next", `If you do not know the program, quit it. ${restore(posture.sip)}`),
  ];
};

function restore(sip: string): string {
  if (sip === "on") return "Then turn this Mac's protection on again.";
  return `Then start recoveryOS and turn SIP on again with ${code("csrutil enable")}.`;
}

function startedSentence(start: Part): Clause[] {
  const from = starter(start);
  return from === null ? [] : [clause("why", `It was started ${from}.`, start)];
}

function sinceWhen({ posture, time }: EnrichedEvent): string {
  if (posture.weakenedFirstSeen) return "Its protection was already weaker when Sealbar first looked";
  if (posture.weakenedSince === null) return "Its protection was weaker than Apple ships it";
  const restart =
    posture.weakenedSince === posture.bootTime
      ? "that restart"
      : `a restart ${span(time - posture.weakenedSince)} earlier`;
  return `Its protection had been weaker since ${restart}`;
}
