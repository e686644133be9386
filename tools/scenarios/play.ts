import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "#contract/finding.ts";
import { type Severity, severityRank } from "#contract/severity.ts";
import type { Micros } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import { parseTime } from "#core/base/time.ts";
import { ToldNotices } from "#core/cli/told-notices.ts";
import { Monitor } from "#core/pipeline/monitor.ts";
import { loadRuleFolders, OUR_RULES } from "#core/pipeline/rules-folder.ts";
import { sqliteStore } from "#core/pipeline/sqlite-store.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { eachFinding } from "#core/store/findings.ts";
import { IN_MEMORY, openStore } from "#core/store/open.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { ROOT } from "../test/step.ts";

/** What a capture led to. */
export interface Played {
  findings: Finding[];
  told: ToldNotices;
  /** For each behaviour, how long after the story's first record its finding was complete, in event time. */
  delays: ReadonlyMap<string, Completed>;
}

interface Completed {
  severity: Severity;
  delay: Micros;
}

const FOLDER = join(ROOT, "e2e/scenarios");
const library = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);

/** Plays a checked-in capture through all stages, one record a commit. @returns null when there is no such capture */
export function play(name: string): Played | null {
  const path = join(FOLDER, `${name}.sealcap.jsonl`);
  return existsSync(path) ? playText(name, readFileSync(path)) : null;
}

/** The same, of the text of a capture. */
export function playText(name: string, text: Uint8Array): Played {
  const store = openStore(IN_MEMORY, { clock: { now: () => 0 }, logger: silentLogger });
  const told = new ToldNotices();
  const delays = new Map<string, Completed>();
  try {
    const monitor = new Monitor({
      store: sqliteStore(store.db),
      library,
      settings: DEFAULT_MONITOR_SETTINGS,
      logger: silentLogger,
      onCommit: (committed) => {
        told.add(committed);
        for (const { behaviours, firstSeen, severity } of committed.findings) {
          const delay = monitor.clock.now() - (parseTime(firstSeen) ?? 0);
          for (const id of behaviours) if (isWorse(severity, delays.get(id))) delays.set(id, { severity, delay });
        }
      },
    });
    for (const record of recordsOf(name, text)) {
      monitor.accept(record);
      monitor.flush();
    }
    monitor.finish();
    monitor.flush();
    return { findings: [...eachFinding(store.db)], told, delays };
  } finally {
    store.close();
  }
}

/** A finding is complete once it is as severe as it becomes. */
function isWorse(severity: Severity, before: Completed | undefined): boolean {
  return before === undefined || severityRank(severity) > severityRank(before.severity);
}

function recordsOf(name: string, text: Uint8Array): SessionRecord[] {
  const splitter = new LineSplitter();
  const reader = new SessionReader({ name });
  const lines = [...splitter.push(text), ...splitter.end()];
  return [...lines.flatMap((line) => reader.read(line)), ...reader.end()];
}
