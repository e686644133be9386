import { readFileSync } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import type { Logger } from "#core/base/logger.ts";

/** A small file of our own: parsed when read, replaced as a whole when written. */
export class JsonFile<Schema extends z.ZodType> {
  readonly #path: string;
  readonly #schema: Schema;
  readonly #fallback: z.infer<Schema>;
  readonly #log: Logger;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, schema: Schema, fallback: z.infer<Schema>, log: Logger) {
    this.#path = file;
    this.#schema = schema;
    this.#fallback = fallback;
    this.#log = log;
  }

  /** What the file says; the fallback when there is none or it cannot be read, and then the log says why. */
  readSync(): z.infer<Schema> {
    try {
      return this.#schema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch (error) {
      if (!isMissing(error)) this.#log.warn(`${path.basename(this.#path)} cannot be read; the defaults are used`);
      return this.#fallback;
    }
  }

  /** Writes beside the file and renames, so that a crash leaves the old or the new content; writes keep their order. */
  write(value: z.infer<Schema>): Promise<void> {
    const next = this.#writing.then(() => this.#replace(`${JSON.stringify(value, null, 2)}\n`));
    this.#writing = next.catch(() => undefined);
    return next;
  }

  /** When everything asked for so far is on disk, or has failed. */
  idle(): Promise<void> {
    return this.#writing;
  }

  async #replace(text: string): Promise<void> {
    await mkdir(path.dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.new`;
    const file = await open(draft, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.#path);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
