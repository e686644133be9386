import { ran, roots, type Call, type ToolFamily, type ToolRun } from "./tool-run.ts";

const QUARANTINE = "com.apple.quarantine";

export const XATTR: ToolFamily = {
  signingIds: { "com.apple.xattr": "xattr" },
  names: ["xattr"],
  read: readXattr,
};

/** `xattr` takes clustered letters: -d -rd -dr -c -cr -w -p …; -d, -p and -w are followed by the attribute's name. */
function readXattr({ args, cwd }: Call): ToolRun {
  const letters = new Set<string>();
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      index += 1;
      break;
    }
    if (!/^-[a-zA-Z]{1,12}$/.test(arg)) break;
    for (const letter of arg.slice(1)) letters.add(letter);
  }
  const [clears, deletes, writes] = [letters.has("c"), letters.has("d"), letters.has("w")];
  const named = deletes || writes || letters.has("p");
  const marks = named && args[index] === QUARANTINE;
  const files = args.slice(index + (named ? (writes ? 2 : 1) : 0));
  const action = clears || (deletes && marks) ? "quarantine-removed" : writes && marks ? "quarantine-written" : null;
  return { ...ran(action, roots(files, cwd)), recursive: letters.has("r") };
}
