/** Longest text a screen or a note is given; the raw record keeps the rest. */
export const MAX_TEXT = 4096;

/** Room for the remark about what is missing: text that exceeds the cap by less is left alone, so capping twice is harmless. */
const SLACK = 32;

/** A copy that does not keep the long text it was cut from alive, as V8's substrings do: for what is remembered. */
export function copyText(text: string): string {
  return ` ${text}`.slice(1);
}

/** At most `max` characters, for what is remembered. */
export function shortText(text: string, max: number): string {
  return text.length <= max ? text : copyText(text.slice(0, max));
}

/** Cuts long text and says how much is missing. */
export function capText(text: string, max: number = MAX_TEXT): string {
  return text.length <= max + SLACK ? text : `${copyText(text.slice(0, max))}… (${text.length - max} more)`;
}

/** Joins arguments without building more than is shown. */
export function capArgs(args: readonly string[], max: number = MAX_TEXT): string {
  let line = "";
  for (const [index, arg] of args.entries()) {
    line = index === 0 ? arg : `${line} ${arg}`;
    if (line.length > max + SLACK)
      return `${copyText(line.slice(0, max))}… (${restLength(line, args, index, max)} more)`;
  }
  return line;
}

function restLength(line: string, args: readonly string[], index: number, max: number): number {
  let rest = line.length - max;
  for (const arg of args.slice(index + 1)) rest += arg.length + 1;
  return rest;
}
