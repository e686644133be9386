import type { InspectionDepth } from "#contract/inspection.ts";
import { CliError, EXIT } from "./exit-codes.ts";
import { parseWords } from "./parse-words.ts";

export const INSPECT_HELP = `sealbar inspect PATH… [--deep | --header] [--json]

Verifies code signatures without Apple's tools, on any machine: programs, libraries, bundles (.app, .framework, …)
and scripts. A folder that is no bundle is searched for code. Says what was checked and what was not.

  --deep    also inspects the code inside bundles, not only whether it is the code that the seal names
  --header  reads the signature only: neither the code's own pages nor a bundle's files are compared with it
  --json    one JSON object a line for each path, and nothing else on stdout

Nothing is asked of the network: revocation, and notarization without a stapled ticket, are reported as not checked.
Exit codes: 0 everything trusted, 1 something is not, 2 something could not be checked (and nothing is known to be bad).`;

export interface InspectArguments {
  paths: string[];
  depth: InspectionDepth;
  json: boolean;
  help: boolean;
}

/** @throws CliError with exit code 64 and one sentence */
export function readInspectArguments(args: readonly string[]): InspectArguments {
  const { values, positionals } = parse(args);
  if (values.deep === true && values.header === true)
    throw new CliError(EXIT.usage, "--deep and --header exclude each other.");
  if (values.help !== true && positionals.length === 0) {
    throw new CliError(
      EXIT.usage,
      "Name at least one path: sealbar inspect PATH… (“sealbar inspect --help” shows the options).",
    );
  }
  if (positionals.includes("")) throw new CliError(EXIT.usage, "A path is empty.");
  return {
    paths: positionals,
    depth: values.deep === true ? "deep" : values.header === true ? "header" : "full",
    json: values.json === true,
    help: values.help === true,
  };
}

function parse(args: readonly string[]) {
  return parseWords("inspect", {
    args: [...args],
    allowPositionals: true,
    options: {
      deep: { type: "boolean" },
      header: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
}
