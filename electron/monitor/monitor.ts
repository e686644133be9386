import { systemClock } from "#core/base/clock.ts";
import { stderrLogger } from "#core/base/logger.ts";
import { createMonitorService } from "#core/pipeline/monitor-service.ts";
import { runMonitor } from "./run-monitor.ts";
import { whenParentIsGone } from "./parent.ts";

const LAST_WORDS_MS = 50;
const log = stderrLogger("sealbar-monitor");
const port = process.parentPort;

const monitor = runMonitor({
  createService: (start, post) => createMonitorService({ start, post, clock: systemClock, logger: log }),
  post: (message) => port.postMessage(message),
  exit: (code) => process.exit(code),
  // A process that ends at once may take its last message with it (UNVERIFIED for a utility process: it is not promised).
  afterLastWords: (run) => void setTimeout(run, LAST_WORDS_MS),
  log,
});
port.on("message", (event) => monitor.receive(event.data));
whenParentIsGone(() => void monitor.end());
