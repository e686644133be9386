import type { BlindBehaviour } from "#contract/coverage.ts";
import { SOURCES, type SourceName } from "#contract/source.ts";

interface SeenBy {
  words: string;
  /** Of each group at least one source must see. */
  needs: readonly (readonly SourceName[])[];
}

const RUNS = ["es", "proc"] as const;

/** The behaviours that our rules find, and which sources each of them needs. A test holds it against the rules. */
export const BEHAVIOUR_SOURCES: Readonly<Record<string, SeenBy>> = {
  G1: {
    words: "A download whose quarantine mark was removed, and that then ran",
    needs: [["es", "fs", "proc"], RUNS],
  },
  G7: { words: "Somebody opened software against Gatekeeper", needs: [["es"]] },
  G8: { words: "Gatekeeper was switched off", needs: [["probe", ...RUNS]] },
  G13: { words: "Software that was signed again, and then ran", needs: [RUNS] },
  G17: { words: "Software without a known developer that was launched", needs: [RUNS] },
  S1: { words: "An attempt to weaken System Integrity Protection", needs: [["log", ...RUNS]] },
  S4: { words: "System Integrity Protection that is weaker after a restart", needs: [["probe"]] },
  S7: { words: "Boot arguments that weaken code signing", needs: [["probe", ...RUNS]] },
  S16: { words: "Untrusted software that ran while protection was weakened", needs: [["probe"], RUNS] },
};

/** By source, the behaviours that nobody sees now and that it would see. */
export function blindBehaviours(sees: (source: SourceName) => boolean): Map<SourceName, BlindBehaviour[]> {
  const blind = new Map(SOURCES.map((source): [SourceName, BlindBehaviour[]] => [source, []]));
  for (const [id, { words, needs }] of Object.entries(BEHAVIOUR_SOURCES)) {
    const missing = new Set(needs.filter((group) => !group.some(sees)).flat());
    for (const source of missing) blind.get(source)?.push({ id, words });
  }
  return blind;
}
