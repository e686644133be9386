import { systemClock } from "#core/base/clock.ts";
import { stderrLogger } from "#core/base/logger.ts";
import { createMonitorService } from "#core/pipeline/monitor-service.ts";
import { InspectorPool } from "#core/signing/pool.ts";
import type { PortMessage } from "#contract/monitor-port.ts";
import { accountName } from "./account.ts";
import { Inspections } from "./inspections.ts";
import { liveOptions } from "./live-options.ts";
import { runMonitor } from "./run-monitor.ts";
import { whenParentIsGone } from "./parent.ts";

const LAST_WORDS_MS = 50;
const log = stderrLogger("sealbar-monitor");
const port = process.parentPort;
const post = (message: PortMessage) => port.postMessage(message);
/** Built beside this file. */
const INSPECT_WORKER = new URL("./inspect-worker.js", import.meta.url);

const inspector = new InspectorPool({ workerUrl: INSPECT_WORKER, now: () => systemClock.now() });

const monitor = runMonitor({
  createService: (start, post, onFault) =>
    createMonitorService({
      start,
      post,
      clock: systemClock,
      logger: log,
      account: accountName(),
      ...liveOptions(start, inspector, log, onFault),
    }),
  inspections: new Inspections({ inspector, post, log }),
  post,
  exit: (code) => process.exit(code),
  // A process that ends at once may take its last message with it (UNVERIFIED for a utility process: it is not promised).
  afterLastWords: (run) => void setTimeout(run, LAST_WORDS_MS),
  log,
});
port.on("message", (event) => monitor.receive(event.data));
whenParentIsGone(() => void monitor.end());
