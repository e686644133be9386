import { malformedBlob } from "./problems.ts";
import { LEAF_CERTIFICATE, type Match, type Requirement, ROOT_CERTIFICATE } from "./requirement-expression.ts";
import { requirementTokens, type Token } from "./requirement-tokens.ts";

/** Brackets and negations within one another. */
const MAX_DEPTH = 200;

/**
 * A requirement from its text, as CodeResources states one for nested code: Security requirements.grammar.
 * Dates in certificates and requirements by name are not taken.
 * @throws Malformed
 */
export function parseRequirementText(text: string): Requirement {
  return new RequirementParser(requirementTokens(text)).whole();
}

class RequirementParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Requirement {
    const found = this.#either(0);
    if (this.#at < this.#tokens.length) throw unexpected();
    return found;
  }

  #either(depth: number): Requirement {
    let left = this.#both(depth);
    while (this.#word("or")) left = { op: "or", left, right: this.#both(depth) };
    return left;
  }

  #both(depth: number): Requirement {
    let left = this.#primary(depth);
    while (this.#word("and")) left = { op: "and", left, right: this.#primary(depth) };
    return left;
  }

  #primary(depth: number): Requirement {
    if (depth > MAX_DEPTH) throw unexpected();
    if (this.#sign("!")) return { op: "not", of: this.#primary(depth + 1) };
    if (this.#sign("(")) {
      const inner = this.#either(depth + 1);
      this.#expect(")");
      return inner;
    }
    const word = this.#anyWord();
    switch (word) {
      case "always":
      case "true":
        return { op: "always" };
      case "never":
      case "false":
        return { op: "never" };
      case "notarized":
      case "legacy":
        return { op: word };
      case "identifier":
        this.#equals();
        return { op: "identifier", value: this.#text() };
      case "cdhash":
        this.#equals();
        return { op: "cdhash", hash: this.#hash() };
      case "platform":
        this.#equals();
        return { op: "platform", platform: this.#integer() };
      case "info":
      case "entitlement":
        return { op: word, key: this.#key(), match: this.#match() };
      case "anchor":
        return this.#anchor();
      case "certificate":
      case "cert":
        return this.#word("trusted") ? { op: "anchor-trusted" } : this.#certificate(this.#certificateNumber());
      default:
        throw unexpected();
    }
  }

  #anchor(): Requirement {
    if (this.#word("trusted")) return { op: "anchor-trusted" };
    if (this.#word("generic")) {
      if (!this.#word("apple")) throw unexpected();
      return { op: "anchor-apple-generic" };
    }
    if (!this.#word("apple")) return this.#certificate(ROOT_CERTIFICATE);
    if (this.#word("generic")) return { op: "anchor-apple-generic" };
    const next = this.#tokens[this.#at];
    const named = next?.kind === "string" || (next?.kind === "word" && next.text !== "and" && next.text !== "or");
    return named ? { op: "named-anchor", value: this.#text() } : { op: "anchor-apple" };
  }

  #certificateNumber(): number {
    if (this.#word("leaf")) return LEAF_CERTIFICATE;
    return this.#word("root") ? ROOT_CERTIFICATE : this.#integer();
  }

  #certificate(certificate: number): Requirement {
    if (this.#word("trusted")) return { op: "certificate-trusted", certificate };
    if (this.#equals()) return { op: "certificate-hash", certificate, hash: this.#hash() };
    const key = this.#key();
    const name = key.toString("utf8");
    if (name === "email" || name.startsWith("subject."))
      return { op: "certificate-subject", certificate, key, match: this.#match() };
    const [, kind = "", dotted = ""] = FIELD.exec(name) ?? [];
    if (kind === "") throw unexpected();
    const op = kind === "policy" ? "certificate-policy" : "certificate-extension";
    return { op, certificate, oid: encodeOid(dotted), match: this.#match() };
  }

  #match(): Match {
    if (this.#word("absent")) return { kind: "absent" };
    if (this.#sign("~")) return { kind: "contains", value: this.#text() };
    if (this.#sign("<")) return { kind: "less", value: this.#text() };
    if (this.#sign(">")) return { kind: "greater", value: this.#text() };
    if (this.#sign("<=")) return { kind: "less-or-equal", value: this.#text() };
    if (this.#sign(">=")) return { kind: "greater-or-equal", value: this.#text() };
    if (this.#equals()) {
      const before = this.#sign("*");
      const value = this.#text();
      const after = this.#sign("*");
      if (before) return { kind: after ? "contains" : "ends-with", value };
      return { kind: after ? "begins-with" : "equal", value };
    }
    this.#word("exists");
    return { kind: "exists" };
  }

  #key(): Buffer {
    this.#expect("[");
    const key = this.#text();
    this.#expect("]");
    return key;
  }

  #text(): Buffer {
    const token = this.#tokens[this.#at++];
    if (token?.kind === "word" || token?.kind === "string") return Buffer.from(token.text);
    if (token?.kind === "hex") return token.bytes;
    throw unexpected();
  }

  #hash(): Buffer {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "hash") throw unexpected();
    return token.bytes;
  }

  #integer(): number {
    const negative = this.#sign("-");
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "integer") throw unexpected();
    return negative ? -token.value : token.value;
  }

  #equals(): boolean {
    return this.#sign("=") || this.#sign("==");
  }

  #expect(text: string): void {
    if (!this.#sign(text)) throw unexpected();
  }

  #sign(text: string): boolean {
    return this.#skipIf("sign", text);
  }

  #word(text: string): boolean {
    return this.#skipIf("word", text);
  }

  #skipIf(kind: "sign" | "word", text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #anyWord(): string | null {
    const token = this.#tokens[this.#at++];
    return token?.kind === "word" ? token.text : null;
  }
}

const FIELD = /^(field|extension|policy)\.(\d{1,9}(?:\.\d{1,9}){1,30})$/;

/** ITU-T X.690 section 8.19. */
function encodeOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) + 128);
    bytes.push(...digits);
  }
  return Buffer.from(bytes);
}

function unexpected() {
  return malformedBlob("requirement-malformed");
}
