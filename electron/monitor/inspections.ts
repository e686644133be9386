import type { Logger } from "#core/base/logger.ts";
import type { Inspection, InspectionDepth } from "#contract/inspection.ts";
import { type InspectionProgress, inspectionVerbs, type InspectRequest } from "#contract/inspection-port.ts";
import { type PortMessage, PortRequest } from "#contract/monitor-port.ts";

/** The part of core/signing's pool that is used. */
interface Inspector {
  /** Rejects only when it is stopped. */
  inspect(
    path: string,
    options: {
      depth: InspectionDepth;
      signal?: AbortSignal;
      onProgress?: (progress: Omit<InspectionProgress, "id">) => void;
    },
  ): Promise<Inspection>;
  close(): Promise<void>;
}

export interface InspectionsDeps {
  inspector: Inspector;
  post: (message: PortMessage) => void;
  log: Logger;
}

/** More at once than a window can show; whoever asks for more asks for something else. */
const AT_ONCE = 16;

const MALFORMED = "The request is not of the form that the inspector takes.";
const TOO_MANY = "Too many files are being inspected at once. Stop one of them, or wait.";
const STOPPED = "The inspection was stopped.";
const FAILED = "The inspection itself failed. That says nothing about the file.";

/** Inspects files for the main process, beside the monitor and without its database. */
export class Inspections {
  readonly #deps: InspectionsDeps;
  readonly #running = new Map<string, AbortController>();

  constructor(deps: InspectionsDeps) {
    this.#deps = deps;
  }

  /** @returns false when the message is not for the inspector; nothing has then happened */
  take(message: unknown): boolean {
    const request = PortRequest.safeParse(message).data;
    if (request === undefined || !Object.hasOwn(inspectionVerbs, request.verb)) return false;
    const { id, verb, payload } = request;
    if (verb === "inspect") void this.#inspect(id, payload);
    else this.#cancel(id, payload);
    return true;
  }

  /** Ends what runs, and the inspector. */
  async close(): Promise<void> {
    for (const running of this.#running.values()) running.abort();
    await this.#deps.inspector.close();
  }

  async #inspect(answerTo: number, payload: unknown): Promise<void> {
    const request = inspectionVerbs.inspect.request.safeParse(payload);
    if (!request.success) return this.#refuse(answerTo, MALFORMED);
    const { id } = request.data;
    this.#running.get(id)?.abort();
    if (this.#running.size >= AT_ONCE && !this.#running.has(id)) return this.#refuse(answerTo, TOO_MANY);
    const running = new AbortController();
    this.#running.set(id, running);
    try {
      const value = await this.#read(request.data, running.signal);
      this.#deps.post({ t: "answer", id: answerTo, ok: true, value });
    } catch (error) {
      if (!running.signal.aborted) this.#deps.log.error(`an inspection failed: ${String(error)}`);
      this.#refuse(answerTo, running.signal.aborted ? STOPPED : FAILED);
    } finally {
      if (this.#running.get(id) === running) this.#running.delete(id);
    }
  }

  #read({ path, depth, id }: InspectRequest, signal: AbortSignal): Promise<Inspection> {
    const onProgress = ({ done, total }: Omit<InspectionProgress, "id">) => {
      if (!signal.aborted) this.#deps.post({ t: "inspection-progress", progress: { id, done, total } });
    };
    return this.#deps.inspector.inspect(path, { depth, signal, onProgress });
  }

  #cancel(answerTo: number, payload: unknown): void {
    const request = inspectionVerbs.cancelInspection.request.safeParse(payload);
    if (!request.success) return this.#refuse(answerTo, MALFORMED);
    this.#running.get(request.data.id)?.abort();
    this.#deps.post({ t: "answer", id: answerTo, ok: true, value: null });
  }

  #refuse(id: number, message: string): void {
    this.#deps.post({ t: "refusal", id, message });
  }
}
