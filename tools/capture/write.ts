import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CAPTURE_FILES } from "./files.ts";

/** `node tools/capture/write.ts`: writes every checked-in capture again after its generator was changed. */
const root = join(import.meta.dirname, "../..");
for (const { path, make } of CAPTURE_FILES) {
  const text = make();
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`${path}: ${text.split("\n").length - 1} lines, ${text.length} characters`);
}
