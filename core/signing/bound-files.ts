import { join } from "node:path";
import { attempt, ReadFault } from "./problem.ts";
import type { BundleLayout } from "./bundle/bundle-layout.ts";
import { type FileIdentity, FileSource } from "./file-source.ts";
import type { BoundFiles } from "./inspect-slice.ts";
import { DETACHED_FILES } from "./script/detached-signature.ts";
import { type Ticket, verifyTicket } from "./ticket/verify-ticket.ts";

/** Larger than any seal that is known: they hold some hundred bytes for each file of a bundle. */
const MAX_SEAL = 64 * 1024 * 1024;
const MAX_TICKET = 1024 * 1024;
const MAX_DETACHED = 16 * 1024 * 1024;

/**
 * What a bundle's signature is bound to. Each file read is added to `files`.
 * @throws ReadFault when one of them is there and cannot be read
 */
export function boundFilesOf(layout: BundleLayout, files: FileIdentity[]): BoundFiles {
  const { infoPlist, codeResources, ticket } = layout;
  if (infoPlist !== null) read(infoPlist.absolute, 0, files);
  return {
    infoPlist: infoPlist?.bytes ?? null,
    codeResources: codeResources === null ? null : read(codeResources.absolute, MAX_SEAL, files),
    ticket: ticket === null ? null : readTicket(ticket.absolute, files),
  };
}

/** The parts of a signature that is kept as files beside the code, by name. */
export function detachedPartsIn(folder: string, files: FileIdentity[]): ReadonlyMap<string, Buffer> {
  const parts = new Map<string, Buffer>();
  for (const name of DETACHED_FILES) {
    const part = attemptRead(join(folder, name), MAX_DETACHED, files);
    if (part !== null) parts.set(name, part);
  }
  return parts;
}

/** The whole of a small file; null when there is none. */
export function attemptRead(path: string, cap: number, files: FileIdentity[]): Buffer | null {
  try {
    return read(path, cap, files);
  } catch (error) {
    if (error instanceof ReadFault && error.id === "read-enoent") return null;
    throw error;
  }
}

/** @param cap bytes; of what is longer only the start is read, which then is not what was signed. 0: only which file it is */
function read(path: string, cap: number, files: FileIdentity[]): Buffer {
  const source = new FileSource(path);
  try {
    files.push(source.identity);
    const bytes = source.read(0, Math.min(source.size, cap));
    source.assertUnchanged();
    return bytes;
  } finally {
    source.close();
  }
}

function readTicket(path: string, files: FileIdentity[]): Ticket {
  const bytes = read(path, MAX_TICKET, files);
  const read_ = attempt(() => verifyTicket(bytes));
  return "value" in read_ ? read_.value : { status: "bad", at: null, hashes: [], problems: [read_.problem] };
}
