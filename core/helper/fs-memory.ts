/** What the disk says about a path that may hold code. */
export interface FileFacts {
  /** Device and file number: the same file under another name. */
  identity: string;
  isFolder: boolean;
  size: number;
  /** Milliseconds, with fractions. */
  mtime: number;
  /** Permission bits of stat(2). */
  mode: number;
}

export interface KnownFile extends FileFacts {
  /** The attribute's value; null: none; undefined: not known. */
  quarantine: string | null | undefined;
}

export const MAX_KNOWN_FILES = 16_384;

/** How files looked when they were seen last. Bounded: what was not seen for longest is forgotten, and counted. */
export class FsMemory {
  readonly #files = new Map<string, KnownFile>();
  readonly #paths = new Map<string, string>();
  readonly #max: number;
  forgotten = 0;

  constructor(max: number = MAX_KNOWN_FILES) {
    this.#max = max;
  }

  get(path: string): KnownFile | null {
    return this.#files.get(path) ?? null;
  }

  pathOf(identity: string): string | null {
    return this.#paths.get(identity) ?? null;
  }

  set(path: string, file: KnownFile): void {
    this.delete(path);
    this.#files.set(path, file);
    this.#paths.set(file.identity, path);
    const [oldest] = this.#files.keys();
    if (this.#files.size <= this.#max || oldest === undefined) return;
    this.delete(oldest);
    this.forgotten += 1;
  }

  delete(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    if (this.#paths.get(file.identity) === path) this.#paths.delete(file.identity);
  }
}
