import type { PostureChain } from "#contract/posture.ts";

const INTACT: Record<PostureChain["anchor"], (entries: string) => string> = {
  none: (entries) => `History intact, ${entries}; in the standard tier this does not prove that nobody changed it.`,
  matches: (entries) =>
    `History intact, ${entries}; it ends where the record of Sealbar’s daemon ends, which only root can change.`,
  differs: (entries) =>
    `The history does not end where the record of Sealbar’s daemon ends: ${entries} fit together, but were changed or cut off.`,
  "not-asked": (entries) =>
    `History intact, ${entries}; Sealbar’s daemon, which keeps where it ends, has not been asked yet.`,
};

/** What the chain of hashes proves, and what it does not. */
export function chainSentence({ entries, state, anchor }: PostureChain): string {
  const counted = `${entries.toLocaleString("en-US")} ${entries === 1 ? "entry" : "entries"}`;
  if (state === "broken") {
    return `The history is broken: ${counted}, and at least one was changed or removed after it was written.`;
  }
  return state === "unchecked" ? `History of ${counted}, not checked yet.` : INTACT[anchor](counted);
}
