import { parseArgs, type ParseArgsConfig } from "node:util";
import { CliError, EXIT } from "./exit-codes.ts";

/**
 * A command's words by its options.
 * @throws CliError with exit code 64, the reason, and where the options are explained
 */
export function parseWords<T extends ParseArgsConfig>(command: string, config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node goes on to explain `--`, which is of no use with these commands.
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new CliError(EXIT.usage, `${reason.replace(/\.$/, "")}. “sealbar ${command} --help” shows the options.`);
  }
}
