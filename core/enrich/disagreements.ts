import {
  type Authority,
  type Disagreement,
  DISAGREEMENT_TOPICS,
  type DisagreementTopic,
  type TrustClass,
} from "#contract/trust.ts";
import { TRUST_WORDS } from "#contract/trust-words.ts";
import { shortText } from "./cap-text.ts";
import { AD_HOC, BY_OTHER, type Claim, NOT_BY_APPLE } from "./claims.ts";
import type { OtherCode } from "./seal-memory.ts";

const TOPIC_WORDS: Readonly<Record<DisagreementTopic, string>> = {
  code: "which code it is",
  signature: "the signature",
  bundle: "the files of the bundle",
  signer: "who signed it",
  class: "the kind of signature",
  identifier: "the signing identifier",
  team: "the team",
  notarization: "notarization",
  revocation: "revocation",
};

const AUTHORITY_WORDS: Readonly<Record<Authority, string>> = {
  kernel: "the kernel",
  inspector: "Sealbar's inspector",
  codesign: "codesign",
  gatekeeper: "Gatekeeper",
  log: "the unified log",
};

/** Names may be cut at different lengths before they come here: beyond this they are not compared. */
const COMPARED = 150;

/** Where two authorities checked the same thing of the same code and say different things. In the order of the topics. */
export function disagreementsOf(claims: readonly Claim[], otherCode: OtherCode | null): Disagreement[] {
  const found: Disagreement[] = otherCode === null ? [] : [aboutCode(otherCode)];
  if (claims.length < 2) return found;
  for (const about of DISAGREEMENT_TOPICS) {
    const says = claims.flatMap(({ authority, says: all }): Disagreement["says"] => {
      const value = all[about];
      return value === undefined ? [] : [{ authority, value: shortText(value, COMPARED) }];
    });
    if (
      says.length < 2 ||
      agree(
        about,
        says.map(({ value }) => value),
      )
    )
      continue;
    found.push({ about, says, sentence: sentenceOf(about, says) });
  }
  return found;
}

function agree(about: DisagreementTopic, values: readonly string[]): boolean {
  const distinct = new Set(
    values.map((value) => (about === "class" && value === "platform-legacy" ? "platform" : value)),
  );
  // One authority does not tell these two apart.
  if (distinct.has(NOT_BY_APPLE) && (distinct.has(AD_HOC) || distinct.has(BY_OTHER))) distinct.delete(NOT_BY_APPLE);
  return distinct.size < 2;
}

function sentenceOf(about: DisagreementTopic, says: Disagreement["says"]): string {
  const parts = says.map(({ authority, value }) => `${AUTHORITY_WORDS[authority]} says ${words(about, value)}`);
  return `About ${TOPIC_WORDS[about]}, ${parts.join("; ")}.`;
}

function words(about: DisagreementTopic, value: string): string {
  if (about === "notarization") return value === "yes" ? "notarized" : "not notarized";
  return about === "class" && Object.hasOwn(TRUST_WORDS, value) ? TRUST_WORDS[value as TrustClass] : value;
}

const NO_SIGNATURE = "no signature";

function aboutCode({ ran, file, by, when }: OtherCode): Disagreement {
  return {
    about: "code",
    says: [
      { authority: "kernel", value: ran ?? NO_SIGNATURE },
      { authority: by, value: file ?? NO_SIGNATURE },
    ],
    sentence:
      when === "after"
        ? "The file now has another signature than what ran."
        : "Shortly before it ran, the file had another signature.",
  };
}
