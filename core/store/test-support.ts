import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import { formatTime } from "#core/base/time.ts";
import { IN_MEMORY, openStore, type StoreOptions } from "./open.ts";
import type { Batch, EventRecord, FindingRecord } from "./records.ts";

/** For this room's tests only. Everything here is constructed. */
export const START = 1_790_000_000_000_000;
export const SESSION = "session-a";

export const options: StoreOptions = { clock: new ManualClock(START), logger: silentLogger };

export const memoryStore = () => openStore(IN_MEMORY, options);

export function record(n: number, changes: Partial<EventRecord> = {}): EventRecord {
  const path = `/Applications/Invoice Viewer ${n % 7}.app/Contents/MacOS/viewer`;
  return {
    id: { session: SESSION, src: "es", n },
    time: START + n * 1_000_000,
    origin: "es",
    kind: "exec",
    title: "Ran Invoice Viewer",
    detail: `${path} --open /Users/ana/invoice-${n}.pdf`,
    path,
    actor: "/sbin/launchd",
    signingId: "com.example.invoice",
    teamId: "7QXW3N5R2K",
    cdhash: "ab".repeat(20),
    trust: "developer-id",
    facts: [{ label: "Path", value: path, code: true }],
    raw: JSON.stringify({ n, filler: "x".repeat(n % 50) }),
    ...changes,
  };
}

export function batch(changes: Partial<Batch>): Batch {
  return { records: [], findings: [], state: [], counters: [], journal: [], ...changes };
}

export function finding(key: string, ns: readonly number[], changes: Partial<FindingRecord> = {}): FindingRecord {
  return {
    key,
    rule: "rule-one",
    behaviours: ["G1"],
    analytics: ["AN0644"],
    techniques: ["T1553.001"],
    severity: "medium",
    title: "Quarantine was removed",
    clauses: [{ kind: "verdict", text: "It ran without its quarantine.", evidence: [0] }],
    subject: { path: "/x", cdhash: null, teamId: null, signingId: null },
    firstSeen: formatTime(START),
    lastSeen: formatTime(START + Math.max(0, ...ns) * 1_000_000),
    count: 1,
    evidence: ns.map((n) => ({
      id: { session: SESSION, src: "es", n },
      at: formatTime(START + n * 1_000_000),
      role: "execution",
      summary: `record ${n}`,
    })),
    state: "open",
    ...changes,
  };
}

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** A folder of one test; `remove` it afterwards. */
export interface Scratch {
  path: (name: string) => string;
  drop: (name: string) => void;
  remove: () => void;
}

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "sealbar-store-"));
  const path = (name: string) => join(folder, name);
  return {
    path,
    drop: (name) => rmSync(path(name)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
