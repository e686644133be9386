import {
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  Parser,
} from "yaml";
import type { Place, ProblemList } from "./problem.ts";

/** A YAML document in which every node knows its place. */
export type Tree = TreeMap | TreeList | TreeScalar;

export interface TreeMap extends Place {
  kind: "map";
  entries: TreeEntry[];
}

export interface TreeEntry {
  key: string;
  at: Place;
  value: Tree;
}

export interface TreeList extends Place {
  kind: "list";
  items: Tree[];
}

export interface TreeScalar extends Place {
  kind: "scalar";
  value: string | number | boolean | null;
  /** As written (unquoted), so that `007` stays what the author typed. */
  text: string;
}

/** The largest of SigmaHQ's rules for macOS has a few kilobytes. */
export const MAX_RULE_FILE_CHARS = 256 * 1024;
const MAX_NODES = 20_000;
const MAX_DEPTH = 24;
const TOO_DEEP = `nested deeper than ${MAX_DEPTH} levels`;
/** Finding an alias's anchor walks the document; SigmaHQ's rules for macOS use none. */
const MAX_ALIASES = 100;

/**
 * Reads a rule file: YAML 1.2 core schema, several documents allowed, duplicate keys refused, aliases followed within
 * a node budget. Each document that cannot be read becomes a problem; the others are returned.
 */
export function readYaml(text: string, problems: ProblemList): TreeMap[] {
  if (text.length > MAX_RULE_FILE_CHARS) {
    problems.error({ line: 1, column: 1 }, `the file is larger than ${MAX_RULE_FILE_CHARS} characters`);
    return [];
  }
  const lines = new LineCounter();
  const tooDeep = findTooDeep(text);
  if (tooDeep !== null) {
    problems.error(lineOf(text, tooDeep), TOO_DEEP);
    return [];
  }
  let documents: Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      // Checked by TreeBuilder in linear time; the package compares every pair of keys.
      uniqueKeys: false,
      strict: true,
      schema: "core",
      prettyErrors: false,
      logLevel: "silent",
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (cause) {
    problems.error({ line: 1, column: 1 }, `not readable as YAML: ${firstLine(cause)}`);
    return [];
  }
  if (documents.length === 0) problems.error({ line: 1, column: 1 }, "the file holds no rule");
  return documents.flatMap((document) => {
    const tree = readDocument(document, lines, problems);
    return tree === null ? [] : [tree];
  });
}

/**
 * Where the text first nests too deeply, if it does. The package builds its tree of values on the stack, and would use it
 * up; its tokens come without.
 */
function findTooDeep(text: string): number | null {
  for (const token of new Parser().parse(text)) {
    const waiting: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { depth } = next;
      if (depth > MAX_DEPTH + 1) return next.token.offset;
      if (next.token.type === "document" && next.token.value !== undefined) {
        waiting.push({ token: next.token.value, depth });
      } else if ("items" in next.token) {
        for (const { key, value } of next.token.items) {
          if (key) waiting.push({ token: key, depth: depth + 1 });
          if (value) waiting.push({ token: value, depth: depth + 1 });
        }
      }
    }
  }
  return null;
}

function lineOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function readDocument(document: Document.Parsed, lines: LineCounter, problems: ProblemList): TreeMap | null {
  for (const error of document.errors) problems.error(placeOf(lines, error.pos[0]), `YAML: ${firstLine(error)}`);
  if (document.errors.length > 0) return null;
  const start = placeOf(lines, document.contents?.range[0] ?? document.range[0]);
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    // A trailing `---` or a comment-only document.
    return null;
  }
  const builder = new TreeBuilder(document, lines, problems);
  const tree = builder.build(document.contents, 0);
  if (builder.failed || tree === null) return null;
  if (tree.kind !== "map") {
    problems.error(start, "a rule is a map of fields");
    return null;
  }
  return tree;
}

class TreeBuilder {
  failed = false;
  #budget = MAX_NODES;
  #aliases = 0;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #problems: ProblemList;

  constructor(document: Document.Parsed, lines: LineCounter, problems: ProblemList) {
    this.#document = document;
    this.#lines = lines;
    this.#problems = problems;
  }

  build(node: Node | null, depth: number): Tree | null {
    if (this.#budget < 0) return null;
    if (node === null) return { kind: "scalar", value: null, text: "", line: 1, column: 1 };
    const place = placeOf(this.#lines, node.range?.[0] ?? 0);
    this.#budget--;
    if (this.#budget < 0) return this.#stop(place, `more than ${MAX_NODES} nodes (aliases count each time)`);
    if (depth > MAX_DEPTH) return this.#stop(place, TOO_DEEP);
    if (isAlias(node)) {
      if (++this.#aliases > MAX_ALIASES) return this.#stop(place, `more than ${MAX_ALIASES} aliases`);
      const target = node.resolve(this.#document);
      if (target === undefined) return this.#fail(place, `no anchor named ${node.source}`);
      return this.build(target, depth + 1);
    }
    if (isMap(node)) return this.#map(node.items, place, depth);
    if (isSeq(node)) {
      const items = node.items.flatMap((item) => this.build(item as Node | null, depth + 1) ?? []);
      return { kind: "list", items, ...place };
    }
    if (isScalar(node)) {
      const { value } = node;
      if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        const text = typeof value === "number" ? (node.source ?? String(value)) : String(value ?? "");
        return { kind: "scalar", value, text, ...place };
      }
    }
    return this.#fail(place, "not a kind of value that a rule can hold");
  }

  #map(pairs: { key: unknown; value: unknown }[], place: Place, depth: number): TreeMap {
    const seen = new Set<string>();
    const entries: TreeEntry[] = [];
    for (const pair of pairs) {
      const { key } = pair;
      if (!isScalar(key) || (typeof key.value !== "string" && typeof key.value !== "number")) {
        this.#fail(isScalar(key) ? placeOf(this.#lines, key.range?.[0] ?? 0) : place, "a key must be a plain text");
        continue;
      }
      const at = placeOf(this.#lines, key.range?.[0] ?? 0);
      const name = String(key.value);
      if (seen.has(name)) {
        this.#fail(at, `the key ${JSON.stringify(name)} stands here twice`);
        continue;
      }
      seen.add(name);
      const value = this.build(pair.value as Node | null, depth + 1);
      if (value !== null) entries.push({ key: name, at, value: pair.value === null ? { ...value, ...at } : value });
    }
    return { kind: "map", entries, ...place };
  }

  /** A limit is passed: the rest of the document is not looked at. */
  #stop(place: Place, reason: string): null {
    this.#budget = -1;
    return this.#fail(place, reason);
  }

  #fail(place: Place, reason: string): null {
    this.failed = true;
    this.#problems.error(place, reason);
    return null;
  }
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n", 1)[0] ?? "";
}
