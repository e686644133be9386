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
  programOf,
  starter,
} from "./explanation.ts";
import { attemptBefore, changeOf, momentWords } from "./policy-parts.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

/** S16: something untrusted ran while the Mac's protection is weakened. */
export const explainWeakenedRun: Explainer = (input) => {
  const start = lastStart(input) ?? lastPart(input);
  const change = changeOf(input);
  const { posture } = input.enriched;
  const when = afterRestart(input.enriched);
  const verdict = `${programOf(start)} ran${when === "" ? "" : ` ${when}`}, while this Mac's protection was weakened.`;
  return [
    clause("verdict", verdict, start),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    clause("why", `${sinceWhen(input.enriched)}: ${visibleText(posture.weakenedHow || "how is not known")}.`, change),
    ...attemptBefore(input, change),
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
  const what = posture.sip === "off" || posture.sip === "partial" ? "SIP" : "The Mac's protection";
  if (posture.weakenedFirstSeen) return `${what} was weakened already when Sealbar first looked`;
  if (posture.weakenedSince === null) return `${what} was weaker than Apple ships it`;
  const ago = posture.weakenedSince === posture.bootTime ? "" : `, ${span(time - posture.weakenedSince)} earlier`;
  return `${what} had been weakened since the boot of ${momentWords(posture.weakenedSince)}${ago}`;
}
