import path from "node:path";

/** Endings that recordings have; the dialog that asks for one offers the same. */
export const CAPTURE_ENDINGS = ["jsonl", "ndjson", "json", "gz", "sealcap"];

/** Whether a file that the system hands over is meant as a recording; its content is looked at when it is opened. */
export function isNamedAsCapture(file: string): boolean {
  return CAPTURE_ENDINGS.includes(path.extname(file).slice(1).toLowerCase());
}
