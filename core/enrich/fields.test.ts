import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FIELD_NAMES } from "./fields.ts";

it("docs/fields.md tells about every field, and about no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/fields.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `") && line.split("|").length === 6);
  const documented = rows.flatMap((line) =>
    [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""),
  );
  const logSources =
    /^(exec|create|rename|close|write|unlink|setextattr|deleteextattr|setmode|setacl|setflags|copyfile|link)$/;
  const fields = new Set(documented.filter((name) => !logSources.test(name)));
  expect([...fields].sort((a, b) => a.localeCompare(b))).toEqual([...FIELD_NAMES].sort((a, b) => a.localeCompare(b)));
});
