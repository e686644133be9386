import { malformedBlob } from "./problems.ts";

/** Of a requirement in text form: Security requirements.grammar, the lexer. */
export type Token =
  /** A word of the language or a text that needs no quotes. */
  | { kind: "word"; text: string }
  | { kind: "string"; text: string }
  /** `H"…"`, and the `0x…` of binary data. */
  | { kind: "hash" | "hex"; bytes: Buffer }
  | { kind: "integer"; value: number }
  | { kind: "sign"; text: string };

/** Real ones are a few hundred characters. */
const MAX_LENGTH = 16 * 1024;

const BLANK = /(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*|#[^\n]*)+/y;
const HASH = /H"((?:[0-9A-Fa-f]{2})*)"/y;
const HEX = /0x((?:[0-9A-Fa-f]{2})*)/y;
const WORD = /[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*/y;
const STRING = /"((?:[^"\\]|\\.)*)"/sy;
const INTEGER = /\d{1,9}/y;
const SIGN = /<=|>=|==|[()[\]<>=~!*-]/y;

/** @throws Malformed */
export function requirementTokens(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw malformedBlob("requirement-malformed");
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  for (;;) {
    take(BLANK);
    if (at >= text.length) return tokens;
    const token = nextToken(take);
    if (token === null) throw malformedBlob("requirement-malformed");
    tokens.push(token);
  }
}

function nextToken(take: (pattern: RegExp) => RegExpExecArray | null): Token | null {
  const hash = take(HASH);
  if (hash) return { kind: "hash", bytes: Buffer.from(hash[1] ?? "", "hex") };
  const hex = take(HEX);
  if (hex) return { kind: "hex", bytes: Buffer.from(hex[1] ?? "", "hex") };
  const word = take(WORD);
  if (word) return { kind: "word", text: word[0] };
  const string = take(STRING);
  if (string) return { kind: "string", text: (string[1] ?? "").replaceAll(/\\(.)/gs, "$1") };
  const integer = take(INTEGER);
  if (integer) return { kind: "integer", value: Number(integer[0]) };
  const sign = take(SIGN);
  return sign ? { kind: "sign", text: sign[0] } : null;
}
