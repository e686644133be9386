import type { Clause } from "#contract/finding.ts";
import { type ExplainInput, type Explainer, lastPart, partWithRole } from "./explanation.ts";
import { explainQuarantineRemoved } from "./g1-quarantine-removed.ts";
import { explainRemovedWithoutTool } from "./g2-removed-without-tool.ts";
import { explainMarkRewritten } from "./g3-mark-rewritten.ts";
import { explainArrivedUnmarked } from "./g4-arrived-unmarked.ts";
import { explainMarkMismatch } from "./g5-mark-mismatch.ts";
import { explainScriptApp } from "./g6-script-app.ts";
import { explainGatekeeperRule } from "./g9-gatekeeper-rule.ts";
import { explainProfile } from "./g10-profile.ts";
import { explainMarkingOff } from "./g11-marking-off.ts";
import { explainHistoryErased } from "./g12-history-erased.ts";
import { explainSipAsked } from "./s2-sip-asked.ts";
import { explainIntoRecovery } from "./s3-into-recovery.ts";
import { explainOpenAnyway } from "./g7-open-anyway.ts";
import { explainGatekeeperOff } from "./g8-gatekeeper-off.ts";
import { explainSignedAnew } from "./g13-signed-anew.ts";
import { explainIdentityChanged } from "./g14-identity-changed.ts";
import { explainModifiedCode } from "./g15-modified-code.ts";
import { explainInvalidPage } from "./g16-invalid-page.ts";
import { explainUntrustedLaunch } from "./g17-untrusted-launch.ts";
import { explainAppleName } from "./g18-apple-name.ts";
import { explainLibraryInjected } from "./g19-library-injected.ts";
import { explainDeveloperExemption } from "./g20-developer-exemption.ts";
import { explainCodeInjected } from "./g21-code-injected.ts";
import { explainMalwareRan } from "./g22-malware-ran.ts";
import { explainRunFromImage } from "./g23-run-from-image.ts";
import { explainTrustRoot } from "./g24-trust-root.ts";
import { explainGenerally } from "./general.ts";
import { explainSipCommand } from "./s1-sip-command.ts";
import { explainKernelVariables } from "./s10-kernel-variables.ts";
import { explainLibraryValidation } from "./s11-library-validation.ts";
import { explainKernelCode } from "./s12-kernel-code.ts";
import { explainSipBypass } from "./s13-sip-bypass.ts";
import { explainProtectedFile } from "./s14-protected-file.ts";
import { explainEnforcementStopped } from "./s15-enforcement-stopped.ts";
import { explainWeakenedRun } from "./s16-weakened-run.ts";
import { explainNotAllowed } from "./s17-not-allowed.ts";
import { explainPolicyPath } from "./s18-policy-path.ts";
import { explainSipWeaker } from "./s4-sip-weaker.ts";
import { explainSystemVolume } from "./s5-system-volume.ts";
import { explainBootSecurity } from "./s6-boot-security.ts";
import { explainBootArgs } from "./s7-boot-args.ts";
import { explainCsrConfig } from "./s8-csr-config.ts";
import { explainResearchGuests } from "./s9-research-guests.ts";

const BY_BEHAVIOUR: ReadonlyMap<string, Explainer> = new Map([
  ["G1", explainQuarantineRemoved],
  ["G2", explainRemovedWithoutTool],
  ["G3", explainMarkRewritten],
  ["G4", explainArrivedUnmarked],
  ["G5", explainMarkMismatch],
  ["G6", explainScriptApp],
  ["G7", explainOpenAnyway],
  ["G8", explainGatekeeperOff],
  ["G9", explainGatekeeperRule],
  ["G10", explainProfile],
  ["G11", explainMarkingOff],
  ["G12", explainHistoryErased],
  ["G13", explainSignedAnew],
  ["G14", explainIdentityChanged],
  ["G15", explainModifiedCode],
  ["G16", explainInvalidPage],
  ["G17", explainUntrustedLaunch],
  ["G18", explainAppleName],
  ["G19", explainLibraryInjected],
  ["G20", explainDeveloperExemption],
  ["G21", explainCodeInjected],
  ["G22", explainMalwareRan],
  ["G23", explainRunFromImage],
  ["G24", explainTrustRoot],
  ["S1", explainSipCommand],
  ["S2", explainSipAsked],
  ["S3", explainIntoRecovery],
  ["S4", explainSipWeaker],
  ["S5", explainSystemVolume],
  ["S6", explainBootSecurity],
  ["S7", explainBootArgs],
  ["S8", explainCsrConfig],
  ["S9", explainResearchGuests],
  ["S10", explainKernelVariables],
  ["S11", explainLibraryValidation],
  ["S12", explainKernelCode],
  ["S13", explainSipBypass],
  ["S14", explainProtectedFile],
  ["S15", explainEnforcementStopped],
  ["S16", explainWeakenedRun],
  ["S17", explainNotAllowed],
  ["S18", explainPolicyPath],
]);

/** The explanation of a finding: verdict first, then why macOS let it happen, what is not known, what to do. */
export function explain(input: ExplainInput): Clause[] {
  const behaviours = input.rule.behaviours.map((id) => id.toUpperCase());
  const changed = partWithRole(input, "protection changed") !== null;
  const { kind } = lastPart(input).note;
  const ran = kind === "exec" || kind === "process_snapshot";
  // An attempt and the change it led to are told as the change; a run that followed the change, as the run.
  const first = behaviours.find((id) => (changed && !ran ? id === "S4" : id === "S16"));
  const behaviour = first ?? behaviours.find((id) => BY_BEHAVIOUR.has(id)) ?? "";
  return (BY_BEHAVIOUR.get(behaviour) ?? explainGenerally)(input);
}
