/** The CLI's exit codes (docs/architecture.md; the last three follow BSD's sysexits). */
export const EXIT = {
  /** Done, findings or not; or the verdict is good. */
  ok: 0,
  /** The verdict is bad. */
  bad: 1,
  /** Could not check. */
  blind: 2,
  usage: 64,
  /** The input cannot be read, or is not what it claims. */
  input: 66,
  /** Our own failure. */
  internal: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with one clear sentence on stderr. */
export class CliError extends Error {
  readonly code: ExitCode;
  constructor(code: ExitCode, message: string) {
    super(message);
    this.name = "CliError";
    this.code = code;
  }
}
