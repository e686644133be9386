import { visibleText } from "#contract/visible-text.ts";

export type CaptureProblem =
  | "missing"
  | "no-permission"
  | "not-a-file"
  | "empty"
  | "not-a-capture"
  | "damaged"
  | "unreadable";

/** A capture that cannot be read. The message is one sentence for the user, with what to do next where that helps. */
export class CaptureError extends Error {
  readonly problem: CaptureProblem;

  constructor(problem: CaptureProblem, path: string, sentence: (path: string) => string) {
    super(sentence(`“${visibleText(path)}”`));
    this.name = "CaptureError";
    this.problem = problem;
  }
}

/** What a failed look at a file means, told by the system's error code. */
export function captureErrorOf(error: unknown, path: string): CaptureError {
  if (error instanceof CaptureError) return error;
  switch (codeOf(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new CaptureError("missing", path, (name) => `${name} does not exist: check the path.`);
    case "EACCES":
    case "EPERM":
      return new CaptureError(
        "no-permission",
        path,
        (name) => `${name} may not be read: give yourself read permission.`,
      );
    case "ELOOP":
      return new CaptureError("missing", path, (name) => `${name} is a link that leads to itself: pass the real file.`);
    case "Z_BUF_ERROR":
      return new CaptureError("damaged", path, (name) => `${name} is a gzip file that ends too early: copy it again.`);
    case "Z_DATA_ERROR":
    case "Z_NEED_DICT":
    case "Z_STREAM_ERROR":
      return new CaptureError("damaged", path, (name) => `${name} is a damaged gzip file: copy it again.`);
    default: {
      const why = codeOf(error) ?? "unknown reason";
      return new CaptureError("unreadable", path, (name) => `${name} could not be read (${why}).`);
    }
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
