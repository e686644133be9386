import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { readCapture } from "#core/wire/capture-file.ts";
import { type Line, LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import type { Monitor } from "./monitor.ts";
import { Pacer } from "./pacer.ts";
import type { Timers } from "./timers.ts";

/** How long a full disk is left alone before it is tried again, in milliseconds. */
const FULL_DISK_RETRY_MS = 1000;

export interface ReplayOptions {
  /** How many times faster than life; null: as fast as it goes. */
  speed: number | null;
  timers: Timers;
  /** Bytes read so far of all files, decompressed files counted by what came out of them. */
  onProgress?: (bytes: number) => void;
  /** Asked between chunks: true ends the replay early, with everything taken so far committed. */
  stopped?: () => boolean;
  onDiskFull?: (message: string) => void;
}

export interface Replayed {
  /** The helper sessions that the files told of, in order. */
  sessions: string[];
  stopped: boolean;
}

/**
 * Gives the captures to the monitor in order, as one machine's life.
 * @throws CaptureError when a file cannot be read
 */
export async function replayCaptures(
  monitor: Monitor,
  paths: readonly string[],
  options: ReplayOptions,
): Promise<Replayed> {
  const sessions = new Set<string>();
  const pacer = new Pacer(options.timers, options.speed);
  let bytes = 0;
  for (const path of paths) {
    const splitter = new LineSplitter();
    const reader = new SessionReader({ name: basename(path) });
    const feed = async (records: Iterable<SessionRecord>) => {
      for (const record of records) {
        sessions.add(record.id.session);
        // Nearly every record is taken at once; waiting for each nevertheless would cost as much as reading it.
        const waiting = feedOne(monitor, record, pacer, options);
        if (waiting !== null) await waiting;
      }
    };
    for await (const chunk of readCapture(path)) {
      await feed(recordsOf(splitter.push(chunk), reader));
      bytes += chunk.length;
      options.onProgress?.(bytes);
      if (options.stopped?.() === true) {
        await commitAll(monitor, pacer, options);
        return { sessions: [...sessions], stopped: true };
      }
    }
    await feed(recordsOf(splitter.end(), reader));
    await feed(reader.end());
  }
  monitor.finish();
  await commitAll(monitor, pacer, options);
  return { sessions: [...sessions], stopped: false };
}

function* recordsOf(lines: readonly Line[], reader: SessionReader): Generator<SessionRecord, void, undefined> {
  for (const line of lines) yield* reader.read(line);
}

/** Null when the record is taken already. */
function feedOne(monitor: Monitor, record: SessionRecord, pacer: Pacer, options: ReplayOptions): Promise<void> | null {
  const wait = pacer.paces && !monitor.knows(record) ? pacer.owed(record.at) : 0;
  if (wait > 0) return feedAfter(wait, monitor, record, pacer, options);
  monitor.accept(record);
  return monitor.paused ? commitAll(monitor, pacer, options) : null;
}

async function feedAfter(
  wait: number,
  monitor: Monitor,
  record: SessionRecord,
  pacer: Pacer,
  options: ReplayOptions,
): Promise<void> {
  monitor.flush();
  await pacer.wait(wait);
  monitor.accept(record);
  if (monitor.paused) await commitAll(monitor, pacer, options);
}

/** A full disk holds the replay up; nothing is dropped. */
async function commitAll(monitor: Monitor, pacer: Pacer, options: ReplayOptions): Promise<void> {
  while (!monitor.flush()) {
    options.onDiskFull?.(monitor.trouble?.message ?? "");
    await pacer.wait(FULL_DISK_RETRY_MS);
  }
}

/** Bytes on disk of all files: what progress is measured against for plain captures. */
export async function totalBytes(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
