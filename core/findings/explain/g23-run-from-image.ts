import { baseName } from "#core/enrich/code-root.ts";
import { span } from "#core/enrich/words.ts";
import { clause, code, type Explainer, lastPart, lastStart, partWithRole, programOf, quoted } from "./explanation.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

/** G23: untrusted code ran from a disk image, a stick, or apart from where it was put. */
export const explainRunFromImage: Explainer = (input) => {
  const start = lastStart(input) ?? lastPart(input);
  const opened = partWithRole(input, "disk image opened");
  const { volume, image, trust, team } = start.note;
  const place = volume === undefined ? "a place apart from where it was put" : `the volume ${quoted(baseName(volume))}`;
  return [
    clause("verdict", `${programOf(start)} ran from ${place}, and no developer known to Apple vouches for it.`, start),
    clause("why", signatureSentence(trust, team), start),
    opened === null
      ? clause("why", `It lies at ${code(image ?? "an unknown place")}.`, start)
      : clause("why", `The volume had been opened ${span(start.time - opened.time)} earlier.`, opened),
    ...(volume === undefined
      ? [clause("why", "macOS runs a quarantined download that was not moved yet in such a place.", start)]
      : []),
    whyItRan(input, start),
    notChecked(start),
    clause("next", "If a website told you how to open it, quit it, and eject the volume."),
  ];
};
