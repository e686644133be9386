/** Longest text that an event carries; the raw record keeps the whole. */
const MAX_TEXT_CHARS = 64 * 1024;

/** Cuts a text and says how much is gone, so that a cut never looks like the end. */
export function boundText(text: string, limit: number = MAX_TEXT_CHARS): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}…[${text.length - limit} more characters]`;
}

/** The beginning of what could not be read. */
export function excerptOf(text: string): string {
  return text.slice(0, 240);
}
