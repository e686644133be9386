import { CliError, EXIT } from "./exit-codes.ts";
import { parseWords } from "./parse-words.ts";

export const REPLAY_HELP = `sealbar replay FILE… [--db FILE] [--rules DIR] [--speed N|max] [--all] [--json]
sealbar replay --what-if [--rules DIR] [--db FILE] [--json]

Reads captures (*.sealcap.jsonl, also gzip) of one Mac's life in order, and shows the timeline and the findings.

  --db FILE      keep everything in this database; without it nothing is kept. Reading a capture twice adds nothing.
  --rules DIR    also run the Sigma rules below this folder
  --what-if      reads no capture, but the days that are stored (--db, else the app's own database), and shows what
                 the rules of --rules would have found in them, or all rules; nothing is stored
  --speed N|max  play N times faster than life; max (the default) as fast as it goes
  --all          show every record, also forks, exits and file events
  --json         one JSON object a line: every finding stored in the database, the notifications and digest
                 lines that the app would have shown for what was read now, then a summary; nothing else

The settings of the detection are the defaults here, so that a replay gives the same on every machine.`;

export interface ReplayArguments {
  files: string[];
  db: string | null;
  rules: string | null;
  speed: number | null;
  all: boolean;
  whatIf: boolean;
  json: boolean;
  help: boolean;
}

/** @throws CliError with exit code 64 and one sentence */
export function readReplayArguments(args: readonly string[]): ReplayArguments {
  const { values, positionals } = parse(args);
  const whatIf = values["what-if"] === true;
  if (whatIf && positionals.length > 0) {
    throw new CliError(
      EXIT.usage,
      "--what-if reads what is stored, and no capture: leave the files out, or --what-if.",
    );
  }
  if (values.help !== true && !whatIf && positionals.length === 0) {
    throw new CliError(
      EXIT.usage,
      "Name at least one capture: sealbar replay FILE… (“sealbar replay --help” shows the options).",
    );
  }
  if (values.db === "") throw new CliError(EXIT.usage, "--db takes the name of a file.");
  return {
    files: positionals,
    db: values.db ?? null,
    rules: values.rules ?? null,
    speed: readSpeed(values.speed ?? "max"),
    all: values.all === true,
    whatIf,
    json: values.json === true,
    help: values.help === true,
  };
}

function parse(args: readonly string[]) {
  return parseWords("replay", {
    args: [...args],
    allowPositionals: true,
    options: {
      db: { type: "string" },
      rules: { type: "string" },
      speed: { type: "string" },
      all: { type: "boolean" },
      "what-if": { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
}

function readSpeed(text: string): number | null {
  if (text === "max") return null;
  const speed = Number(text);
  if (!Number.isFinite(speed) || speed <= 0)
    throw new CliError(EXIT.usage, "--speed takes a number greater than 0, or max.");
  return speed;
}
