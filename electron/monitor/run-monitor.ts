import type { Logger } from "#core/base/logger.ts";
import {
  type MonitorStart,
  type MonitorVerb,
  type PortMessage,
  PortRequest,
  PortStart,
} from "#contract/monitor-port.ts";

/** The monitor as this process sees it: it parses and answers requests itself. */
export interface MonitorService {
  handle(message: unknown): Promise<void>;
  stop(): Promise<void>;
}

export interface RunMonitorDeps {
  createService: (start: MonitorStart, post: (message: PortMessage) => void) => MonitorService;
  post: (message: PortMessage) => void;
  exit: (code: number) => void;
  log: Logger;
}

const SHUTDOWN: MonitorVerb = "shutdown";
const EXIT_FAILED = 70;

/** The process's whole life: started by the first message, ended by `shutdown`, by its parent's end or by a fault. */
export function runMonitor(deps: RunMonitorDeps) {
  let service: MonitorService | null = null;
  let ending: Promise<void> | null = null;

  const end = () => {
    ending ??= (service?.stop() ?? Promise.resolve()).then(() => deps.exit(0), fail);
    return ending;
  };
  // A monitor in an unknown state must not go on writing: the host starts a new one, and the gap is recorded.
  const fail = (error: unknown) => {
    deps.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    deps.exit(EXIT_FAILED);
  };
  const start = (message: unknown) => {
    const first = PortStart.safeParse(message);
    if (!first.success) return fail(new Error("the first message is not a start"));
    try {
      service = deps.createService(first.data.start, deps.post);
    } catch (error) {
      fail(error);
    }
  };

  return {
    receive(message: unknown): void {
      if (service === null) return start(message);
      const isShutdown = PortRequest.safeParse(message).data?.verb === SHUTDOWN;
      service.handle(message).then(() => (isShutdown ? end() : undefined), fail);
    },
    end,
  };
}
