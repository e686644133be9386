import { span } from "#core/enrich/words.ts";
import {
  clause,
  commandSentence,
  type Explainer,
  lastPart,
  lastStart,
  partWithRole,
  programOf,
} from "./explanation.ts";
import { signatureSentence, whyItRan } from "./why-it-ran.ts";

/** G24: a root certificate was made trusted, and then (if seen) code ran that no root of Apple's vouches for. */
export const explainTrustRoot: Explainer = (input) => {
  const added = partWithRole(input, "trust root added") ?? lastPart(input);
  const start = lastStart(input);
  const command = clause("why", commandSentence(added, "security add-trusted-cert"), added);
  const next = clause(
    "next",
    "If nobody meant to, remove the certificate in Keychain Access: it is listed with a blue mark for its own trust settings.",
  );
  if (start === null) {
    return [
      clause("verdict", "A certificate was made trusted on this Mac.", added),
      command,
      clause("why", "What its owner signs, web pages and perhaps code, then looks valid here.", added),
      clause(
        "unknown",
        "Whether the command worked, and for what the certificate is trusted, is not in the record.",
        added,
      ),
      next,
    ];
  }
  return [
    clause(
      "verdict",
      `${programOf(start)} ran with a signature that leads to no root of Apple's, after a certificate had been made trusted.`,
      start,
      added,
    ),
    clause("why", `The certificate had been added ${span(start.time - added.time)} earlier.`, added),
    command,
    clause("why", signatureSentence(start.note.trust, start.note.team), start),
    whyItRan(input, start),
    clause("unknown", "Whether that certificate stands behind this signature is not in the record."),
    next,
  ];
};
