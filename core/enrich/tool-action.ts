import type { Process } from "#contract/process.ts";
import { toolOf } from "./tools/registry.ts";
import { MAX_ARGS, type ToolRun } from "./tools/tool-run.ts";

/** What a run of a signing or policy tool does, read from its arguments. Null: not such a tool. */
export function readToolRun(
  process: Pick<Process, "path" | "signingId">,
  args: readonly string[],
  cwd: string | null,
): ToolRun | null {
  const tool = toolOf(process);
  return tool === null ? null : tool.family.read({ tool: tool.name, args: args.slice(1, MAX_ARGS), cwd });
}

/** A command line longer than this is no command of these tools. */
const MAX_COMMAND = 16_384;

/**
 * The same for the command that sudo logged: words apart by single spaces, without quotes. A word after an absolute path
 * that starts neither an option nor a path belongs to that path, for apps have spaces in their names, and all words after
 * `boot-args=` belong to it (UNVERIFIED: that sudo writes such spaces as they are).
 */
export function readSudoCommand(command: string, cwd: string | null): ToolRun | null {
  const words: string[] = [];
  for (const word of command.slice(0, MAX_COMMAND).split(" ", MAX_ARGS)) {
    const last = words.at(-1);
    const isArgs = last?.startsWith("boot-args=") === true;
    const continues =
      isArgs || (words.length > 1 && last?.startsWith("/") === true && !/^[-/]/.test(word) && !word.includes("="));
    if (continues) words[words.length - 1] = `${last} ${word}`;
    else words.push(word);
  }
  return readToolRun({ path: words[0] ?? "", signingId: null }, words, cwd);
}
