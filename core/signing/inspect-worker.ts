import { parentPort } from "node:worker_threads";
import { statPath } from "./file-source.ts";
import type { Control } from "./control.ts";
import { inspectPath } from "./inspect.ts";
import { Cancelled, ReadFault } from "./problem.ts";
import type { InspectJob, WorkerMessage } from "./worker-messages.ts";

/** Bytes between two words about progress: often enough to look alive, rare enough to cost nothing. */
const TELL_EVERY = 16 * 1024 * 1024;

const port = parentPort;
if (port === null) throw new Error("The inspector's worker is started by its pool only.");

port.on("message", (job: InspectJob) => {
  port.postMessage(answer(job, (message) => port.postMessage(message)));
});

function answer({ path, depth, now, stop }: InspectJob, tell: (message: WorkerMessage) => void): WorkerMessage {
  const word = new Int32Array(stop);
  const total = sizeOfFile(path);
  let done = 0;
  let told = 0;
  const control: Control = {
    cancelled: () => Atomics.load(word, 0) !== 0,
    progress: (bytes) => {
      done += bytes;
      if (done - told < TELL_EVERY) return;
      told = done;
      tell({ t: "progress", done, total });
    },
  };
  try {
    const { inspection, files, complete } = inspectPath(path, { depth, now, control });
    return { t: "done", inspection, files, complete };
  } catch (error) {
    if (error instanceof Cancelled) return { t: "cancelled" };
    throw error;
  }
}

function sizeOfFile(path: string): number | null {
  try {
    const stats = statPath(path);
    return stats.isFile() ? Number(stats.size) : null;
  } catch (error) {
    if (error instanceof ReadFault) return null;
    throw error;
  }
}
