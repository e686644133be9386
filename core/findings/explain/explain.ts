import type { Clause } from "#contract/finding.ts";
import { type ExplainInput, type Explainer, partWithRole } from "./explanation.ts";
import { explainQuarantineRemoved } from "./g1-quarantine-removed.ts";
import { explainOpenAnyway } from "./g7-open-anyway.ts";
import { explainGatekeeperOff } from "./g8-gatekeeper-off.ts";
import { explainSignedAnew } from "./g13-signed-anew.ts";
import { explainUntrustedLaunch } from "./g17-untrusted-launch.ts";
import { explainGenerally } from "./general.ts";
import { explainSipCommand } from "./s1-sip-command.ts";
import { explainWeakenedRun } from "./s16-weakened-run.ts";
import { explainSipWeaker } from "./s4-sip-weaker.ts";
import { explainBootArgs } from "./s7-boot-args.ts";

const BY_BEHAVIOUR: ReadonlyMap<string, Explainer> = new Map([
  ["G1", explainQuarantineRemoved],
  ["G7", explainOpenAnyway],
  ["G8", explainGatekeeperOff],
  ["G13", explainSignedAnew],
  ["G17", explainUntrustedLaunch],
  ["S1", explainSipCommand],
  ["S4", explainSipWeaker],
  ["S5", explainSipWeaker],
  ["S7", explainBootArgs],
  ["S16", explainWeakenedRun],
]);

/** The explanation of a finding: verdict first, then why macOS let it happen, what is not known, what to do. */
export function explain(input: ExplainInput): Clause[] {
  const behaviours = input.rule.behaviours.map((id) => id.toUpperCase());
  const changed = partWithRole(input, "protection changed") !== null;
  // An attempt and the change it led to are told as the change; a run that followed the change, as the run.
  const first = behaviours.find((id) => (changed ? id === "S4" || id === "S5" : id === "S16"));
  const behaviour = first ?? behaviours.find((id) => BY_BEHAVIOUR.has(id)) ?? "";
  return (BY_BEHAVIOUR.get(behaviour) ?? explainGenerally)(input);
}
