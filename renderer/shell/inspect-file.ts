import type { Stores } from "#renderer/state/stores.ts";

/** Shows a file in the inspector, and has the keyboard go there: it is what was asked for. */
export function inspectFile({ app }: Stores, path: string): void {
  app.follow({ kind: "file", path });
  requestAnimationFrame(() => document.getElementById("inspector")?.focus());
}

/** Asks which file, then shows it. */
export async function inspectChosenFile(stores: Stores): Promise<void> {
  const path = await stores.app.chooseFile();
  if (path !== null) inspectFile(stores, path);
}

/** Of things dropped onto the window one is shown; what was not is said, never left out in silence. */
export function inspectDropped(stores: Stores, files: readonly File[]): void {
  const paths = files.flatMap((file) => stores.pathOf(file) ?? []);
  const [first] = paths;
  stores.app.say(wordsForDropped(files.length, paths.length));
  if (first !== undefined) inspectFile(stores, first);
}

/** @returns null when the one thing that was dropped is shown */
export function wordsForDropped(dropped: number, onDisk: number): string | null {
  if (onDisk === 0) return "Nothing was inspected: what was dropped is not a file on this Mac.";
  const rest = dropped - 1;
  if (rest === 0) return null;
  return `Only one of ${dropped} files is inspected. Drop the ${rest === 1 ? "other one" : `other ${rest}`} one at a time.`;
}
