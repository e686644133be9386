import { join } from "node:path";
import type { NestedCode, Problem } from "#contract/inspection.ts";
import type { TrustClass } from "#contract/trust.ts";
import { ReadFault } from "../problem.ts";
import type { Seal } from "./code-resources.ts";
import type { Findings } from "./findings.ts";
import { linkTarget, lookAt } from "./path-inside.ts";
import { listFolder } from "./walk-bundle.ts";

/** Pieces of code inspected in one bundle; the largest apps have some hundreds. */
const MAX_INSPECTED = 2000;
/** Bundles in bundles. */
const MAX_NESTING = 16;
const MAX_VERSIONS = 64;
/** The requirement that ad hoc signed code gets: `cdhash H"…"`, for several architectures joined by `or`. */
const CDHASH_TERM = /^cdhash H"([0-9a-fA-F]{40})"$/;

/** One architecture's code inside a bundle. */
export interface NestedSlice {
  /** Of every CodeDirectory, lower-case hex. */
  cdhashes: readonly string[];
  /** Its designated requirement, when it meets that itself. */
  designated: string | null;
  /** Whether it is valid and meets a requirement in Apple's language; null when that cannot be told. */
  satisfies?: (requirement: string) => boolean | null;
}

/** What an inspection of code inside a bundle found. */
export interface NestedFacts {
  class: TrustClass;
  slices: readonly NestedSlice[];
  problems: Problem[];
}

/** @throws ReadFault, Cancelled */
export type InspectNested = (path: string) => NestedFacts;

export class NestedChecker {
  readonly nested: NestedCode[] = [];
  readonly #inspect: InspectNested;
  readonly #findings: Findings;
  readonly #tooDeep: boolean;
  #inspected = 0;

  /** `nesting`: how many bundles this bundle is inside of. */
  constructor(inspect: InspectNested, findings: Findings, nesting: number) {
    this.#inspect = inspect;
    this.#findings = findings;
    this.#tooDeep = nesting >= MAX_NESTING;
  }

  /** `shown`: relative to the outer bundle's root. @throws Cancelled */
  check(shown: string, path: string, seal: Seal & { kind: "nested" }): void {
    this.#findings.counts.nested++;
    this.#compare(shown, path, seal, "nested-code-replaced");
    if (shown.endsWith(".framework")) this.#checkOtherVersions(shown, path, seal);
  }

  /** Every version must be the sealed code, not only the current one: Security, SecStaticCode::validateOtherVersions. */
  #checkOtherVersions(shown: string, path: string, seal: Seal & { kind: "nested" }): void {
    const versions = join(path, "Versions");
    const top = lookAt(versions);
    if (typeof top === "string" || !top.isDirectory()) return;
    const listed = listFolder(versions, MAX_VERSIONS);
    if (listed === null || listed.cut) this.#findings.unchecked("nested-not-checked");
    const current = linkTarget(join(versions, "Current"))?.replace(/^\.\//, "").replace(/\/$/, "");
    for (const name of listed?.names ?? []) {
      const stat = lookAt(join(versions, name));
      if (name === current || name === "Current" || typeof stat === "string" || !stat.isDirectory()) continue;
      this.#compare(`${shown}/Versions/${name}`, join(versions, name), seal, "framework-version-unsealed");
    }
  }

  #compare(
    path: string,
    absolute: string,
    seal: Seal & { kind: "nested" },
    otherwise: "nested-code-replaced" | "framework-version-unsealed",
  ): void {
    const facts = this.#facts(absolute);
    if (facts === null || facts.class === "unknown") {
      this.#findings.unchecked("nested-not-checked");
      if (facts !== null) this.nested.push({ path, class: "unknown", sealed: "not-checked", problems: facts.problems });
      return;
    }
    const sealed = isSealedCode(facts, seal);
    if (sealed === "bad") this.#findings.problem(otherwise, path);
    else if (facts.class === "invalid" || facts.class === "revoked")
      this.#findings.problem("nested-code-invalid", path);
    else if (sealed === "not-checked") this.#findings.unchecked("nested-not-checked");
    this.nested.push({ path, class: facts.class, sealed, problems: facts.problems });
  }

  /** Null when it was not inspected. */
  #facts(path: string): NestedFacts | null {
    if (this.#tooDeep || this.#inspected >= MAX_INSPECTED) return null;
    this.#inspected++;
    try {
      return this.#inspect(path);
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
      return { class: "unknown", slices: [], problems: [{ id: error.id, message: error.message }] };
    }
  }
}

/**
 * The very code that was sealed, or code that satisfies the requirement that was sealed for it. Each architecture must be:
 * the seal has the hash of one only, and a Mac may run any other (Security, SecStaticCode::validateNestedCode with
 * kSecCSCheckAllArchitectures).
 */
export function isSealedCode({ slices }: NestedFacts, seal: Seal & { kind: "nested" }): NestedCode["sealed"] {
  const answers = slices.map((slice) => isSealedSlice(slice, seal));
  if (answers.length === 0 || answers.includes(false)) return "bad";
  return answers.includes(null) ? "not-checked" : "ok";
}

function isSealedSlice(
  { cdhashes, designated, satisfies }: NestedSlice,
  { cdhash, requirement }: Seal & { kind: "nested" },
): boolean | null {
  if (cdhash !== null && cdhashes.includes(cdhash)) return true;
  if (designated === requirement) return true;
  const terms = requirement.split(" or ").map((term) => CDHASH_TERM.exec(term)?.[1]?.toLowerCase());
  if (!terms.includes(undefined)) return terms.some((term) => term !== undefined && cdhashes.includes(term));
  return satisfies === undefined ? false : satisfies(requirement);
}
