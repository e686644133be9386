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
  G2: { words: "A quarantine mark that a script or program took off", needs: [["es"]] },
  G3: { words: "A quarantine mark that was rewritten", needs: [["es", "fs", "proc"]] },
  G4: { words: "Untrusted software that a command brought, and that ran", needs: [RUNS] },
  G5: { words: "An app that is only partly marked as a download", needs: [RUNS] },
  G6: { words: "An app made of a script that Gatekeeper did not look at", needs: [["es"], ["log"]] },
  G7: { words: "Somebody opened software against Gatekeeper", needs: [["es"]] },
  G8: { words: "Gatekeeper was switched off", needs: [["probe", ...RUNS]] },
  G9: { words: "Changes to what Gatekeeper lets through", needs: [RUNS] },
  G10: { words: "A configuration profile that weakens Gatekeeper", needs: [["es"]] },
  G11: { words: "Downloads that are no longer marked", needs: [RUNS] },
  G12: { words: "A history of downloads that was erased", needs: [["es", "fs", "proc"]] },
  G13: { words: "Software that was signed again, and then ran", needs: [RUNS] },
  G14: { words: "Software that is no longer signed by who signed it before", needs: [RUNS] },
  G15: { words: "Software that runs although it was changed after signing", needs: [["log", ...RUNS], RUNS] },
  G16: { words: "A program that goes on although its code was changed in memory", needs: [["es", "log"]] },
  G17: { words: "Software without a known developer that was launched", needs: [RUNS] },
  G18: { words: "Software that goes by Apple's name without its signature", needs: [RUNS] },
  G19: { words: "A program that was told to load somebody else's library", needs: [["es"]] },
  G20: { words: "An exemption for developers that untrusted software uses", needs: [RUNS] },
  G21: { words: "Untrusted software that takes hold of a signed program", needs: [["es"]] },
  G22: { words: "Malware that runs although XProtect found it", needs: [["es"], RUNS] },
  G23: { words: "Software without a known developer, run from a disk image", needs: [RUNS] },
  G24: { words: "A root certificate that makes a signature look valid", needs: [RUNS] },
  S1: { words: "An attempt to weaken System Integrity Protection", needs: [["log", ...RUNS]] },
  S2: { words: "Somebody who asked whether SIP is on", needs: [RUNS] },
  S3: { words: "A start into Recovery that a command set", needs: [["log", ...RUNS]] },
  S4: { words: "System Integrity Protection that is weaker after a restart", needs: [["probe"]] },
  S5: { words: "A system volume that macOS does not check", needs: [["probe", "log", ...RUNS]] },
  S6: { words: "Startup security that was lowered", needs: [["probe", "log", ...RUNS]] },
  S7: { words: "Boot arguments that weaken code signing", needs: [["probe", ...RUNS]] },
  S8: { words: "SIP's configuration written by hand", needs: [["log", ...RUNS]] },
  S9: { words: "Research guests that were allowed", needs: [["probe", "log", ...RUNS]] },
  S10: { words: "Kernel variables that make the kernel check less", needs: [["probe", "log", ...RUNS]] },
  S11: { words: "Library validation switched off for every program", needs: [["probe", "log", ...RUNS]] },
  S12: { words: "Other people's code that goes into the kernel", needs: [["log", ...RUNS]] },
  S13: { words: "Code with the rights of a helper that SIP lets through", needs: [["es", "proc", "fs"]] },
  S14: { words: "Protected files that were changed although SIP is on", needs: [["es"]] },
  S15: { words: "Services that check code, stopped or taken hold of", needs: [["log", ...RUNS]] },
  S16: { words: "Untrusted software that ran while protection was weakened", needs: [["probe"], RUNS] },
  S17: { words: "Protection weakened by a stranger, or by nobody at all", needs: [RUNS] },
  S18: { words: "Changed files that say what macOS lets run", needs: [["es"]] },
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
