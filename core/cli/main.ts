import { EXIT, CliError, type ExitCode } from "./exit-codes.ts";
import { CaptureError } from "#core/wire/capture-error.ts";
import { doctorCommand } from "./doctor.ts";
import { inspectCommand } from "./inspect.ts";
import { recordCommand } from "./record.ts";
import { replayCommand } from "./replay.ts";
import { rulesCommand } from "./rules.ts";
import { settingsCommand } from "./settings.ts";
import { VERSION } from "./version.ts";
import { watchCommand } from "./watch.ts";

const HELP = `Sealbar ${VERSION}: what ran on a Mac without a trustworthy seal, and every change to the rules that check seals.

  sealbar replay FILE… [--db FILE] [--rules DIR] [--speed N|max] [--all] [--json]
  sealbar replay --what-if [--rules DIR] [--db FILE] [--json]
      Reads captures (*.sealcap.jsonl, also .gz) of one Mac in order and shows the timeline and the findings.
  sealbar watch [--json] [--all] [--sources LIST]
      Watches this Mac in the terminal: timeline, findings and coverage as they come. Nothing is kept.
  sealbar record FILE [--sources LIST]
      Watches this Mac and writes what it sees as a capture.
  sealbar doctor [--json]
      Says what Sealbar can see of this Mac, what it cannot and why. Exit code 0 good, 1 degraded, 2 blind.
  sealbar inspect PATH… [--deep | --header] [--json]
      Verifies code signatures of programs, bundles and folders, offline, and says what was and was not checked.
  sealbar rules check DIR | rules test DIR
      Loads every Sigma rule below DIR and lists what cannot run, with file, line and reason; test also runs the
      examples that the rules carry.
  sealbar settings get|set|reset|path
      Shows and changes the settings of the detection: allowed teams and users, windows, policy paths, rules.
  sealbar --version | --help

Exit codes: 0 done (for a check: every rule runs), 1 the verdict is bad, 2 could not check,
64 wrong usage, 66 the input cannot be read or is not what it claims, 70 our own failure.`;

/** A capture that became unreadable half-way is the input's fault like any other. */
function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.code;
  return error instanceof CaptureError ? EXIT.input : EXIT.internal;
}

async function run(args: readonly string[]): Promise<ExitCode> {
  const [command, ...rest] = args;
  switch (command) {
    case "replay":
      return replayCommand(rest);
    case "watch":
      return watchCommand(rest);
    case "record":
      return recordCommand(rest);
    case "doctor":
      return doctorCommand(rest);
    case "inspect":
      return inspectCommand(rest);
    case "rules":
      return rulesCommand(rest);
    case "settings":
      return settingsCommand(rest);
    case "--version":
    case "-v":
      process.stdout.write(`${VERSION}\n`);
      return EXIT.ok;
    case "--help":
    case "-h":
    case "help":
      process.stdout.write(`${HELP}\n`);
      return EXIT.ok;
    case undefined:
      process.stderr.write(`${HELP}\n`);
      return EXIT.usage;
    default:
      throw new CliError(EXIT.usage, `There is no command “${command}”. “sealbar --help” lists them.`);
  }
}

// A reader that went away (`| head`) is not a failure of ours: what was begun is finished, only unseen.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  process.stderr.write(`sealbar: the output cannot be written (${error.code ?? error.message}).\n`);
  process.exit(EXIT.internal);
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const known = error instanceof CliError || error instanceof CaptureError;
  process.stderr.write(`sealbar: ${error instanceof Error ? error.message : String(error)}\n`);
  if (!known && error instanceof Error && process.env["SEALBAR_DEBUG"]) process.stderr.write(`${error.stack ?? ""}\n`);
  process.exitCode = exitCodeOf(error);
}
