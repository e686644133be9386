import type { BundleInspection, Inspection, Problem, SliceInspection } from "#contract/inspection.ts";
import type { EventFact } from "#contract/timeline.ts";
import { countWords, NOTARIZED_WORDS, PAGE_WORDS, RESOURCE_WORDS } from "./inspection-words.ts";

const known = (label: string, value: string | null, code = true): EventFact[] =>
  value === null || value === "" ? [] : [{ label, value, code }];

/** What the signature says the code is. */
export function identityFacts(slice: SliceInspection): EventFact[] {
  const { cdhash, cdhashes } = slice;
  const others = (["sha1", "sha256", "sha384"] as const).flatMap((kind) => {
    const value = cdhashes[kind];
    return value === null || value === cdhash ? [] : [{ label: `CDHash (${HASH_NAMES[kind]})`, value, code: true }];
  });
  return [
    ...known("Identifier", slice.identifier),
    ...known("Team", slice.teamId),
    ...known("CDHash", cdhash),
    ...others,
    ...known("Flags", slice.flags.join(", ")),
    ...(slice.cdhash === null ? [] : known("Hardened runtime", slice.hardenedRuntime ? "Yes" : "No", false)),
    ...(slice.cdhash === null ? [] : known("Pages of the code", PAGE_WORDS[slice.pageHashes], false)),
    ...(slice.leaf === null ? [] : known("Notarized", NOTARIZED_WORDS[slice.notarized], false)),
  ];
}

const HASH_NAMES = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384" } as const;

export function bundleFacts(bundle: BundleInspection): EventFact[] {
  const { counts, rulesVersion } = bundle;
  return [
    ...known("Kind", bundle.kind === "" ? null : `.${bundle.kind}`, false),
    ...known("Bundle identifier", bundle.identifier),
    ...known("Version", bundle.version),
    { label: "Main executable", value: bundle.executable ?? "None that exists", code: bundle.executable !== null },
    { label: "Files", value: RESOURCE_WORDS[bundle.resources], code: false },
    ...(bundle.resources === "ok" || bundle.resources === "bad" ? known("Counted", countWords(bundle), false) : []),
    ...known("Code inside", counts.nested === 0 ? null : counts.nested.toLocaleString("en-US"), false),
    ...known("Seal", rulesVersion === 1 ? "Version 1, as macOS before 10.9 made it" : null, false),
  ];
}

/** Those that are not said already. */
export function notYetSaid(problems: readonly Problem[], said: readonly Problem[]): Problem[] {
  const known = new Set(said.map(({ id, message }) => `${id} ${message}`));
  return problems.filter(({ id, message }) => !known.has(`${id} ${message}`));
}

/** Whether a CDHash that ran is the one that this file now carries, in any of its slices. */
export function carriesCdhash({ slices }: Inspection, cdhash: string): boolean {
  const wanted = cdhash.toLowerCase();
  return slices.some((slice) => [slice.cdhash, ...Object.values(slice.cdhashes)].includes(wanted));
}
