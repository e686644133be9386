import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogueMarkdown } from "./problem-catalogue.ts";

/** Everything below this line of docs/signing.md is made from the code. */
export const CATALOGUE_HEADING = "## Everything an inspection can say\n";
export const PAGE = join(import.meta.dirname, "../../docs/signing.md");

/** The page with its catalogue made anew. */
export function withCatalogue(page: string): string {
  const [head = ""] = page.split(CATALOGUE_HEADING);
  return `${head}${CATALOGUE_HEADING}\nMade from the code by \`node tools/signing/write-catalogue.ts\`; a test compares.\n\n${catalogueMarkdown()}`;
}

if (import.meta.main) writeFileSync(PAGE, withCatalogue(readFileSync(PAGE, "utf8")));
