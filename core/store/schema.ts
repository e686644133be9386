import type Database from "better-sqlite3";
import { MIGRATIONS } from "./migrations/all.ts";

/** "Seal" in ASCII: tells our databases from other programs' (sqlite.org/fileformat2.html, application id). */
export const APPLICATION_ID = 0x5365616c;

export const SCHEMA_VERSION = MIGRATIONS.length;

export function schemaVersion(sqlite: Database.Database): number {
  return Number(sqlite.pragma("user_version", { simple: true }));
}

/** Brings the schema to `version`, each step in its own transaction: a kill leaves it at a whole version. */
export function migrate(sqlite: Database.Database, version: number = SCHEMA_VERSION): void {
  const steps = MIGRATIONS.slice(0, version);
  for (const [index, sql] of steps.entries()) {
    if (index < schemaVersion(sqlite)) continue;
    sqlite.transaction(() => {
      sqlite.exec(sql);
      sqlite.pragma(`application_id = ${APPLICATION_ID}`);
      sqlite.pragma(`user_version = ${index + 1}`);
    })();
  }
}
