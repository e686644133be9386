import type { Problem } from "#contract/inspection.ts";

/** Content that is not what it must be. Thrown by the readers of this room and caught at the part's border: never leaves it. */
export class Malformed extends Error {
  readonly problem: Problem;
  constructor(id: string, message: string) {
    super(message);
    this.name = "Malformed";
    this.problem = { id, message };
  }
}

/** A file that cannot be read, or no longer is what it was: no verdict about its content. `message` is one sentence. */
export class ReadFault extends Error {
  readonly id: string;
  constructor(id: string, message: string) {
    super(message);
    this.name = "ReadFault";
    this.id = id;
  }
}

/** Someone no longer wants the answer. */
export class Cancelled extends Error {
  constructor() {
    super("The inspection was stopped.");
    this.name = "Cancelled";
  }
}

/** The value, or the problem that kept it from being read. Anything but Malformed goes on up. */
export function attempt<T>(read: () => T): { value: T } | { problem: Problem } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.problem };
    throw error;
  }
}
