import { BINDING_CASES } from "./binding.ts";
import type { BytesCase } from "./case.ts";
import { CONTAINER_CASES } from "./container.ts";
import { ENTITLEMENT_CASES } from "./entitlements.ts";
import { EXPENSIVE_CASES } from "./expensive.ts";
import { LOAD_COMMAND_CASES } from "./load-commands.ts";
import { STAY_GOOD_CASES } from "./stay-good.ts";
import { SUPER_BLOB_CASES } from "./super-blob.ts";
import { TRUST_CASES } from "./trust.ts";

/** Every hostile case of design/signing.md section 4 that is one file, by what it attacks. Bundles are in bundles.ts. */
export const HOSTILE_CASES: Readonly<Record<string, readonly BytesCase[]>> = {
  container: CONTAINER_CASES,
  "load commands": LOAD_COMMAND_CASES,
  "superblob and CodeDirectory": SUPER_BLOB_CASES,
  "what the signature is bound to": BINDING_CASES,
  "who signed": TRUST_CASES,
  entitlements: ENTITLEMENT_CASES,
  "expensive on purpose": EXPENSIVE_CASES,
  "must stay good": STAY_GOOD_CASES,
};
