import { FORMAT_SCENARIOS } from "./formats.ts";
import { GATEKEEPER_SCENARIOS } from "./gatekeeper.ts";
import { GATEKEEPER_A_SCENARIOS } from "./gatekeeper-a.ts";
import { NOISE_SCENARIOS } from "./noise.ts";
import { NOISE_DAY_SCENARIOS } from "./noise-days.ts";
import { SIGNATURE_SCENARIOS } from "./signatures.ts";
import { PROTECTION_SCENARIOS } from "./protection.ts";
import { SIP_SCENARIOS } from "./sip.ts";
import { STANDARD_TIER_SCENARIOS } from "./standard-tier.ts";

/** Every scenario by its file name. */
export const SCENARIOS: Record<string, () => string> = {
  ...GATEKEEPER_SCENARIOS,
  ...GATEKEEPER_A_SCENARIOS,
  ...SIGNATURE_SCENARIOS,
  ...SIP_SCENARIOS,
  ...PROTECTION_SCENARIOS,
  ...FORMAT_SCENARIOS,
  ...NOISE_SCENARIOS,
  ...NOISE_DAY_SCENARIOS,
  ...STANDARD_TIER_SCENARIOS,
};
