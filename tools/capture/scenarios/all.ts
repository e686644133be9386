import { FORMAT_SCENARIOS } from "./formats.ts";
import { GATEKEEPER_SCENARIOS } from "./gatekeeper.ts";
import { SIP_SCENARIOS } from "./sip.ts";
import { STANDARD_TIER_SCENARIOS } from "./standard-tier.ts";

/** Every scenario by its file name. */
export const SCENARIOS: Record<string, () => string> = {
  ...GATEKEEPER_SCENARIOS,
  ...SIP_SCENARIOS,
  ...FORMAT_SCENARIOS,
  ...STANDARD_TIER_SCENARIOS,
};
