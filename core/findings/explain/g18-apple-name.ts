import { baseName } from "#core/enrich/code-root.ts";
import { clause, code, type Explainer, lastPart, lastStart, programOf, starter } from "./explanation.ts";
import { notChecked, signatureSentence, whyItRan } from "./why-it-ran.ts";

/** G18: something that Apple did not sign goes by Apple's name. */
export const explainAppleName: Explainer = (input) => {
  const start = lastStart(input) ?? lastPart(input);
  const { signingId, image, trust, team } = start.note;
  const claims =
    signingId?.startsWith("com.apple.") === true
      ? `It calls itself ${code(signingId)} in its signature, which anyone can write there.`
      : `Its file is called ${code(baseName(image ?? "com.apple"))}, which anyone can choose.`;
  const from = starter(start);
  return [
    clause("verdict", `${programOf(start)} goes by Apple's name, and Apple did not sign it.`, start),
    clause("why", claims, start),
    clause("why", signatureSentence(trust, team), start),
    clause(
      "why",
      `It lies at ${code(image ?? "an unknown place")}${from === null ? "" : ` and was started ${from}`}.`,
      start,
    ),
    whyItRan(input, start),
    notChecked(start),
    clause("next", "Unless you built it from Apple's open source, quit it and find out where it came from."),
  ];
};
