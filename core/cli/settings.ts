import { MonitorSettingsFile } from "#contract/monitor-settings.ts";
import { visibleText } from "#contract/visible-text.ts";
import { changeSettingsFile, readSettingsFile } from "#core/settings/settings-file.ts";
import { settingsPath } from "./data-folder.ts";
import { CliError, EXIT, type ExitCode } from "./exit-codes.ts";
import { parseWords } from "./parse-words.ts";
import { namesOf, shownValue, valueAt, withValue } from "./settings-values.ts";
import { streamTerminal, type Terminal } from "./terminal.ts";

const HELP = `sealbar settings get [NAME] [--json] [--file FILE]
sealbar settings set NAME VALUE [--file FILE]
sealbar settings reset NAME [--file FILE]
sealbar settings path

The settings of the detection, the same as on the app's Settings page. A running Sealbar takes them at its next start, or
at once when they are changed on that page.

  NAME    e.g. DeveloperIDAllowList, TimeWindow.an0644Seconds, rules.minimumLevel; without one, get shows all
  VALUE   a number or text; a list as JSON, or with commas: ana,ben (an empty text empties it)
  --file  another settings file

Exit codes: 0 done, 64 no such setting or not a value for it, 66 the file cannot be read or is not what it claims.`;

/** `sealbar settings`: reads and changes the monitor's settings file. */
export async function settingsCommand(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parseWords("settings", {
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean" }, file: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const terminal = streamTerminal(process.stdout);
  if (values.help === true) {
    terminal.write(HELP);
    return EXIT.ok;
  }
  const path = values.file ?? settingsPath();
  const [verb, name, value, ...more] = positionals;
  if (verb === "path" && name === undefined) terminal.write(path);
  else if (verb === "get" && value === undefined) get(terminal, path, name, values.json === true);
  else if (verb === "set" && name !== undefined && value !== undefined && more.length === 0)
    set(terminal, path, name, value);
  else if (verb === "reset" && name !== undefined && value === undefined) reset(terminal, path, name);
  else
    throw new CliError(EXIT.usage, "Usage: sealbar settings get|set|reset|path (“sealbar settings --help” explains).");
  return EXIT.ok;
}

function get(terminal: Terminal, path: string, name: string | undefined, json: boolean): void {
  const { file, problem } = readSettingsFile(path);
  if (problem !== null) throw new CliError(EXIT.input, visibleText(problem));
  if (name === undefined && json) terminal.write(JSON.stringify(file, null, 2));
  else if (name === undefined) {
    for (const each of namesOf(file)) terminal.write(`${each} = ${visibleText(shownValue(valueAt(file, each)))}`);
  } else {
    const value = known(file, name);
    terminal.write(json ? JSON.stringify(value) : visibleText(shownValue(value)));
  }
}

function set(terminal: Terminal, path: string, name: string, text: string): void {
  const { file } = readSettingsFile(path);
  known(file, name);
  change(terminal, path, name, withValue(file, name, text));
}

function reset(terminal: Terminal, path: string, name: string): void {
  const defaults = MonitorSettingsFile.parse({});
  const value = known(defaults, name);
  change(terminal, path, name, withValue(readSettingsFile(path).file, name, JSON.stringify(value)));
}

function change(terminal: Terminal, path: string, name: string, top: Readonly<Record<string, unknown>>): void {
  const changed = write(path, top);
  if (!changed.ok) throw new CliError(EXIT.usage, changed.problems.map(visibleText).join(" "));
  terminal.write(`${name} = ${visibleText(shownValue(valueAt(changed.file, name)))}`);
}

function write(path: string, top: Readonly<Record<string, unknown>>): ReturnType<typeof changeSettingsFile> {
  try {
    return changeSettingsFile(path, top);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.input, `The settings could not be written: ${visibleText(why)}.`);
  }
}

function known(file: MonitorSettingsFile, name: string): unknown {
  const value = valueAt(file, name);
  if (value !== undefined) return value;
  const names = namesOf(file).join(", ");
  throw new CliError(EXIT.usage, `There is no setting ${visibleText(name)}. There are: ${names}.`);
}
