/** Where the monitor's own remarks go. Never the capture's content unescaped: callers pass facts, not lines. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export const silentLogger: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Writes to stderr, so that stdout stays clean for `--json`. */
export function stderrLogger(name: string): Logger {
  const write = (level: string) => (message: string) => {
    process.stderr.write(`${name}: ${level}: ${message}\n`);
  };
  return { info: write("info"), warn: write("warning"), error: write("error") };
}
