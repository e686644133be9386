import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertNever } from "#core/base/assert-never.ts";
import { loadRuleFolders, OUR_RULES, readRuleFolder } from "#core/pipeline/rules-folder.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";

export type RulesWay = "shipped" | "no-rules" | "one-rule" | "many-rules";

/** Public rules, where somebody has put them beside the project. */
const PUBLIC_RULES = join(import.meta.dirname, "../../shared/samples/sigma-macos");
const MANY = 500;

/** Like SigmaHQ's in shape, when there are none: two fields of process creation, parts and ends of texts. */
const OWN_RULES = [
  "csrutil",
  "spctl",
  "xattr",
  "osascript",
  "curl",
  "launchctl",
  "dscl",
  "security",
  "ioreg",
  "sw_vers",
].map(
  (tool, i) => `title: Constructed ${tool}
id: constructed-${tool}
logsource: {product: macos, category: process_creation}
detection:
  image: {Image|endswith: /${tool}}
  words:
    CommandLine|contains: [disable-${tool}, "--without-${tool}", "/tmp/${tool}-payload"]
  parent: {ParentImage|endswith: [/Script Editor, /${tool}-launcher]}
  condition: ${i % 2 === 0 ? "image and words" : "words or (image and parent)"}
level: low
`,
);

/** The library of one measurement; copies of the public rules carry ids of their own, and so are rules of their own. */
export function rulesFor(way: RulesWay): RuleLibrary {
  const shipped = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);
  switch (way) {
    case "shipped":
      return shipped;
    case "no-rules":
      return { ...shipped, rules: [], correlations: [] };
    case "one-rule":
      return { ...shipped, rules: shipped.rules.filter((rule) => rule.id === ONE_RULE), correlations: [] };
    case "many-rules":
      return withCopies(MANY - shipped.rules.length - shipped.correlations.length);
    default:
      return assertNever(way, "these libraries are measured");
  }
}

/** G17's: it asks for the signature's class and the place of every program that starts. */
const ONE_RULE = "e0c74f25-de70-42c3-bc76-5cd8366e1730";

function withCopies(count: number): RuleLibrary {
  const folder = mkdtempSync(join(tmpdir(), "sealbar-many-rules-"));
  try {
    const texts = existsSync(PUBLIC_RULES) ? readRuleFolder(PUBLIC_RULES).files.map(({ text }) => text) : OWN_RULES;
    for (let i = 0; i < count; i++) {
      const text = texts[i % texts.length] ?? "";
      writeFileSync(join(folder, `${i}.yml`), text.replace(/^id: .*$/m, `id: copy-${i}`).replace(/^name: .*$/m, ""));
    }
    return loadRuleFolders([OUR_RULES, folder], DEFAULT_MONITOR_SETTINGS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
