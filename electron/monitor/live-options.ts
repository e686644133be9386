import { summarise } from "#contract/inspection-summary.ts";
import type { MonitorStart } from "#contract/monitor-port.ts";
import { systemClock } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { createNativeHelper } from "#core/helper/native-helper.ts";
import type { MonitorServiceOptions } from "#core/pipeline/monitor-service.ts";
import { systemTimers } from "#core/pipeline/timers.ts";
import { inspectFile } from "#core/signing/inspect.ts";
import type { InspectorPool } from "#core/signing/pool.ts";

type LiveOptions = Pick<MonitorServiceOptions, "helper" | "summariseFile" | "own" | "onFault">;

/**
 * What the monitor needs to watch this Mac; nothing where it is not to be watched. The platform is asked here too: a main
 * process that takes itself for a Mac's must not start a program of another system.
 */
export function liveOptions(
  { helper }: MonitorStart,
  inspector: InspectorPool,
  logger: Logger,
  onFault: (error: unknown) => void,
): LiveOptions {
  if (helper === undefined || helper === null || process.platform !== "darwin") return {};
  return {
    helper: createNativeHelper({
      binary: helper,
      client: "sealbar-app",
      clock: systemClock,
      timers: systemTimers,
      logger,
    }),
    summariseFile: async (path) => summarise(await inspector.inspect(path, { depth: "full" })),
    own: ownTools(helper),
    onFault,
  };
}

/** By the helper's own hashes. A team alone would hide whatever else that team signs. */
function ownTools(helper: string): { cdhashes: readonly string[]; teamId: null } {
  const { slices } = inspectFile(helper, { depth: "header", now: systemClock.now() });
  return { cdhashes: slices.flatMap(({ cdhash }) => (cdhash === null ? [] : [cdhash])), teamId: null };
}
