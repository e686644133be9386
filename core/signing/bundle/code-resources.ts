import type { Problem } from "#contract/inspection.ts";
import {
  asBoolean,
  asBytes,
  asDict,
  asNumber,
  asText,
  type PlistDict,
  type PlistValue,
  parsePlist,
} from "../plist/plist.ts";
import { Malformed } from "../problem.ts";
import { BUNDLE_PROBLEMS, bundleNote, bundleProblem } from "./problems.ts";
import { type ResourceRule, weaknessOf } from "./resource-rules.ts";
import { PathPattern } from "./rule-pattern.ts";

/** Real seals have about fifteen. */
const MAX_RULES = 256;
/** Malformed entries named as problems of their own; a seal with one is bad already. */
const MAX_NAMED = 5;
const SHA1_BYTES = 20;
const SHA256_BYTES = 32;
const CDHASH_BYTES = 20;
const MAX_WEIGHT = 2 ** 32 - 1;

/** What the seal says of one path. */
export type Seal =
  | { kind: "file"; sha1: Buffer | null; sha256: Buffer | null; optional: boolean }
  | { kind: "symlink"; target: string; optional: boolean }
  /** `cdhash` in lower-case hex: the code at signing. `requirement`: what code in its place must satisfy. */
  | { kind: "nested"; cdhash: string | null; requirement: string; optional: boolean };

/** A CodeResources file, taken apart. */
export interface CodeResources {
  version: 1 | 2;
  /** By path relative to the bundle's contents. */
  seals: ReadonlyMap<string, Seal>;
  rules: readonly ResourceRule[];
  problems: Problem[];
  notes: Problem[];
}

/**
 * Reads a seal. Version 2 counts when there is one, and then alone (Security, SecStaticCode::loadResources).
 * @throws Malformed when nothing can be compared with it
 */
export function readCodeResources(bytes: Buffer): CodeResources {
  const root = asDict(parsePlist(bytes));
  // Both old dictionaries must be there also beside new ones: Security, SecStaticCode::resourceDictionary.
  const complete = root !== null && asDict(root.get("files")) !== null && asDict(root.get("rules")) !== null;
  if (!complete) throw malformed();
  const version = root.has("files2") ? 2 : 1;
  const files = asDict(root.get(version === 2 ? "files2" : "files"));
  const rules = asDict(root.get(version === 2 ? "rules2" : "rules"));
  if (files === null || rules === null) throw malformed();
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const read: CodeResources = {
    version,
    seals: readSeals(files, problems),
    rules: readRules(rules, problems),
    problems,
    notes,
  };
  addWeaknesses(read);
  return read;
}

function malformed(): Malformed {
  return new Malformed("code-resources-malformed", BUNDLE_PROBLEMS["code-resources-malformed"]());
}

function addWeaknesses({ version, seals, rules, problems, notes }: CodeResources): void {
  const weakness = weaknessOf(rules, version);
  if (!weakness.includesAll) problems.push(bundleProblem("rules-omit-everything"));
  for (const pattern of weakness.omissions.slice(0, MAX_NAMED))
    problems.push(bundleProblem("rules-omit-code", pattern));
  if (version === 1) {
    notes.push(bundleNote("resources-v1-only"));
    return;
  }
  let old = 0;
  for (const seal of seals.values()) if (seal.kind === "file" && seal.sha256 === null) old++;
  if (old > 0) notes.push(bundleNote("resources-sha1-only", old));
}

function readSeals(files: PlistDict, problems: Problem[]): Map<string, Seal> {
  const seals = new Map<string, Seal>();
  let bad = 0;
  for (const [path, value] of files) {
    const seal = readSeal(value);
    if (seal !== null) seals.set(path, seal);
    else if (bad++ < MAX_NAMED) problems.push(bundleProblem("seal-malformed", path));
  }
  return seals;
}

/** In the order of Security's ResourceSeal: requirement, then symlink, then hash. */
function readSeal(value: PlistValue): Seal | null {
  const bare = asBytes(value);
  if (bare !== null) return readHashes(bare, undefined, false);
  const entry = asDict(value);
  if (entry === null) return null;
  const optional = flag(entry, "optional");
  if (optional === null) return null;
  if (entry.has("requirement")) {
    const requirement = asText(entry.get("requirement"));
    const cdhash = asBytes(entry.get("cdhash"));
    if (requirement === null) return null;
    if (entry.has("cdhash") && cdhash?.length !== CDHASH_BYTES) return null;
    return { kind: "nested", cdhash: cdhash?.toString("hex") ?? null, requirement, optional };
  }
  if (entry.has("symlink")) {
    const target = asText(entry.get("symlink"));
    return target === null ? null : { kind: "symlink", target, optional };
  }
  return readHashes(entry.get("hash"), entry.get("hash2"), optional);
}

function readHashes(hash: PlistValue | undefined, hash2: PlistValue | undefined, optional: boolean): Seal | null {
  const sha1 = asBytes(hash);
  const sha256 = asBytes(hash2);
  if (hash !== undefined && sha1?.length !== SHA1_BYTES) return null;
  if (hash2 !== undefined && sha256?.length !== SHA256_BYTES) return null;
  return sha1 === null && sha256 === null ? null : { kind: "file", sha1, sha256, optional };
}

/** Absent is false; anything but a boolean means nothing. */
function flag(entry: PlistDict, name: string): boolean | null {
  return entry.has(name) ? asBoolean(entry.get(name)) : false;
}

function readRules(rules: PlistDict, problems: Problem[]): ResourceRule[] {
  if (rules.size > MAX_RULES) throw new Malformed("rules-too-many", BUNDLE_PROBLEMS["rules-too-many"]());
  const read: ResourceRule[] = [];
  let bad = 0;
  for (const [pattern, value] of rules) {
    const rule = readRule(pattern, value);
    if (rule !== null) read.push(rule);
    else if (bad++ < MAX_NAMED) problems.push(bundleProblem("rules-malformed", pattern));
  }
  return read;
}

function readRule(pattern: string, value: PlistValue): ResourceRule | null {
  const matcher = PathPattern.compile(pattern);
  if (typeof value === "boolean")
    return { pattern, matcher, weight: 1, plain: value, omit: !value, optional: false, nested: false };
  const entry = asDict(value);
  if (entry === null) return null;
  const [omit, optional, nested] = [flag(entry, "omit"), flag(entry, "optional"), flag(entry, "nested")];
  const weight = weightOf(entry.get("weight"));
  if (omit === null || optional === null || nested === null || weight === null) return null;
  return { pattern, matcher, weight, plain: false, omit, optional, nested };
}

/** A `<real>` in every real seal, cut to a whole number as Apple does. */
function weightOf(value: PlistValue | undefined): number | null {
  if (value === undefined) return 1;
  const weight = asNumber(value);
  if (weight === null || !(weight >= 0) || weight > MAX_WEIGHT) return null;
  return Math.trunc(weight);
}
