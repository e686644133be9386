import type { Place, ProblemList } from "./problem.ts";
import type { Tree, TreeEntry, TreeMap } from "./yaml-tree.ts";

/** Reads the fields of one map, noting every problem and going on. */
export class TreeReader {
  readonly map: TreeMap;
  readonly problems: ProblemList;

  constructor(map: TreeMap, problems: ProblemList) {
    this.map = map;
    this.problems = problems;
  }

  entry(key: string): TreeEntry | undefined {
    return this.map.entries.find((entry) => entry.key === key);
  }

  /** Where `key` stands, else where the map begins. */
  place(key: string): Place {
    return this.entry(key)?.at ?? this.map;
  }

  /** A text; numbers and booleans count as the text they were written as. Null when absent or not a text. */
  text(key: string, required: boolean): string | null {
    const entry = this.entry(key);
    if (entry === undefined) {
      if (required) this.problems.error(this.map, `${key} is missing`);
      return null;
    }
    const { value } = entry;
    if (value.kind !== "scalar" || value.value === null || value.text.trim() === "") {
      this.problems.error(entry.at, `${key} must be a text`);
      return null;
    }
    return value.text;
  }

  texts(key: string): string[] {
    const entry = this.entry(key);
    return entry === undefined ? [] : textsOf(entry.value, key, this.problems);
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | null {
    const text = this.text(key, false);
    if (text === null) return null;
    const found = allowed.find((candidate) => candidate === text.toLowerCase());
    if (found !== undefined) return found;
    this.problems.error(this.place(key), `${key} is ${JSON.stringify(text)}; it must be one of ${allowed.join(", ")}`);
    return null;
  }

  boolean(key: string, otherwise: boolean): boolean {
    const entry = this.entry(key);
    if (entry === undefined) return otherwise;
    if (entry.value.kind === "scalar" && typeof entry.value.value === "boolean") return entry.value.value;
    this.problems.error(entry.at, `${key} must be true or false`);
    return otherwise;
  }

  inner(key: string): TreeReader | null {
    const entry = this.entry(key);
    if (entry === undefined) return null;
    if (entry.value.kind === "map") return new TreeReader(entry.value, this.problems);
    this.problems.error(entry.at, `${key} must be a map`);
    return null;
  }

  /** Notes every key that is not in `known`. */
  refuseOthers(known: readonly string[], where: string): void {
    for (const { key, at } of this.map.entries) {
      if (!known.includes(key)) this.problems.error(at, `${where} has no key ${JSON.stringify(key)}`);
    }
  }
}

/** One text or a list of texts. */
export function textsOf(tree: Tree, key: string, problems: ProblemList): string[] {
  const items = tree.kind === "list" ? tree.items : [tree];
  const texts: string[] = [];
  for (const item of items) {
    if (item.kind === "scalar" && item.value !== null) texts.push(item.text);
    else problems.error(item, `${key} must hold texts`);
  }
  return texts;
}
