import { homedir } from "node:os";
import { SOURCES, type SourceName } from "#contract/source.ts";
import type { Clock } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { systemDisk } from "./disk.ts";
import { createFsWatch } from "./fs-watch.ts";
import type { LiveHelper } from "#core/base/live-helper.ts";
import { STANDARD_SOURCES } from "./standard-helper.ts";
import { createHelper } from "./supervised-helper.ts";
import type { Timers } from "./timers.ts";
import { macBaselineFolders, macWatchRoots, VOLUMES } from "./watch-roots.ts";

export interface NativeHelperOptions {
  /** The helper's program, as an absolute path. */
  binary: string;
  /** Who we say we are, e.g. `sealbar 1.0.0`. */
  client: string;
  /** Of the standard tier; left out: all. The daemon decides for itself. */
  sources?: readonly SourceName[];
  clock: Clock;
  timers: Timers;
  logger: Logger;
}

/** Whoever collects from this Mac: the daemon where it is installed, else a helper of our own, and the file system watch. */
export function createNativeHelper(options: NativeHelperOptions): LiveHelper {
  const { binary, client, sources = SOURCES, clock, timers, logger } = options;
  const fs = {
    roots: () => macWatchRoots(homedir()),
    volumes: VOLUMES,
    baseline: macBaselineFolders(homedir()),
    disk: systemDisk,
  };
  return createHelper({
    binary,
    client,
    clock,
    timers,
    logger,
    sources: STANDARD_SOURCES.filter((source) => sources.includes(source)),
    fs: sources.includes("fs") ? createFsWatch({ ...fs, clock, timers }) : null,
  });
}
