import type { CodesignFacts } from "#contract/codesign-facts.ts";
import type { EventOf } from "#contract/event.ts";
import { CHECK_WORDS } from "#contract/inspection-words.ts";
import type { InspectionSummary } from "#contract/inspection-summary.ts";
import type { Trust } from "#contract/trust.ts";
import { checkedWords, signatureWords, upperFirst } from "./words.ts";

type Add = (label: string, value: string | null | undefined, code?: boolean) => void;

const MAX_LISTED = 16;

const DEPTH_WORDS: Readonly<Record<InspectionSummary["depth"], string>> = {
  header: "The signature itself",
  full: "The signature, the code's own bytes and the files it seals",
  deep: "The signature, the code's own bytes, the files it seals and the code nested in it",
};

const PART_WORDS = { inspection: "the inspection", codesign: "codesign's output" } as const;

/** Facts of an answer about a file: its mark, what each authority says of its signature, and what nobody checked. */
export function addFileAnswer(answer: EventOf<"file_answer">, trust: Trust | null, add: Add): void {
  const { inspection, codesign, assessment, quarantine, markUnread, unreadable, cdhash } = answer;
  add(
    "Quarantine mark",
    quarantine ?? (markUnread === null ? "None" : `Could not be read (${markUnread})`),
    quarantine !== null,
  );
  if (trust !== null) addSignature(trust, inspection?.teamId ?? codesign?.teamId ?? null, true, add);
  if (inspection !== null) addInspection(inspection, add);
  else add("CDHash", cdhash, true);
  if (codesign !== null) addCodesign(codesign, inspection === null, add);
  add("Gatekeeper's assessment", assessment?.source ?? assessment?.error);
  if (unreadable.length > 0)
    add("Could not be read", upperFirst(unreadable.map((part) => PART_WORDS[part]).join(", ")));
}

/** The joined verdict, what it rests on, and where authorities disagree. */
export function addSignature(trust: Trust, teamId: string | null, withChecked: boolean, add: Add): void {
  add("Signature", upperFirst(signatureWords(trust, teamId)));
  if (withChecked) add("Checked", upperFirst(checkedWords(trust)));
  for (const { sentence } of trust.disagreements) add("Disagreement", sentence);
}

function addInspection(inspection: InspectionSummary, add: Add): void {
  add("Signing identifier", inspection.identifier, true);
  add("Team", inspection.teamId, true);
  for (const { arch, cdhashes } of inspection.slices.slice(0, MAX_LISTED)) {
    add(inspection.slices.length === 1 ? "CDHash" : `CDHash (${arch})`, cdhashes[0], true);
  }
  add("Problems", inspection.problems.map(({ message }) => message).join(" "));
  add("Inspected", DEPTH_WORDS[inspection.depth]);
  add("Verified", inspection.checked.map(checkWord).join("; "));
  add("Not checked", inspection.notChecked.map(({ check, why }) => `${checkWord(check)}: ${why}`).join(" "));
}

function addCodesign(codesign: CodesignFacts, alone: boolean, add: Add): void {
  const verified = codesign.verdict === "valid" ? "Valid on disk" : "Says nothing about validity";
  add("codesign", codesign.error === null ? verified : upperFirst(codesign.error));
  add("Certificates, as codesign shows them", codesign.authorities.join("; "));
  if (!alone) return;
  add("Signing identifier", codesign.identifier, true);
  add("Team", codesign.teamId, true);
}

/** A newer inspector may have checks that have no words here. */
function checkWord(check: string): string {
  return Object.hasOwn(CHECK_WORDS, check) ? CHECK_WORDS[check as keyof typeof CHECK_WORDS] : check;
}
