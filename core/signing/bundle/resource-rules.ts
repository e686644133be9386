import type { MatchBudget, PathPattern } from "./rule-pattern.ts";

/** One rule of a seal about which files it covers. Flags as in Security, resources.h. */
export interface ResourceRule {
  pattern: string;
  /** Null when the pattern could not be understood: then the rule never leaves anything out. */
  matcher: PathPattern | null;
  weight: number;
  /** `true` and nothing more: only such a rule counts as including everything. */
  plain: boolean;
  omit: boolean;
  optional: boolean;
  nested: boolean;
}

/** What the rules say of one path: `excluded` is left out whatever they say, `uncovered` by no rule or one that omits. */
export type Ruling = { kind: "excluded" } | { kind: "uncovered" } | { kind: "covered"; rule: ResourceRule };

/** The rules of a bundle together with what macOS itself leaves out of every seal. */
export class RuleSet {
  readonly #rules: readonly ResourceRule[];
  readonly #excluded: ReadonlySet<string>;
  readonly budget: MatchBudget;

  /** `excluded`: exact paths, relative to the bundle's contents. */
  constructor(rules: readonly ResourceRule[], excluded: ReadonlySet<string>, budget: MatchBudget) {
    this.#rules = rules;
    this.#excluded = excluded;
    this.budget = budget;
  }

  /**
   * The heaviest matching rule decides (Security, ResourceBuilder::findRule). Of equally heavy ones macOS takes any:
   * here it is the strictest.
   */
  judge(path: string): Ruling {
    if (this.#excluded.has(path)) return { kind: "excluded" };
    let best: ResourceRule | null = null;
    for (const rule of this.#rules) {
      if (best !== null && !outranks(rule, best)) continue;
      if (rule.matcher?.matches(path, this.budget) === true) best = rule;
    }
    return best === null || best.omit ? { kind: "uncovered" } : { kind: "covered", rule: best };
  }
}

function outranks(rule: ResourceRule, other: ResourceRule): boolean {
  if (rule.weight !== other.weight) return rule.weight > other.weight;
  if (rule.omit !== other.omit) return other.omit;
  return rule.nested && !other.nested;
}

/** What a seal may leave out, with the resources' folder in front. Security, BundleDiskRep::allowedResourceOmissions. */
const ALLOWED_OMISSIONS = ["^(.*/)?\\.DS_Store$", "^Info\\.plist$", "^PkgInfo$"];
const RESOURCE_FOLDERS = ["Resources/", ""];
/**
 * What the App Store leaves out of the seals of apps for iOS, which run on a Mac too: the licence files that are made for
 * each buyer. As in a published CodeResources of such an app (2015); that macOS accepts them there is UNVERIFIED.
 */
const IN_FRAMEWORKS_AND_PLUG_INS =
  "Frameworks/[^/]+\\.framework/|PlugIns/[^/]+\\.appex/|PlugIns/[^/]+\\.appex/Frameworks/[^/]+\\.framework/";
const STORE_LICENCES = "SC_Info/[^/]+\\.(sinf|supf|supp)$";
const STORE_OMISSIONS = [
  `^(${IN_FRAMEWORKS_AND_PLUG_INS}|())${STORE_LICENCES}`,
  `^Watch/[^/]+\\.app/(${IN_FRAMEWORKS_AND_PLUG_INS})${STORE_LICENCES}`,
];
/**
 * A rule that includes everything the kind of seal is made for. Security, SecStaticCode::hasWeakResourceRules; of the old
 * kind it knows only the first, and what shallow bundles had then is UNVERIFIED.
 */
const INCLUDES_ALL: Record<1 | 2, readonly string[]> = { 1: ["^Resources/", "^.*", "^"], 2: ["^.*"] };

export interface Weakness {
  includesAll: boolean;
  /** Patterns of rules that leave out what no rule may. */
  omissions: string[];
}

/** Whether rules are weaker than Apple's own; macOS refuses such a seal (errSecCSWeakResourceRules). */
export function weaknessOf(rules: readonly ResourceRule[], version: 1 | 2): Weakness {
  const allowed = new Set([
    ...ALLOWED_OMISSIONS,
    ...STORE_OMISSIONS,
    ...RESOURCE_FOLDERS.map((folder) => `^${folder}.*\\.lproj/locversion.plist$`),
  ]);
  const includesAll = rules.some((rule) => rule.plain && INCLUDES_ALL[version].includes(rule.pattern));
  return {
    includesAll,
    omissions: rules.filter((rule) => rule.omit && !allowed.has(rule.pattern)).map((r) => r.pattern),
  };
}
