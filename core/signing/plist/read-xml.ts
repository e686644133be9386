import { Budget, checkKey, type PlistOptions } from "./limits.ts";
import { plistFault } from "./problems.ts";
import type { PlistValue } from "./value.ts";
import { dataOf, dateOf, integerOf, realOf, withoutReferences } from "./xml-scalars.ts";

const LONGEST_TAG = 1024;
/** One object for all of them: they are the cheapest to write and not to keep. */
const EMPTY_DICT: ReadonlyMap<string, PlistValue> = new Map();
const EMPTY_ARRAY: readonly PlistValue[] = [];
const CDATA = "<![CDATA[";
/** Quotes in pairs and nothing inside that could end the tag for a reader which does not know quotes. */
const PLAIN_ATTRIBUTES = /^[^"'<>[\]]*(?:(?:"[^"<>[\]]*"|'[^'<>[\]]*')[^"'<>[\]]*)*$/;
const TAG_NAME = /^[A-Za-z]+/;

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  /** `<dict/>` */
  readonly empty: boolean;
}

/**
 * A property list in XML, in one pass. Accepts what CoreFoundation's own reader accepts (CFPropertyList.c), but for forms which
 * Apple's readers are known to take differently: those are refused, for what was checked must be what macOS will read.
 * @throws Malformed
 */
export function readXmlPlist(text: string, options: PlistOptions): PlistValue {
  return new XmlReader(text, options).document();
}

class XmlReader {
  readonly #text: string;
  readonly #budget: Budget;
  #at = 0;

  constructor(text: string, options: PlistOptions) {
    this.#text = text;
    this.#budget = new Budget(options);
  }

  document(): PlistValue {
    this.#skipBetween(true);
    const tag = this.#tag();
    const value = tag.name === "plist" ? this.#onlyChild(tag) : this.#value(tag);
    this.#skipBetween(false);
    if (this.#at < this.#text.length) throw plistFault("plist-trailing-data");
    return value;
  }

  #onlyChild(plist: Tag): PlistValue {
    if (plist.closing || plist.empty) throw plistFault("plist-element");
    this.#skipBetween(false);
    const value = this.#value(this.#tag());
    this.#skipBetween(false);
    this.#close("plist");
    return value;
  }

  #value(tag: Tag): PlistValue {
    if (tag.closing) throw plistFault("plist-element");
    this.#budget.node();
    switch (tag.name) {
      case "dict":
        return this.#dict(tag);
      case "array":
        return this.#array(tag);
      case "string":
        return this.#characters(tag);
      case "data":
        return dataOf(this.#plainText(tag));
      case "integer":
        return integerOf(this.#plainText(tag));
      case "real":
        return realOf(this.#plainText(tag));
      case "date":
        return dateOf(this.#plainText(tag));
      case "true":
      case "false":
        if (!tag.empty) this.#close(tag.name);
        return tag.name === "true";
      default:
        throw plistFault("plist-element");
    }
  }

  #dict(tag: Tag): ReadonlyMap<string, PlistValue> {
    if (tag.empty) return EMPTY_DICT;
    const dict = new Map<string, PlistValue>();
    this.#budget.enter();
    for (;;) {
      this.#skipBetween(false);
      const next = this.#tag();
      if (next.closing) {
        this.#mustClose(next, "dict");
        break;
      }
      if (next.name !== "key") throw plistFault("plist-key");
      this.#budget.node();
      const key = checkKey(this.#characters(next));
      this.#skipBetween(false);
      this.#budget.addEntry(dict, key, this.#value(this.#tag()));
    }
    this.#budget.leave();
    return dict;
  }

  #array(tag: Tag): readonly PlistValue[] {
    if (tag.empty) return EMPTY_ARRAY;
    const array: PlistValue[] = [];
    this.#budget.enter();
    for (;;) {
      this.#skipBetween(false);
      const next = this.#tag();
      if (next.closing) {
        this.#mustClose(next, "array");
        break;
      }
      array.push(this.#value(next));
    }
    this.#budget.leave();
    return array;
  }

  /** Text up to the closing tag, with references replaced and CDATA as it stands. Line ends stay: file names may contain them. */
  #characters(tag: Tag): string {
    if (tag.empty) return "";
    const text = this.#text;
    let whole = "";
    for (;;) {
      const next = text.indexOf("<", this.#at);
      if (next < 0) throw plistFault("plist-truncated");
      whole += withoutReferences(text.slice(this.#at, next));
      this.#at = next;
      if (!text.startsWith(CDATA, next)) break;
      const end = text.indexOf("]]>", next);
      if (end < 0) throw plistFault("plist-truncated");
      whole += text.slice(next + CDATA.length, end);
      this.#at = end + "]]>".length;
    }
    this.#close(tag.name);
    return whole;
  }

  /** Text in which no markup and no reference may be. */
  #plainText(tag: Tag): string {
    if (tag.empty) return "";
    const next = this.#text.indexOf("<", this.#at);
    if (next < 0) throw plistFault("plist-truncated");
    const text = this.#text.slice(this.#at, next);
    this.#at = next;
    this.#close(tag.name);
    return text;
  }

  #close(name: string): void {
    this.#mustClose(this.#tag(), name);
  }

  #mustClose(tag: Tag, name: string): void {
    if (!tag.closing || tag.name !== name) throw plistFault("plist-element");
  }

  #tag(): Tag {
    const text = this.#text;
    if (this.#at >= text.length) throw plistFault("plist-truncated");
    if (text[this.#at] !== "<") throw plistFault("plist-syntax");
    const end = text.indexOf(">", this.#at);
    if (end < 0) throw plistFault("plist-truncated");
    if (end - this.#at > LONGEST_TAG) throw plistFault("plist-syntax");
    const inside = text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return USUAL_TAGS.get(inside) ?? readTag(inside);
  }

  /** White space, comments and processing instructions; at the start also the document type. */
  #skipBetween(prolog: boolean): void {
    const text = this.#text;
    for (;;) {
      this.#skipSpace();
      if (text[this.#at] !== "<") return;
      const kind = text[this.#at + 1];
      if (kind === "?") this.#skipTo("?>");
      else if (kind !== "!") return;
      else if (text.startsWith("<!--", this.#at)) this.#skipComment();
      else if (prolog && text.startsWith("<!DOCTYPE", this.#at)) this.#skipDocumentType();
      else throw plistFault("plist-syntax");
    }
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  /** `<!-->` and `<!--->` end at once for some of Apple's readers and much later for others (CVE-2020-9842). */
  #skipComment(): void {
    const after = this.#at + "<!--".length;
    if (this.#text.startsWith(">", after) || this.#text.startsWith("->", after)) throw plistFault("plist-comment");
    this.#at = after;
    this.#skipTo("-->");
  }

  /** Apple's is always the same line; it is never fetched. Declarations of its own could change what the text means. */
  #skipDocumentType(): void {
    const end = this.#text.indexOf(">", this.#at);
    if (end < 0) throw plistFault("plist-truncated");
    if (end - this.#at > LONGEST_TAG) throw plistFault("plist-doctype");
    const inside = this.#text.slice(this.#at + "<!DOCTYPE".length, end);
    if (!PLAIN_ATTRIBUTES.test(inside)) throw plistFault("plist-doctype");
    this.#at = end + 1;
  }

  #skipTo(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw plistFault("plist-truncated");
    this.#at = found + end.length;
  }
}

/** Without attributes, but for `plist`, which has its version. */
function readTag(inside: string): Tag {
  const closing = inside.startsWith("/");
  const empty = !closing && inside.endsWith("/");
  const name = TAG_NAME.exec(closing ? inside.slice(1) : inside)?.[0];
  if (name === undefined) throw plistFault("plist-syntax");
  const rest = inside.slice((closing ? 1 : 0) + name.length, empty ? -1 : undefined);
  const version = name === "plist" && !closing && isSpace(rest.charCodeAt(0)) && PLAIN_ATTRIBUTES.test(rest);
  if (rest.trim() !== "" && !version) throw plistFault("plist-attribute");
  return { name, closing, empty };
}

/** Nearly every tag of a list is one of these: looked up whole, they cost neither a pattern nor an object. */
const USUAL_TAGS = new Map(
  ["dict", "array", "key", "string", "data", "integer", "real", "date", "true", "false"].flatMap(
    (name): [string, Tag][] => [
      [name, { name, closing: false, empty: false }],
      [`/${name}`, { name, closing: true, empty: false }],
      [`${name}/`, { name, closing: false, empty: true }],
    ],
  ),
);

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}
