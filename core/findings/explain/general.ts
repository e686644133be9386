import { visibleText } from "#contract/visible-text.ts";
import { capText } from "#core/enrich/cap-text.ts";
import { clause, code, type Explainer, lastPart, lastStart, startedFrom } from "./explanation.ts";
import { signatureSentence, whyItRan } from "./why-it-ran.ts";

const MAX_DESCRIPTION = 600;

/** For rules without an explanation of their own, e.g. public Sigma rules: what the rule's author wrote, and the facts. */
export const explainGenerally: Explainer = (input) => {
  const { rule } = input;
  const part = lastPart(input);
  const clauses = [clause("verdict", sentence(rule.title), part)];
  if (rule.description != null && rule.description !== "") {
    clauses.push(clause("why", sentence(capText(rule.description.trim(), MAX_DESCRIPTION)), part));
  }
  const start = lastStart(input) ?? (part.note.args === undefined ? null : part);
  if (start !== null) {
    const command = start.note.args ?? start.note.image ?? "";
    clauses.push(clause("why", `What ran: ${code(command)}${startedFrom(start)}.`, start));
    if (start.note.trust !== "platform") {
      clauses.push(clause("why", signatureSentence(start.note.trust, start.note.team), start), whyItRan(input, start));
    }
  } else clauses.push(clause("why", sentence(part.note.title ?? "A record matched"), part));
  const harmless = rule.falsePositives?.filter((text) => !/^unknown|^unlikely/i.test(text)) ?? [];
  if (harmless.length > 0) {
    clauses.push(
      clause("unknown", `It can be harmless: ${visibleText(capText(harmless.join("; "), MAX_DESCRIPTION))}.`),
    );
  }
  clauses.push(clause("next", "If you do not know why this happened, look at what started it in the timeline."));
  return clauses;
};

function sentence(text: string): string {
  const visible = visibleText(text.replaceAll("\n", " "));
  return /[.?]$/.test(visible) ? visible : `${visible}.`;
}
