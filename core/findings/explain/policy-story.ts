import { visibleText } from "#contract/visible-text.ts";
import { clause, commandSentence, type Explainer, lastPart, type Part, partWithRole } from "./explanation.ts";
import { attemptBefore, changeOf, expectedClause, whoClauses } from "./policy-parts.ts";

/** What can be said of a command that weakens a setting, and of the setting that is weaker. */
interface PolicyStory {
  /** Settings of the posture it is about. */
  settings: readonly string[];
  /** Roles of the commands. */
  roles: readonly string[];
  /** Stands for the command when its arguments are not known. */
  tool: string;
  /** Verdicts: the command alone, and the setting. */
  attempt: string;
  state: (change: Part) => string;
  /** Whether the command has any effect, and why. */
  effect: string;
  /** What the weaker setting lets happen, and how it can have come about. */
  means: readonly string[];
  unknown: { attempt: string; state: string };
  next: { attempt: string; state: string };
}

/** An explanation in the order of every such story: what it is, why, what is not known, what to do. */
export function explainPolicy(story: PolicyStory): Explainer {
  return (input) => {
    const change = changeOf(input, ...story.settings);
    if (change === null) {
      const command = partWithRole(input, ...story.roles) ?? lastPart(input);
      return [
        clause("verdict", story.attempt, command),
        clause("why", commandSentence(command, story.tool), command),
        ...whoClauses(command),
        clause("why", story.effect, command),
        clause("unknown", story.unknown.attempt),
        clause("next", story.next.attempt),
      ];
    }
    const { words } = change.note;
    return [
      clause("verdict", story.state(change), change),
      ...(words === undefined ? [] : [clause("why", `${visibleText(words)}.`, change)]),
      ...story.means.map((text) => clause("why", text, change)),
      ...attemptBefore(input, change),
      ...expectedClause(change),
      clause("unknown", story.unknown.state),
      clause("next", story.next.state),
    ];
  };
}
