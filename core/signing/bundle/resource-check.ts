import type { NestedCode } from "#contract/inspection.ts";
import type { Control } from "../control.ts";
import {
  type BundleLayout,
  CODE_RESOURCES,
  fromRoot,
  SIGNATURE_FOLDER,
  STORE_RECEIPT_FOLDER,
} from "./bundle-layout.ts";
import { isAppleDoubleBeside, isScript, looksLikeMachO } from "./code-magic.ts";
import type { CodeResources, Seal } from "./code-resources.ts";
import type { Findings } from "./findings.ts";
import { type InspectNested, NestedChecker } from "./nested-code.ts";
import { linkTarget } from "./path-inside.ts";
import { ResourceHasher } from "./resource-hash.ts";
import { RuleSet } from "./resource-rules.ts";
import { checkSymlink } from "./sealed-symlink.ts";
import { type Visitor, type Walk, walkBundle } from "./walk-bundle.ts";

/** Steps of matching paths with rules: some seconds, which no real bundle comes near. */
const MATCH_BUDGET = 500_000_000;
/** Added names kept to be compared with missing ones. */
const MAX_KEPT_NAMES = 10_000;

export interface ResourceOptions {
  control: Control;
  /** Inspects code inside the bundle: as deep as whoever asked wants. */
  inspectNested: InspectNested;
  /** How many bundles this one is inside of; 0 when left out. */
  nesting?: number;
  /** Real paths of the contents folders of those, to which links may lead. */
  outerRoots?: readonly string[];
}

/** What macOS itself leaves out of every seal. Security, BundleDiskRep::adjustResources. */
function excludedFrom(layout: BundleLayout): Set<string> {
  const excluded = new Set([SIGNATURE_FOLDER, CODE_RESOURCES, STORE_RECEIPT_FOLDER]);
  if (layout.executableKey !== null) excluded.add(layout.executableKey);
  return excluded;
}

/** One walk. As Security, ResourceBuilder::scan and SecStaticCode::validateResource. */
export class ResourceCheck implements Visitor {
  readonly #layout: BundleLayout;
  readonly #seal: CodeResources;
  readonly #findings: Findings;
  readonly #options: ResourceOptions;
  readonly #rules: RuleSet;
  readonly #hasher: ResourceHasher;
  readonly #nested: NestedChecker;
  readonly #met = new Set<string>();
  readonly #added = new Set<string>();
  #normalized: Map<string, string> | null = null;

  constructor(layout: BundleLayout, seal: CodeResources, findings: Findings, options: ResourceOptions) {
    this.#layout = layout;
    this.#seal = seal;
    this.#findings = findings;
    this.#options = options;
    this.#rules = new RuleSet(seal.rules, excludedFrom(layout), { left: MATCH_BUDGET });
    this.#hasher = new ResourceHasher(options.control);
    this.#nested = new NestedChecker(options.inspectNested, findings, options.nesting ?? 0);
  }

  get nested(): NestedCode[] {
    return this.#nested.nested;
  }

  run(): void {
    this.#findings.problems(this.#seal.problems);
    this.#findings.notes(this.#seal.notes);
    // A rule that is not known could have covered more.
    this.#findings.unchecked("rule-not-understood", this.#seal.rules.filter((rule) => rule.matcher === null).length);
    const walk = walkBundle(this.#layout.contentsDir, this.#options.control, this);
    this.#findings.unchecked("not-all-looked-at", walk.skipped);
    this.#findings.unchecked("unreadable-resources", walk.unreadable.length);
    this.#findMissing(walk);
  }

  tired(): boolean {
    return this.#rules.budget.left <= 0;
  }

  file(key: string, path: string): void {
    const ruling = this.#rules.judge(key);
    const seal = this.#sealOf(key);
    if (ruling.kind === "excluded" && key === this.#layout.executableKey) return;
    if (ruling.kind === "covered" || (seal !== null && ruling.kind !== "excluded")) this.#checkFile(key, path, seal);
    else this.#checkUncovered(key, path);
  }

  symlink(key: string, path: string, name: string): void {
    if (name.toLowerCase() === ".ds_store") this.#problem("ds-store-symlink", key);
    const ruling = this.#rules.judge(key);
    // An old seal covers only the resources: a link elsewhere may have taken the place of code.
    if (ruling.kind === "uncovered" && this.#seal.version === 1) this.#findings.unchecked("unsealed-code-v1");
    if (ruling.kind !== "covered") return;
    const seal = this.#sealOf(key);
    if (seal === null) {
      // Old seals know no links. Security, SecStaticCode::validateResource.
      if (this.#seal.version !== 1) this.#addedFile(key);
      return;
    }
    if (seal.kind !== "symlink") return this.#altered("resource-changed-type", key);
    const target = linkTarget(path);
    if (target === null) return this.#findings.unchecked("unreadable-resources");
    this.#findings.counts.sealed++;
    if (target !== seal.target) return this.#altered("symlink-retargeted", key);
    const outcome = checkSymlink(this.#layout, key, target, this.#rules, this.#options.outerRoots ?? []);
    if (outcome === "system") this.#findings.note("symlinks-to-system");
    else if (outcome !== "ok") this.#problem(outcome, key);
  }

  folder(key: string, path: string, name: string): boolean {
    const ruling = this.#rules.judge(key);
    if (ruling.kind === "excluded") {
      this.#checkExcludedFolder(key, path);
      return false;
    }
    // A folder with an ending in a place for code is a bundle: sealed as one, and not looked into here.
    if (ruling.kind !== "covered" || !ruling.rule.nested || !name.includes(".")) return true;
    const seal = this.#sealOf(key);
    if (seal === null) this.#addedFile(key, "nested-code-unsealed");
    else if (seal.kind === "nested") this.#nested.check(this.#shown(key), path, seal);
    else this.#altered("resource-changed-type", key);
    return false;
  }

  other(key: string): void {
    this.#sealOf(key);
    this.#problem("unsupported-file-type", key);
  }

  #checkFile(key: string, path: string, seal: Seal | null): void {
    if (seal === null) {
      if (isAppleDoubleBeside(path)) return this.#findings.unchecked("apple-double-beside");
      return this.#addedFile(key, looksLikeMachO(path) === true ? "nested-code-unsealed" : "resource-added");
    }
    if (seal.kind === "symlink") return this.#altered("resource-changed-type", key);
    if (seal.kind === "nested") return this.#nested.check(this.#shown(key), path, seal);
    const outcome = this.#hasher.compare(path, seal);
    if (outcome === "unreadable") return this.#findings.unchecked("unreadable-resources");
    this.#findings.counts.sealed++;
    if (outcome === "altered") this.#altered("resource-altered", key);
  }

  /** A file that the seal leaves out, rightly: unless it is code. */
  #checkUncovered(key: string, path: string): void {
    const isCode = looksLikeMachO(path);
    if (isCode === null) this.#findings.unchecked("unreadable-resources");
    else if (this.#seal.version === 1) this.#findings.unchecked("unsealed-code-v1", isCode || isScript(path) ? 1 : 0);
    else if (isCode) this.#problem("unsealed-code", key);
  }

  /** The signature's folder has a check of its own; the others hold one plain file at most. */
  #checkExcludedFolder(key: string, path: string): void {
    if (key === SIGNATURE_FOLDER) return;
    if (key !== STORE_RECEIPT_FOLDER) return this.#problem("unsealed-code", key);
    const walk = walkBundle(path, this.#options.control, {
      file: (name, file) => this.#checkUncovered(`${key}/${name}`, file),
      symlink: () => {},
      folder: () => true,
      other: (name) => this.#problem("unsupported-file-type", `${key}/${name}`),
      tired: () => false,
    });
    this.#findings.unchecked("not-all-looked-at", walk.skipped);
    this.#findings.unchecked("unreadable-resources", walk.unreadable.length);
  }

  #shown(key: string): string {
    return fromRoot(this.#layout, key);
  }

  #problem(id: Parameters<Findings["problem"]>[0], key: string): void {
    this.#findings.problem(id, this.#shown(key));
  }

  #altered(id: "resource-altered" | "resource-changed-type" | "symlink-retargeted", key: string): void {
    this.#findings.counts.altered++;
    this.#problem(id, key);
  }

  #addedFile(key: string, id: "resource-added" | "nested-code-unsealed" = "resource-added"): void {
    this.#findings.counts.added++;
    this.#problem(id, key);
    if (key.split("/").at(-1)?.startsWith("._") === true) this.#findings.note("apple-double-added");
    if (this.#added.size < MAX_KEPT_NAMES) this.#added.add(key.toLowerCase());
  }

  /** What the seal says of a name on disk. Names that differ only in Unicode composition are one name to APFS. */
  #sealOf(key: string): Seal | null {
    const seal = this.#seal.seals.get(key);
    if (seal !== undefined) {
      this.#met.add(key);
      return seal;
    }
    // oxlint-disable-next-line no-control-regex
    if (/^[\x00-\x7f]*$/.test(key)) return null;
    this.#normalized ??= normalizedNames(this.#seal.seals);
    const other = this.#normalized.get(key.normalize("NFC"));
    if (other === undefined || this.#met.has(other)) return null;
    this.#met.add(other);
    this.#findings.note("name-normalized");
    return this.#seal.seals.get(other) ?? null;
  }

  #findMissing(walk: Walk): void {
    // What was not looked at cannot be called missing.
    if (walk.skipped > 0) return;
    const unread = new Set(walk.unreadable);
    for (const [key, seal] of this.#seal.seals) {
      if (seal.optional || this.#met.has(key)) continue;
      if (unread.size > 0 && isUnder(key, unread)) continue;
      this.#findings.counts.missing++;
      this.#problem("resource-missing", key);
      if (this.#added.has(key.toLowerCase())) this.#findings.note("name-case-differs");
    }
  }
}

/** Only names that are not plain ASCII: of others there is one way to write them. */
function normalizedNames(seals: ReadonlyMap<string, Seal>): Map<string, string> {
  const names = new Map<string, string>();
  for (const key of seals.keys()) {
    const composed = key.normalize("NFC");
    if (composed !== key || key.normalize("NFD") !== key) names.set(composed, key);
  }
  return names;
}

function isUnder(key: string, folders: ReadonlySet<string>): boolean {
  if (folders.has("") || folders.has(key)) return true;
  for (let at = key.lastIndexOf("/"); at > 0; at = key.lastIndexOf("/", at - 1))
    if (folders.has(key.slice(0, at))) return true;
  return false;
}
