import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { FileSource, readFault } from "#core/signing/file-source.ts";
import { resolveBundle } from "#core/signing/bundle/resolve-bundle.ts";
import { ReadFault } from "#core/signing/problem.ts";
import { recogniseFile } from "#core/signing/recognise.ts";

/** Deeper than any folder that a Mac's own tools still open. */
const MAX_DEPTH = 200;

/** What a search found in passing. */
export interface TreeCounts {
  folders: number;
  /** Files without code. */
  otherFiles: number;
  /** Not followed: what they lead to is found where it is, or is outside. */
  links: number;
  /** Pipes, devices, sockets. */
  special: number;
  unreadable: { path: string; why: string }[];
}

export const noCounts = (): TreeCounts => ({ folders: 0, otherFiles: 0, links: 0, special: 0, unreadable: [] });

/** Every bundle and file with code below a folder, by name. Bundles are not searched: they are inspected as one. */
export function* codeBelow(folder: string, counts: TreeCounts): Generator<string> {
  const waiting: { path: string; depth: number }[] = [{ path: folder, depth: 0 }];
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    counts.folders++;
    const entries = read(here.path, counts);
    if (here.depth >= MAX_DEPTH && entries.some((entry) => entry.isDirectory())) {
      counts.unreadable.push({ path: here.path, why: "Its folders are nested too deeply." });
      continue;
    }
    const folders: { path: string; depth: number }[] = [];
    for (const entry of entries) {
      const path = join(here.path, entry.name);
      if (entry.isDirectory()) {
        if (isBundle(path)) yield path;
        else folders.push({ path, depth: here.depth + 1 });
      } else if (entry.isFile()) {
        if (holdsCode(path, counts)) yield path;
      } else if (entry.isSymbolicLink()) counts.links++;
      else counts.special++;
    }
    waiting.push(...folders.toReversed());
  }
}

function read(folder: string, counts: TreeCounts): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    counts.unreadable.push({ path: folder, why: readFault(error).message });
    return [];
  }
}

function isBundle(path: string): boolean {
  try {
    return resolveBundle(path) !== null;
  } catch (error) {
    if (error instanceof ReadFault) return false;
    throw error;
  }
}

function holdsCode(path: string, counts: TreeCounts): boolean {
  let source: FileSource | null = null;
  try {
    source = new FileSource(path);
    const code = source.size > 0 && recogniseFile(source, path) !== "not-code";
    if (!code) counts.otherFiles++;
    return code;
  } catch (error) {
    if (!(error instanceof ReadFault)) throw error;
    // It is passed on to be inspected, so that it gets its line and its reason.
    return true;
  } finally {
    source?.close();
  }
}
