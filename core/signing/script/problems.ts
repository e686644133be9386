import { Malformed } from "../problem.ts";

/** Why a signature that is kept beside the code cannot be read. */
export const SCRIPT_PROBLEMS = {
  "apple-double-malformed": "The file with the extended attributes (its name begins with ._) is malformed.",
  "detached-too-large": "A part of the signature in the extended attributes is larger than any real one.",
  "detached-incomplete":
    "The extended attributes hold parts of a signature, but not the part that all others depend on.",
} as const;

export function scriptFault(id: keyof typeof SCRIPT_PROBLEMS): Malformed {
  return new Malformed(id, SCRIPT_PROBLEMS[id]);
}
