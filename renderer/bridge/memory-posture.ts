import type { JournalEntry, JournalPage, JournalQuery, PostureChain, PostureSnapshot } from "#contract/posture.ts";
import { sampleHash } from "./sample/posture.ts";

/** A page of a journal that is kept oldest first. */
export function journalPage(
  journal: readonly JournalEntry[],
  chain: Pick<PostureChain, "state" | "anchor">,
  { about, before, limit }: JournalQuery,
): JournalPage {
  const wanted = journal
    .filter((entry) => (about === null || entry.about === about) && (before === null || entry.seq < before))
    .reverse();
  const entries = wanted.slice(0, limit);
  const next = wanted.length > limit ? (entries.at(-1)?.seq ?? null) : null;
  return { entries, next, chain: { ...chain, entries: journal.length, head: journal.at(-1)?.hash ?? null } };
}

/** The Mac as it is becomes what is expected, and the journal says who said so. */
export function accepted(
  posture: PostureSnapshot,
  journal: readonly JournalEntry[],
  { reason, at, by }: { reason: string; at: string; by: string },
): { posture: PostureSnapshot; journal: JournalEntry[] } {
  const settings = posture.settings.map((setting) => {
    const isKnown = setting.inForce !== "unknown" && setting.inForce !== "conflicting";
    return isKnown ? { ...setting, expected: setting.inForce, expectedByBaseline: true } : setting;
  });
  const said: Pick<JournalEntry, "kind" | "words" | "evidence">[] = [
    { kind: "baseline", words: `${by} accepted this Mac’s protection as it was then.`, evidence: reason },
    ...(posture.weakenedSince === null
      ? []
      : [{ kind: "epoch-closed" as const, words: "As expected again.", evidence: "" }]),
  ];
  const first = (journal.at(-1)?.seq ?? 0) + 1;
  const entries = said.map((entry, index) => ({
    ...entry,
    seq: first + index,
    at,
    about: null,
    before: null,
    after: null,
    bootUuid: posture.bootUuid,
    hash: sampleHash(first + index),
  }));
  return {
    posture: {
      ...posture,
      settings,
      weakenedSince: null,
      epochs: posture.epochs.map((epoch) => (epoch.until === null ? { ...epoch, until: at } : epoch)),
      baseline: { state: "accepted", at, by, reason },
    },
    journal: [...journal, ...entries],
  };
}
