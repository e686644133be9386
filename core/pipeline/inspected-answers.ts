import type { LookCounts } from "#contract/coverage.ts";
import type { InspectionSummary } from "#contract/inspection-summary.ts";
import { withAssessmentRead } from "./assessment-plist.ts";
import type { Timers } from "./timers.ts";

/** Our inspector; null when it could not say anything. Must not take long to be called. */
export type SummariseFile = (path: string) => Promise<InspectionSummary | null>;

type Without = keyof LookCounts["notInspected"];

const MAX_WAITING = 64;
const LONGEST_MS = 20_000;
/** The helper writes these keys first, in this order (native/PROTOCOL.md). */
const FILE_HEAD = /^\{"v":1,"t":"file"[,}]/;
const HEAD_BYTES = 24;

export interface InspectedAnswersOptions {
  summarise: SummariseFile;
  timers: Timers;
  /** Gives on an answer as it is to be stored. */
  give: (line: Buffer) => void;
}

/**
 * Answers about files on their way into the timeline: our inspector's summary becomes part of the frame before it is stored
 * or recorded (docs/adr/0005). Other lines pass meanwhile. An answer that cannot have a look goes without, and says why.
 */
export class InspectedAnswers {
  readonly #options: InspectedAnswersOptions;
  /** By frame, how it goes on without a look. */
  readonly #waiting = new Map<object, () => void>();
  readonly #without: Record<Without, number> = { tooMany: 0, tookTooLong: 0, failed: 0 };

  constructor(options: InspectedAnswersOptions) {
    this.#options = options;
  }

  get without(): LookCounts["notInspected"] {
    return { ...this.#without };
  }

  /** @returns false when the line is no answer about a file; nothing has then happened */
  take(line: Buffer): boolean {
    if (!FILE_HEAD.test(line.toString("latin1", 0, HEAD_BYTES))) return false;
    const frame = parse(line);
    // Without a file there is nothing to inspect: the answer says so itself.
    if (frame === null || typeof frame["path"] !== "string" || typeof frame["error"] === "string") return false;
    if (this.#waiting.size >= MAX_WAITING) this.#giveWithout(frame, "tooMany");
    else void this.#inspect(frame, frame["path"]);
    return true;
  }

  /** What still waits goes on without. */
  end(): void {
    for (const giveUp of this.#waiting.values()) giveUp();
  }

  async #inspect(frame: Record<string, unknown>, path: string): Promise<void> {
    const giveUp = () => {
      if (this.#finish(frame)) this.#giveWithout(frame, "tookTooLong");
    };
    this.#waiting.set(frame, giveUp);
    const cancel = this.#options.timers.after(LONGEST_MS, giveUp);
    const summary = await this.#summaryOf(path);
    cancel();
    if (!this.#finish(frame)) return;
    if (summary === null) this.#giveWithout(frame, "failed");
    else this.#give({ ...frame, inspection: summary });
  }

  async #summaryOf(path: string): Promise<InspectionSummary | null> {
    try {
      return await this.#options.summarise(path);
    } catch {
      return null;
    }
  }

  /** @returns false when it was given on before */
  #finish(frame: Record<string, unknown>): boolean {
    return this.#waiting.delete(frame);
  }

  #giveWithout(frame: Record<string, unknown>, why: Without): void {
    this.#without[why] += 1;
    this.#give({ ...frame, notInspected: why });
  }

  #give(frame: Record<string, unknown>): void {
    this.#options.give(Buffer.from(JSON.stringify(withAssessmentRead(frame))));
  }
}

function parse(line: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
