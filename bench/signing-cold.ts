import { systemClock } from "#core/base/clock.ts";
import { inspectPath } from "#core/signing/inspect.ts";

const [path = ""] = process.argv.slice(2);
const started = performance.now();
inspectPath(path, { depth: "header", now: systemClock.now() });
process.stdout.write(String(performance.now() - started));
