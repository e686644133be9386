import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Inspection, InspectionDepth } from "#contract/inspection.ts";
import type { Micros } from "#core/base/clock.ts";
import { InspectionCache } from "./inspection-cache.ts";
import { INSPECTION_PROBLEMS } from "./problems.ts";
import type { InspectJob, WorkerMessage } from "./worker-messages.ts";

/** `total` null: not known in advance (a bundle). Bytes. */
export interface InspectionProgress {
  done: number;
  total: number | null;
}

export interface PoolOptions {
  /** Of inspect-worker.ts, or what it was built to. */
  workerUrl: URL;
  now: () => Micros;
  /** Threads; they are started when there is work. */
  size?: number;
  /** Results kept, when they stand on few files. */
  cacheSize?: number;
}

export interface InspectRequest {
  depth: InspectionDepth;
  signal?: AbortSignal;
  onProgress?: (progress: InspectionProgress) => void;
}

interface Job {
  path: string;
  request: InspectRequest;
  stop: SharedArrayBuffer;
  resolve: (inspection: Inspection) => void;
  reject: (reason: Error) => void;
}

const DEFAULT_CACHE = 512;
/** How long a thread may take to notice that its answer is no longer wanted. */
const STOP_GRACE_MS = 2000;

/** Inspects on threads of its own, so that whoever asks is never held up. */
export class InspectorPool {
  readonly #options: PoolOptions;
  readonly #size: number;
  readonly #cache: InspectionCache;
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Job>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#size = options.size ?? Math.max(1, availableParallelism() - 1);
    this.#cache = new InspectionCache(options.cacheSize ?? DEFAULT_CACHE);
  }

  /**
   * Never rejects for what a file holds or for a file that cannot be read: that is an answer.
   * @throws AbortError when the signal says so or the pool is closed
   */
  async inspect(path: string, request: InspectRequest): Promise<Inspection> {
    this.#refuseUnwanted(request);
    const known = await this.#cache.get(path, request.depth);
    if (known !== null) return known;
    this.#refuseUnwanted(request);
    const { promise, resolve, reject } = Promise.withResolvers<Inspection>();
    const job: Job = { path, request, stop: new SharedArrayBuffer(4), resolve, reject };
    const onAbort = (): void => this.#abort(job);
    request.signal?.addEventListener("abort", onAbort, { once: true });
    this.#waiting.push(job);
    this.#startNext();
    try {
      return await promise;
    } finally {
      request.signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Ends the threads; what was asked and not answered is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#waiting.splice(0), ...this.#busy.values()]) job.reject(aborted());
    const workers = [...this.#idle.splice(0), ...this.#busy.keys()];
    this.#busy.clear();
    const ended = Promise.all(workers.map((worker) => worker.terminate()));
    // As in `#abort`: one that hangs must not hold up whoever ends.
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, STOP_GRACE_MS);
    await Promise.race([ended, late.promise]);
    clearTimeout(timer);
  }

  #refuseUnwanted({ signal }: InspectRequest): void {
    if (signal?.aborted === true || this.#closed) throw aborted();
  }

  #abort(job: Job): void {
    Atomics.store(new Int32Array(job.stop), 0, 1);
    const place = this.#waiting.indexOf(job);
    if (place !== -1) this.#waiting.splice(place, 1);
    job.reject(aborted());
    // A thread that hangs in a read (a disk that is gone) never looks at the word: it is given up, and replaced.
    const giveUp = setTimeout(() => this.#giveUp(job), STOP_GRACE_MS);
    giveUp.unref();
  }

  #giveUp(job: Job): void {
    for (const [worker, busyWith] of this.#busy) {
      if (busyWith !== job) continue;
      this.#busy.delete(worker);
      worker.unref();
      void worker.terminate();
    }
    if (!this.#closed) this.#startNext();
  }

  #startNext(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#size ? this.#startWorker() : undefined);
      if (worker === undefined) return;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#busy.set(worker, job);
      // An idle pool must not keep a finished program alive.
      worker.ref();
      const { path, request, stop } = job;
      const message: InspectJob = { path, depth: request.depth, now: this.#options.now(), stop };
      worker.postMessage(message);
    }
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#options.workerUrl);
    worker.on("message", (message: WorkerMessage) => this.#heard(worker, message));
    worker.on("error", (error) => this.#lost(worker, error.message));
    worker.on("exit", () => this.#lost(worker, "its thread ended"));
    return worker;
  }

  #heard(worker: Worker, message: WorkerMessage): void {
    const job = this.#busy.get(worker);
    if (job === undefined) return;
    switch (message.t) {
      case "progress":
        job.request.onProgress?.({ done: message.done, total: message.total });
        return;
      case "done":
        if (message.complete) this.#cache.put(message.inspection, message.files);
        job.resolve(message.inspection);
        break;
      case "cancelled":
        job.reject(aborted());
        break;
    }
    this.#busy.delete(worker);
    this.#idle.push(worker);
    worker.unref();
    this.#startNext();
  }

  /** A thread that fails takes one answer with it, not the pool. */
  #lost(worker: Worker, why: string): void {
    const job = this.#busy.get(worker);
    this.#busy.delete(worker);
    const place = this.#idle.indexOf(worker);
    if (place !== -1) this.#idle.splice(place, 1);
    if (job === undefined) return;
    job.resolve(failed(job, why));
    if (!this.#closed) this.#startNext();
  }
}

function failed({ path, request }: Job, why: string): Inspection {
  const message = `${INSPECTION_PROBLEMS["inspection-failed"]} (${why.slice(0, 120)})`;
  return {
    path,
    kind: "unreadable",
    depth: request.depth,
    verdict: { class: "unknown", problems: [{ id: "inspection-failed", message }], notes: [] },
    notarized: "not-checked",
    slices: [],
    bundle: null,
    checked: [],
    notChecked: [{ check: "container", why: message }],
  };
}

function aborted(): Error {
  return new DOMException("The inspection was stopped.", "AbortError");
}
