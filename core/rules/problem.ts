/** Where something stands in a rule file; both count from one. */
export interface Place {
  line: number;
  column: number;
}

/** `error`: the rule is malformed. `skip`: it is well formed, and this engine cannot run it. */
export interface RuleProblem {
  file: string;
  line: number;
  column?: number;
  kind: "error" | "skip";
  /** One clear sentence. */
  reason: string;
}

/** Most problems kept of one file: a file of garbage must not bury the others. */
const MAX_PER_FILE = 200;

/** Collects what is wrong with one file; nothing here stops at the first problem. */
export class ProblemList {
  readonly file: string;
  readonly found: RuleProblem[] = [];
  #dropped = 0;

  constructor(file: string) {
    this.file = file;
  }

  error(place: Place, reason: string): void {
    this.#add("error", place, reason);
  }

  skip(place: Place, reason: string): void {
    this.#add("skip", place, reason);
  }

  /** All of them, each said once a line, in the file's order, with a last word if there were too many. */
  all(): RuleProblem[] {
    const said = new Map(this.found.map((one) => [`${one.line} ${one.kind} ${one.reason}`, one]));
    const sorted = [...said.values()].sort((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0));
    if (this.#dropped === 0) return sorted;
    const line = sorted.at(-1)?.line ?? 1;
    return [...sorted, { file: this.file, line, kind: "error", reason: `${this.#dropped} more problems in this file` }];
  }

  #add(kind: RuleProblem["kind"], place: Place, reason: string): void {
    if (this.found.length >= MAX_PER_FILE) {
      this.#dropped++;
      return;
    }
    this.found.push({ file: this.file, line: place.line, column: place.column, kind, reason });
  }
}
