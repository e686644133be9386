import { basename, dirname, join } from "node:path";
import { attemptRead } from "./bound-files.ts";
import type { FileSource } from "./file-source.ts";
import { type Inspected, type Inspecting, NOTHING_BOUND, result } from "./inspection-result.ts";
import { inspectDetached, unsignedFile } from "./inspect-detached.ts";
import { attempt } from "./problem.ts";
import { INSPECTION_NOTES } from "./problems.ts";
import { appleDoubleName, readAppleDouble } from "./script/apple-double.ts";
import { ATTRIBUTE_PREFIX } from "./script/detached-signature.ts";

const MAX_APPLE_DOUBLE = 64 * 1024 * 1024;

/** A script: its signature, if it has one, is in extended attributes. Not being able to read those is not "unsigned". */
export function inspectScript(path: string, source: FileSource, inspecting: Inspecting): Inspected {
  const attributes = inspecting.attributes(path) ?? besideIt(path, inspecting);
  if (attributes === null) {
    const why = INSPECTION_NOTES["script-attributes-unread"];
    inspecting.log.skipped("code-directory", why);
    return result(path, "script", inspecting, [], {
      class: "unknown",
      notes: [{ id: "script-attributes-unread", message: why }],
    });
  }
  inspecting.log.done("container");
  const slice = inspectDetached(source, signatureParts(attributes), NOTHING_BOUND, inspecting) ?? unsignedFile(source);
  return result(path, "script", inspecting, [slice], {});
}

function signatureParts(attributes: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  return new Map(
    [...attributes]
      .filter(([name]) => name.startsWith(ATTRIBUTE_PREFIX))
      .map(([name, value]) => [name.slice(ATTRIBUTE_PREFIX.length), value]),
  );
}

/** On a disk without extended attributes, and in archives, macOS keeps them in a file beside it. */
function besideIt(path: string, { files }: Inspecting): ReadonlyMap<string, Buffer> | null {
  const bytes = attemptRead(join(dirname(path), appleDoubleName(basename(path))), MAX_APPLE_DOUBLE, files);
  if (bytes === null) return null;
  const read = attempt(() => readAppleDouble(bytes));
  return "value" in read ? read.value : null;
}
