import type { Inspection, InspectionDepth } from "#contract/inspection.ts";
import type { Micros } from "#core/base/clock.ts";
import type { FileIdentity } from "./file-source.ts";

/** Pool -> worker: one at a time. */
export interface InspectJob {
  path: string;
  depth: InspectionDepth;
  now: Micros;
  /** One 32-bit word, shared: anything but zero ends the work at its next step. */
  stop: SharedArrayBuffer;
}

/** Worker -> pool. */
export type WorkerMessage =
  | { t: "progress"; done: number; total: number | null }
  | { t: "done"; inspection: Inspection; files: FileIdentity[]; complete: boolean }
  | { t: "cancelled" };
