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
import { notChecked, signatureSentence } from "./why-it-ran.ts";
import { writtenSentence } from "./written.ts";

/** G11: downloads are no longer marked, and then (if seen) something unmarked ran. */
export const explainMarkingOff: Explainer = (input) => {
  const switched = partWithRole(input, "quarantine marking off", "Gatekeeper's return off") ?? lastPart(input);
  const start = lastStart(input);
  const rearm = switched.note.role === "Gatekeeper's return off";
  const effect = rearm
    ? "Switched off, Gatekeeper would otherwise come back by itself after thirty days."
    : "Gatekeeper checks only files that carry the quarantine mark, so what comes without it opens unchecked.";
  const undo = rearm
    ? "sudo defaults delete /Library/Preferences/com.apple.security GKAutoRearm"
    : "defaults delete com.apple.LaunchServices LSQuarantine";
  const next = clause("next", `If you did not mean to, undo it with ${code(undo)} and restart.`);
  if (start === null || start === switched) {
    const verdict = rearm
      ? "Gatekeeper was told not to come back by itself."
      : "Downloads are to carry no quarantine mark.";
    return [
      clause("verdict", verdict, switched),
      clause("why", commandSentence(switched, "defaults"), switched),
      clause("why", effect, switched),
      clause("unknown", "When this was noted, nothing that came without a mark had been seen to run."),
      next,
    ];
  }
  return [
    clause(
      "verdict",
      `${programOf(start)} ran without a quarantine mark, after marking was switched off.`,
      start,
      switched,
    ),
    clause(
      "why",
      `It was switched off ${span(start.time - switched.time)} earlier. ${commandSentence(switched, "defaults")}`,
      switched,
    ),
    clause("why", effect, switched),
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    writtenSentence(start),
    notChecked(start),
    next,
  ];
};
