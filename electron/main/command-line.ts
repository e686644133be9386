import path from "node:path";

export interface CommandLine {
  /** Absolute path of a capture to show; null when none is named. */
  recording: string | null;
  demo: boolean;
}

/**
 * Reads Sealbar's own switches; everything else on the command line is Electron's.
 * @param workingDirectory what a relative path is relative to
 */
export function parseCommandLine(argv: readonly string[], workingDirectory: string): CommandLine {
  const prefix = "--recording=";
  const named = argv.findLast((argument) => argument.startsWith(prefix))?.slice(prefix.length) ?? "";
  return {
    recording: named === "" ? null : path.resolve(workingDirectory, named),
    demo: argv.includes("--demo"),
  };
}
