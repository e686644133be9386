import type { BundleInspection, NestedCode, Problem } from "#contract/inspection.ts";
import type { Control } from "../control.ts";
import { attempt } from "../problem.ts";
import type { BundleLayout } from "./bundle-layout.ts";
import { checkRoot } from "./bundle-root.ts";
import { readCodeResources } from "./code-resources.ts";
import { Findings } from "./findings.ts";
import { ResourceCheck, type ResourceOptions } from "./resource-check.ts";
import { walkBundle } from "./walk-bundle.ts";

export type { NestedFacts } from "./nested-code.ts";
export type { ResourceOptions } from "./resource-check.ts";

export interface ResourceResult {
  status: BundleInspection["resources"];
  /** Null without a seal that can be read. */
  rulesVersion: 1 | 2 | null;
  counts: BundleInspection["counts"];
  /** Strict failures: with any of them the bundle is invalid. Those of the layout are not among them. */
  problems: Problem[];
  notes: Problem[];
  nested: NestedCode[];
}

/**
 * Compares everything in the bundle with its seal. `codeResources` must be the bytes that the signature's special slot
 * 3 is a hash of; null when there are none: "absent".
 * @throws Cancelled
 */
export function checkResources(
  layout: BundleLayout,
  codeResources: Buffer | null,
  options: ResourceOptions,
): ResourceResult {
  const findings = new Findings();
  checkRoot(layout, findings, options.nesting);
  if (codeResources === null) return { ...unsealed(findings), status: "absent" };
  const read = attempt(() => readCodeResources(codeResources));
  if ("problem" in read) {
    findings.problems([read.problem]);
    return unsealed(findings);
  }
  const check = new ResourceCheck(layout, read.value, findings, options);
  check.run();
  return {
    ...findings.result(),
    rulesVersion: read.value.version,
    counts: findings.counts,
    nested: check.nested,
  };
}

function unsealed(findings: Findings): ResourceResult {
  return { ...findings.result(), rulesVersion: null, counts: findings.counts, nested: [] };
}

/**
 * Bytes that `checkResources` is going to hash, for showing progress. 0 when the seal cannot be read.
 * @throws Cancelled
 */
export function sizeOfResources(layout: BundleLayout, codeResources: Buffer | null, control: Control): number {
  const read = codeResources === null ? null : attempt(() => readCodeResources(codeResources));
  if (read === null || "problem" in read) return 0;
  const { seals } = read.value;
  let bytes = 0;
  walkBundle(layout.contentsDir, control, {
    file: (key, _path, size) => {
      if (seals.get(key)?.kind === "file") bytes += size;
    },
    symlink: () => {},
    folder: (key) => seals.get(key)?.kind !== "nested",
    other: () => {},
    tired: () => false,
  });
  return bytes;
}
