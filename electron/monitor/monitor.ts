import { systemClock } from "#core/base/clock.ts";
import { stderrLogger } from "#core/base/logger.ts";
import { createMonitorService } from "#core/pipeline/monitor-service.ts";
import { runMonitor } from "./run-monitor.ts";
import { whenParentIsGone } from "./parent.ts";

const log = stderrLogger("sealbar-monitor");
const port = process.parentPort;

const monitor = runMonitor({
  createService: (start, post) => createMonitorService({ start, post, clock: systemClock, logger: log }),
  post: (message) => port.postMessage(message),
  exit: (code) => process.exit(code),
  log,
});
port.on("message", (event) => monitor.receive(event.data));
whenParentIsGone(() => void monitor.end());
