/** Control, format (bidi, zero-width), line and paragraph separators, lone surrogates; and letters that render as nothing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;

/** One piece of hostile text: `shown` as is, or a code point that must be made visible. */
export type TextPart = { kind: "text"; text: string } | { kind: "code-point"; text: string };

function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Splits text so that a screen can box the characters that would otherwise hide or reorder it. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    if (match.index > from) parts.push({ kind: "text", text: text.slice(from, match.index) });
    parts.push({ kind: "code-point", text: codePoint(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

/** The same as one line for terminals and sentences: `‹U+202E›` stands where the character was. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (char) => `‹${codePoint(char)}›`);
}
