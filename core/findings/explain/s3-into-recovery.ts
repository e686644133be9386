import { visibleText } from "#contract/visible-text.ts";
import { span } from "#core/enrich/words.ts";
import { clause, code, commandSentence, type Explainer, lastPart, partWithRole } from "./explanation.ts";
import { expectedClause, whoClauses } from "./policy-parts.ts";

/** S3: the Mac was sent into Recovery by a command, and (if seen) came back weaker. */
export const explainIntoRecovery: Explainer = (input) => {
  const command = partWithRole(input, "recovery start set", "boot arguments set") ?? lastPart(input);
  const restart = partWithRole(input, "restart");
  const change = partWithRole(input, "protection changed");
  const how = clause("why", commandSentence(command, "nvram recovery-boot-mode=…"), command);
  if (change !== null) {
    const { words } = change.note;
    return [
      clause("verdict", "This Mac was sent into Recovery and came back with weaker protection.", change, command),
      clause("why", `${visibleText(words ?? "A setting is weaker")}.`, change),
      clause(
        "why",
        `${span(change.time - command.time)} earlier a command set the next start to be Recovery.`,
        command,
      ),
      how,
      ...whoClauses(command),
      clause("why", "Such settings can only be weakened in Recovery, by somebody at this Mac.", change),
      ...expectedClause(change),
      clause("unknown", "What was done in Recovery is not seen: nothing watches there."),
      clause("next", `If nobody meant to, start recoveryOS and run ${code("csrutil enable")}.`),
    ];
  }
  return [
    restart === null
      ? clause("verdict", "Someone set this Mac to start into Recovery next time.", command)
      : clause("verdict", "This Mac was sent into Recovery by commands.", restart, command),
    how,
    ...(restart === null
      ? []
      : [clause("why", `${span(restart.time - command.time)} later it was restarted.`, restart)]),
    ...whoClauses(command),
    clause("why", "There its protection can be weakened, which running macOS does not allow.", command),
    clause("unknown", "Whether anything was weakened there shows when macOS is back and Sealbar compares."),
    clause("next", `If nobody meant to, take it back with ${code("sudo nvram -d recovery-boot-mode")}.`),
  ];
};
