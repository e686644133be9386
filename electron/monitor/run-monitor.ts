import type { Logger } from "#core/base/logger.ts";
import type { StoreErrorKind } from "#core/store/errors.ts";
import type { Inspections } from "./inspections.ts";
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
  createService: (
    start: MonitorStart,
    post: (message: PortMessage) => void,
    /** The service failed while nobody asked it anything. */
    onFault: (error: unknown) => void,
  ) => MonitorService;
  inspections: Pick<Inspections, "take" | "close">;
  post: (message: PortMessage) => void;
  exit: (code: number) => void;
  /** Runs when what was posted so far has left this process. */
  afterLastWords: (run: () => void) => void;
  log: Logger;
}

const SHUTDOWN: MonitorVerb = "shutdown";
const EXIT_FAILED = 70;
/** Trying again will not help (EX_CONFIG of sysexits.h). */
const EXIT_FOR_GOOD = 78;
/** Kinds of core/store's StoreError that stay as they are however often the monitor is started. */
const LASTING_KINDS: readonly unknown[] = ["newer", "foreign"] satisfies StoreErrorKind[];

/** The process's whole life: started by the first message, ended by `shutdown`, by its parent's end or by a fault. */
export function runMonitor(deps: RunMonitorDeps) {
  let service: MonitorService | null = null;
  let ending: Promise<void> | null = null;

  const end = () => {
    ending ??= Promise.all([service?.stop(), deps.inspections.close()]).then(() => deps.exit(0), fail);
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
      service = deps.createService(first.data.start, deps.post, fail);
    } catch (error) {
      if (!isLasting(error)) return fail(error);
      deps.log.error(error.message);
      deps.post({ t: "failed", message: error.message });
      ending = Promise.resolve();
      deps.afterLastWords(() => deps.exit(EXIT_FOR_GOOD));
    }
  };

  return {
    receive(message: unknown): void {
      if (ending !== null && service === null) return;
      if (service === null) return start(message);
      if (deps.inspections.take(message)) return;
      const isShutdown = PortRequest.safeParse(message).data?.verb === SHUTDOWN;
      service.handle(message).then(() => (isShutdown ? end() : undefined), fail);
    },
    end,
  };
}

/** By its kind, not its class: the error may come through other rooms that only pass it on. */
function isLasting(error: unknown): error is Error {
  return error instanceof Error && "kind" in error && LASTING_KINDS.includes(error.kind);
}
