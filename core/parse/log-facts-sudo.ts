import type { LogFact } from "#contract/log-fact.ts";

const COMMAND_LINE = /^(\S{1,256}) : TTY=/;
const FAILURE = /^(\S{1,256}) : (a password is required|\d{1,9} incorrect password attempts?)(?: ;|$)/;
const COMMAND = " ; COMMAND=";

/**
 * sudo's own log lines (recorded, macOS 26). A working directory may imitate the fields after it, so the command is
 * everything from the first `COMMAND=` on: an imitation can only make it longer, never hide the real one.
 */
export function readSudoFact(message: string): LogFact | null {
  const failure = FAILURE.exec(message);
  if (failure !== null) return { fact: "sudo-failed", user: failure[1] ?? "", text: failure[2] ?? "" };
  const start = COMMAND_LINE.exec(message);
  const at = message.indexOf(COMMAND);
  if (start === null || at === -1) return null;
  const user = start[1] ?? "";
  const fields = message.slice(user.length + " : ".length, at).split(" ; ", MAX_FIELDS);
  return {
    fact: "sudo-command",
    user,
    tty: field(fields, "TTY="),
    pwd: field(fields, "PWD="),
    runAs: field(fields, "USER="),
    command: message.slice(at + COMMAND.length),
  };
}

const MAX_FIELDS = 64;

function field(fields: string[], name: string): string | null {
  return fields.find((text) => text.startsWith(name))?.slice(name.length) ?? null;
}
