import { dirname, join, posix, relative } from "node:path";
import type { BundleLayout } from "./bundle-layout.ts";
import { type Place, resolveInside } from "./path-inside.ts";
import type { BundleProblemId } from "./problems.ts";
import type { RuleSet } from "./resource-rules.ts";

/** Security, SecStaticCode::validateSymlinkResource. */
const SYSTEM_FOLDERS = ["/System/", "/Library/"];

/** In steps of matching, which is what the budget counts. */
const COST_OF_A_LOOK = 100;

export type SymlinkCheck = "ok" | "system" | BundleProblemId;

/**
 * Whether a link of the bundle that leads to `target` may be in it: inside and to something that is sealed, or to a
 * system folder (of the machine the bundle is for, so that nothing there can be looked at).
 * `outerRoots`: contents folders of the bundles around this one, which count as inside.
 */
export function checkSymlink(
  layout: BundleLayout,
  key: string,
  target: string,
  rules: RuleSet,
  outerRoots: readonly string[],
): SymlinkCheck {
  if (target.startsWith("/")) {
    const plain = posix.normalize(target);
    return SYSTEM_FOLDERS.some((folder) => plain.startsWith(folder) && plain.length > folder.length)
      ? "system"
      : "symlink-outside-bundle";
  }
  // Each part of the way may be a look at the disk.
  rules.budget.left -= target.length * COST_OF_A_LOOK;
  const folder = dirname(key) === "." ? "" : dirname(key);
  const place = resolveInside(layout.contentsDir, target, folder);
  if (place.kind === "outside") return isInOuter(layout, folder, target, outerRoots) ? "ok" : "symlink-outside-bundle";
  return ofPlace(layout, place, rules);
}

function ofPlace(layout: BundleLayout, place: Place, rules: RuleSet): SymlinkCheck {
  if (place.kind === "missing" || place.kind === "unreadable" || place.kind === "outside") return "symlink-broken";
  // The main executable is sealed by its own signature (Security, resources.h: softTarget).
  if (place.relative === layout.executableKey) return "ok";
  const top = place.relative.split("/")[0] ?? "";
  const excluded = rules.judge(top).kind === "excluded";
  return !excluded && rules.judge(place.relative).kind === "covered" ? "ok" : "symlink-to-unsealed";
}

function isInOuter(layout: BundleLayout, folder: string, target: string, outerRoots: readonly string[]): boolean {
  return outerRoots.some((root) => {
    const from = relative(root, join(layout.contentsDir, folder));
    if (from.startsWith("..") || from.startsWith("/")) return false;
    const place = resolveInside(root, target, from);
    return place.kind === "file" || place.kind === "directory";
  });
}
