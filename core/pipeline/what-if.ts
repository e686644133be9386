import { Frame } from "#contract/frames.ts";
import type { Logger } from "#core/base/logger.ts";
import { parseTime } from "#core/base/time.ts";
import type { MonitorSettings } from "#core/settings/monitor-settings.ts";
import type { ReadDb } from "#core/store/handle.ts";
import { type StoredRecord, storedRecords } from "#core/store/stored-records.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { Monitor, type MonitorOptions } from "./monitor.ts";
import type { LoadedRules } from "./rules-folder.ts";

/** As large as a frame may be. */
const MAX_RAW = 16 * 1024 * 1024;

export interface WhatIfOptions {
  /** The days that are stored; they are only read. */
  stored: ReadDb;
  /** Where what would have fired is put: a database of its own. */
  store: MonitorOptions["store"];
  library: LoadedRules;
  settings: MonitorSettings;
  logger: Logger;
  onProgress?: (records: number) => void;
}

export interface WhatIf {
  records: number;
  /** Records that could not be given again; what they would have led to is not known. */
  unread: number;
}

/**
 * Gives the stored records to the rules once more, as they came. What Sealbar derived from records it derives again;
 * records that retention has removed are missing, so a finding that stands on them is not found.
 */
export function replayStored({ stored, store, library, settings, logger, onProgress }: WhatIfOptions): WhatIf {
  const monitor = new Monitor({ store, library, settings, logger });
  const done: WhatIf = { records: 0, unread: 0 };
  for (const record of storedRecords(stored, MAX_RAW)) {
    done.records += 1;
    if (done.records % 1000 === 0) onProgress?.(done.records);
    if (record.kind === "posture_change") continue;
    const again = asSessionRecord(record);
    if (again === null) done.unread += 1;
    else monitor.accept(again);
  }
  monitor.finish();
  monitor.flush();
  return done;
}

/** Null for what was derived from other records, or cannot be read any more. */
function asSessionRecord({ id, time, raw }: StoredRecord): SessionRecord | null {
  if (raw === "") return null;
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    return null;
  }
  const parsed = Frame.safeParse(json);
  if (!parsed.success) return null;
  const frame = parsed.data;
  const at = "at" in frame && typeof frame.at === "string" ? (parseTime(frame.at) ?? time) : time;
  if (frame.t !== "gap") return { kind: "frame", id, at, raw, frame };
  const { src, from, to, count, why } = frame;
  return {
    kind: "gap",
    id,
    at,
    raw,
    source: src,
    from: from ?? null,
    to: to ?? null,
    count: count ?? null,
    why,
    derived: false,
  };
}
