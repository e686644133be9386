/** Fewest characters the trigram index can look up. */
export const TRIGRAM = 3;

const PLAIN = /^[\t\n\r -~]*$/;

/**
 * Text as search compares it: without case, composed (a path may be stored decomposed, a keyboard types composed), and
 * with NUL replaced, at which FTS5's trigram tokenizer would stop reading and so hide the rest.
 */
export function foldForSearch(text: string): string {
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return lower.normalize("NFC").replaceAll("ς", "σ").replaceAll("\0", "\u{fffd}").toWellFormed();
}

/** Whether the trigram index can answer for this folded text; it counts code points. */
export function isIndexable(folded: string): boolean {
  return Array.from(folded).length >= TRIGRAM;
}

/**
 * FTS5 query syntax for "has all of its trigrams", each as a string literal (sqlite.org/fts5.html section 3.1). The index
 * keeps no positions, which makes it smaller and quicker to fill: what it finds must still be looked at.
 */
export function trigramQuery(folded: string): string {
  const points = Array.from(folded);
  const trigrams = new Set<string>();
  for (let from = 0; from + TRIGRAM <= points.length; from++) {
    trigrams.add(points.slice(from, from + TRIGRAM).join(""));
  }
  return Array.from(trigrams, (trigram) => `"${trigram.replaceAll('"', '""')}"`).join(" AND ");
}
