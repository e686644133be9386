import type { Severity } from "#contract/severity.ts";
import type { RuleExample } from "./examples.ts";
import type { TreeReader } from "./tree-reader.ts";

/** What a rule and a correlation have in common. */
export interface RuleHeader {
  /** The rule's own id; without one its name, else its title. */
  id: string;
  /** Sigma's `name`, by which correlations refer to it. */
  name: string | null;
  title: string;
  description: string;
  level: Severity;
  status: string | null;
  tags: readonly string[];
  /** From tags `behaviour.g1`: "G1". */
  behaviours: readonly string[];
  /** From tags `analytic.an0644`: "AN0644". */
  analytics: readonly string[];
  /** From tags `attack.t1553.002`: "T1553.002". */
  techniques: readonly string[];
  falsePositives: readonly string[];
  references: readonly string[];
  file: string;
  line: number;
  /** The part a matching record plays in a finding, e.g. "quarantine removed" (`sealbar: role`); else the title. */
  role: string;
  examples: { mustFire: readonly RuleExample[]; mustNotFire: readonly RuleExample[] };
}

const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
const STATUSES = ["stable", "test", "experimental", "deprecated", "unsupported"] as const;
const MAX_TEXT = 16_384;

/** A rule that states no level is `medium`: in doubt it is shown, but it does not shout. */
const LEVEL_WHEN_MISSING: Severity = "medium";

/** Reads everything but detection, correlation and examples. Null when the rule cannot be named. */
export function readHeader(reader: TreeReader, file: string): Omit<RuleHeader, "examples" | "role"> | null {
  const title = reader.text("title", true);
  const level = reader.oneOf("level", LEVELS);
  const status = reader.oneOf("status", STATUSES);
  const name = reader.text("name", false);
  const id = reader.text("id", false) ?? name ?? title;
  const description = reader.text("description", false) ?? "";
  const tags = reader.texts("tags");
  const falsePositives = reader.texts("falsepositives");
  const references = reader.texts("references");
  if (status === "unsupported") reader.problems.skip(reader.place("status"), "its author marks it as unsupported");
  if (reader.entry("action") !== undefined) {
    reader.problems.skip(reader.place("action"), "rule collections (`action`) belong to Sigma version 1");
  }
  for (const [key, text] of Object.entries({ id, name, title, description })) {
    if ((text?.length ?? 0) > MAX_TEXT) reader.problems.error(reader.place(key), `${key} is too long`);
  }
  if (title === null || id === null) return null;
  return {
    id,
    name,
    title,
    description: description.trim(),
    level: level === null ? LEVEL_WHEN_MISSING : level === "informational" ? "info" : level,
    status,
    tags,
    behaviours: tagged(tags, /^behaviour\.([gs]\d{1,3})$/i),
    analytics: tagged(tags, /^analytic\.(an\d{4,6})$/i),
    techniques: tagged(tags, /^attack\.(t\d{4}(?:\.\d{3})?)$/i),
    falsePositives,
    references,
    file,
    line: reader.map.line,
  };
}

function tagged(tags: readonly string[], pattern: RegExp): string[] {
  return tags.flatMap((tag) => pattern.exec(tag)?.[1]?.toUpperCase() ?? []);
}
