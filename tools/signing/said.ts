import { Inspection } from "#contract/inspection.ts";
import type { Expectation } from "./hostile/case.ts";

/** The id of every problem and note anywhere in a result. */
export function idsSaid({ verdict, slices, bundle }: Inspection): string[] {
  const parts = [verdict, ...slices, ...(bundle ? [bundle] : [])];
  const all = parts.flatMap(({ problems, notes }) => [...problems, ...notes]);
  const nested = (bundle?.nested ?? []).flatMap(({ problems }) => problems);
  return [...new Set([...all, ...nested].map(({ id }) => id))];
}

/** How a result differs from what was expected of it, as a sentence; null: it does not. */
export function complaint(inspection: Inspection, expected: Expectation): string | null {
  const ids = idsSaid(inspection);
  const said = `It is ${inspection.verdict.class} and says: ${ids.join(" ") || "nothing"}.`;
  const shape = Inspection.safeParse(inspection);
  if (!shape.success) return `It does not follow the contract: ${shape.error.message}`;
  if (ids.includes("inspection-failed")) return `The inspection failed. ${inspection.verdict.problems[0]?.message}`;
  if (!expected.class.includes(inspection.verdict.class)) return `${said} It should be ${expected.class.join(" or ")}.`;
  if (expected.says && !expected.says.test(ids.join(" "))) return `${said} It should say ${expected.says}.`;
  return null;
}
