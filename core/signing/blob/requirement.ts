import type { CodeSignature } from "../code-signature.ts";
import { attempt } from "../problem.ts";
import type { Signer } from "../signer.ts";
import { MAGIC, magicOf, SLOT } from "./blob-format.ts";
import { evaluateRequirement } from "./evaluate-requirement.ts";
import { implicitRequirement } from "./implicit-requirement.ts";
import type { Requirement } from "./requirement-expression.ts";
import type { RequirementFacts } from "./requirement-facts.ts";
import { parseRequirementText } from "./requirement-parser.ts";
import { readRequirement } from "./requirement-reader.ts";
import { readDesignated } from "./requirement-set.ts";
import { requirementText } from "./requirement-text.ts";
import { isBound } from "./special-slots.ts";

export type { RequirementFacts } from "./requirement-facts.ts";

/**
 * What identifies this code from one version to the next, in Apple's language.
 * `explicit`: the signer wrote it; otherwise it is what macOS makes up.
 * Null when there is none, or what the signer wrote cannot be read (which the signature's problems say).
 */
export function designatedRequirement(
  signature: CodeSignature,
  signer: Signer,
): { text: string; explicit: boolean } | null {
  const { requirements } = signature;
  if (requirements !== null && isBound(signature, SLOT.requirements)) {
    const read = attempt(() => readDesignated(requirements));
    if ("problem" in read) return null;
    if (read.value !== null) return { text: requirementText(read.value), explicit: true };
  }
  const implicit = implicitRequirement(signature, signer);
  return implicit && { text: requirementText(implicit), explicit: false };
}

/**
 * Whether code of which these facts are known meets a requirement.
 * @param blob a requirement, or a set of which the designated one is meant
 * @returns null when that cannot be told
 */
export function satisfiesRequirement(blob: Buffer, facts: RequirementFacts): boolean | null {
  const read = attempt((): Requirement | null =>
    magicOf(blob) === MAGIC.requirements ? readDesignated(blob) : readRequirement(blob),
  );
  return "value" in read && read.value !== null ? evaluateRequirement(read.value, facts) : null;
}

/** As `satisfiesRequirement`, for a requirement in Apple's language, as CodeResources states one for nested code. */
export function satisfiesRequirementText(text: string, facts: RequirementFacts): boolean | null {
  const read = attempt(() => parseRequirementText(text));
  return "value" in read ? evaluateRequirement(read.value, facts) : null;
}

/** Whether two texts, as `designatedRequirement` and CodeResources have them, are the same requirement. */
export function isSameRequirement(left: string, right: string): boolean {
  return left.trim() === right.trim();
}
