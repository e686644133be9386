import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const PAGES = globSync("{*.md,{docs,bench,native,e2e,rules,tools}/**/*.md}", {
  cwd: ROOT,
  exclude: ["**/node_modules/**"],
});

describe("the documentation", () => {
  it.each(PAGES)("%s links only to what is there", (page) => {
    const text = readFileSync(join(ROOT, page), "utf8").replace(/```[\s\S]*?```/g, "");
    const links = [
      ...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g),
      ...text.matchAll(/(?:src|srcset)="([^"]+)"/g),
    ].map((match) => match[1] ?? "");
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
  });

  it("the README shows pictures in light and dark", () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    expect(readme).toMatch(/docs\/images\/[\w-]+-light\.png/);
    expect(readme).toMatch(/docs\/images\/[\w-]+-dark\.png/);
  });
});
