/** The first line of a script, as the kernel reads it. */
export interface Shebang {
  /** What the kernel starts, as written; not resolved. */
  interpreter: string;
  /** Words after it: xnu passes each as an argument of its own. */
  arguments: readonly string[];
  /** What runs the script in the end: with `env`, the program that it is told to find; else the interpreter. */
  program: string;
}

/** xnu bsd/sys/imgact.h, IMG_SHSIZE: the line must end within so many bytes. */
export const SHEBANG_LIMIT = 512;
const NUL = "\0";
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]{0,100}=/;
/** Options of BSD env that take the next word. */
const ENV_TAKES_WORD: ReadonlySet<string> = new Set(["-P", "-u", "-L", "-U"]);

/**
 * The interpreter that a script names (xnu bsd/kern/kern_exec.c, exec_shell_imgact): the line ends at a newline or at `#`, words are
 * separated by spaces and tabs.
 * @param head the file's first bytes, at least SHEBANG_LIMIT of them when it has so many
 * @returns null when there is no `#!`, or the kernel finds no interpreter in the line (many programs then run the file with /bin/sh)
 */
export function readShebang(head: Buffer): Shebang | null {
  if (head.toString("latin1", 0, 2) !== "#!") return null;
  const start = head.toString("utf8", 2, SHEBANG_LIMIT);
  const end = start.search(/[\n#]/);
  if (end < 0 && head.length >= SHEBANG_LIMIT) return null;
  const line = end < 0 ? start : start.slice(0, end);
  const [interpreter, ...rest] = (line.split(NUL, 1)[0] ?? "").split(/[ \t]+/).filter((word) => word !== "");
  if (interpreter === undefined) return null;
  const isEnv = interpreter === "env" || interpreter.endsWith("/env");
  return { interpreter, arguments: rest, program: (isEnv ? programOfEnv(rest) : null) ?? interpreter };
}

/** The program in `env -i NAME=value program …`; null when none is named. */
function programOfEnv(words: readonly string[]): string | null {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (ENV_TAKES_WORD.has(word)) index += 1;
    else if (word.startsWith("-S") && word.length > 2) return word.slice(2);
    else if (!word.startsWith("-") && !ASSIGNMENT.test(word)) return word;
  }
  return null;
}
