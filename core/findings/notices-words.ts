import type { Severity } from "#contract/severity.ts";
import { visibleText } from "#contract/visible-text.ts";

const TEXT_MAX = 300;
/** Titles that a text which sums up several findings lists. */
export const LISTED = 4;

export interface Words {
  title: string;
  body: string;
}

/** Bounded, and with what would hide or reorder the text made visible: titles name what ran. */
export function shortWords(hostile: string): string {
  const text = visibleText(hostile.slice(0, TEXT_MAX));
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`;
}

export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** @param told the latest findings of the notification, newest last */
export function notificationWords(count: number, told: readonly Words[]): Words {
  const [only] = told;
  if (count === 1 && only !== undefined) return only;
  return { title: `${count} findings need action`, body: titles(told, "\n") };
}

/** What is held back after an update of macOS. */
export function updateWords(version: string | null, count: number, told: readonly Words[]): Words {
  const what = countOf(count, "finding", "findings");
  return {
    title: `macOS was updated${version === null ? "" : ` to ${shortWords(version)}`}`,
    body: `${what} about Apple’s own programs, as an update may cause. Look at them when you have time.\n${titles(told, "\n")}`,
  };
}

/** @param headings with how many findings stand under each */
export function digestWords(
  headings: readonly { heading: string; of: number }[],
  severity: Severity,
  count: number,
  told: readonly string[],
): Words {
  const hidden = count - told.length;
  const listed = told.toReversed().join("; ");
  const nothing = severity === "info" ? "nothing to do" : "no hurry";
  return {
    title: `${headed(headings)}${countOf(count, "finding", "findings")}, ${nothing}`,
    body: hidden > 0 ? `${listed}; and ${hidden} more` : listed,
  };
}

/** "Developer activity: ", or "Developer activity (2), Programs (1): " */
function headed(headings: readonly { heading: string; of: number }[]): string {
  if (headings.length === 0) return "";
  const [only] = headings;
  if (headings.length === 1 && only !== undefined) return `${only.heading}: `;
  return `${headings.map(({ heading, of }) => `${heading} (${of})`).join(", ")}: `;
}

function titles(told: readonly Words[], between: string): string {
  return told
    .slice(-LISTED)
    .toReversed()
    .map(({ title }) => title)
    .join(between);
}
