import type { Inspection } from "#contract/inspection.ts";
import type { InspectRequest } from "#contract/inspection-port.ts";
import type { MonitorHost } from "./monitor-host.ts";

/** What the window is having inspected; it ends with the window. */
export class Inspections {
  readonly #monitor: Pick<MonitorHost, "request">;
  /** The newest request of each id. */
  readonly #running = new Map<string, InspectRequest>();

  constructor(monitor: Pick<MonitorHost, "request">) {
    this.#monitor = monitor;
  }

  /** @throws MonitorUnavailable when the monitor is not there or goes away; MonitorRefusal, also when it was ended */
  async inspect(request: InspectRequest): Promise<Inspection> {
    this.#running.set(request.id, request);
    try {
      return await this.#monitor.request("inspect", request);
    } finally {
      if (this.#running.get(request.id) === request) this.#running.delete(request.id);
    }
  }

  /** A monitor that is gone has ended it. */
  async cancel(id: string): Promise<void> {
    if (!this.#running.has(id)) return;
    await this.#monitor.request("cancelInspection", { id }).catch(() => undefined);
  }

  cancelAll(): void {
    for (const id of this.#running.keys()) void this.cancel(id);
  }
}
