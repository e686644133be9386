import { basename, dirname, join } from "node:path";
import { attemptRead } from "./bound-files.ts";
import type { FileSource } from "./file-source.ts";
import { type Inspected, type Inspecting, NOTHING_BOUND, result } from "./inspection-result.ts";
import { inspectDetached, unsignedFile } from "./inspect-detached.ts";
import type { BoundFiles } from "./inspect-slice.ts";
import { attempt, ReadFault } from "./problem.ts";
import { INSPECTION_NOTES } from "./problems.ts";
import { appleDoubleName, readAppleDouble } from "./script/apple-double.ts";
import { ATTRIBUTE_PREFIX } from "./script/detached-signature.ts";

const MAX_APPLE_DOUBLE = 64 * 1024 * 1024;

/**
 * A script, or another file that is no program: its signature, if it has one, is in extended attributes. Not being able
 * to read those is not "unsigned".
 * @param bound what it is bound to when it is the main executable of a bundle
 */
export function inspectScript(
  path: string,
  source: FileSource,
  inspecting: Inspecting,
  bound: BoundFiles = NOTHING_BOUND,
): Inspected {
  const own = inspecting.attributes(path);
  const attributes = own ?? besideIt(path, inspecting);
  if (attributes === null) {
    const why = INSPECTION_NOTES["script-attributes-unread"];
    inspecting.log.skipped("code-directory", why);
    return result(path, "script", inspecting, [], {
      class: "unknown",
      notes: [{ id: "script-attributes-unread", message: why }],
    });
  }
  inspecting.log.done("container");
  const signed = inspectDetached(source, signatureParts(attributes), bound, inspecting);
  const beside = own === null && signed !== null;
  return result(path, "script", inspecting, [signed ?? unsignedFile(source)], {
    notes: beside ? [{ id: "signature-beside-file", message: INSPECTION_NOTES["signature-beside-file"] }] : [],
  });
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
  try {
    const bytes = attemptRead(join(dirname(path), appleDoubleName(basename(path))), MAX_APPLE_DOUBLE, files);
    if (bytes === null) return null;
    const read = attempt(() => readAppleDouble(bytes));
    return "value" in read ? read.value : null;
  } catch (error) {
    // What is wrong with that file is not wrong with the script.
    if (error instanceof ReadFault) return null;
    throw error;
  }
}
