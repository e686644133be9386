import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commitBatch } from "./commit.ts";
import { contentLines } from "./content.ts";
import { StoreBusy, StoreError } from "./errors.ts";
import { IN_MEMORY, openReadOnly, openStore } from "./open.ts";
import { migrate, SCHEMA_VERSION, schemaVersion } from "./schema.ts";
import { batch, options, range, record, type Scratch, scratch } from "./test-support.ts";
import { timelinePage } from "./timeline.ts";

const ALL = { filter: { origins: [], minSeverity: null, text: "" }, before: null, limit: 200 };
const kindOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof StoreError ? error.kind : `not a StoreError: ${String(error)}`;
  }
  return "no error";
};

let folder: Scratch;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => folder.remove());

function filledDatabase(path: string, rows = 300) {
  const store = openStore(path, options);
  commitBatch(store.db, batch({ records: range(0, rows).map((n) => record(n)) }));
  const lines = [...contentLines(store.db)];
  store.close();
  return lines;
}

describe("migrations", () => {
  const schemaOf = (sqlite: Database.Database) =>
    sqlite.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").all();

  it("lead from every older version to the same schema as a fresh database", () => {
    const fresh = new Database(IN_MEMORY);
    migrate(fresh);
    for (const version of range(0, SCHEMA_VERSION + 1)) {
      const sqlite = new Database(IN_MEMORY);
      migrate(sqlite, version);
      expect(schemaVersion(sqlite)).toBe(version);
      migrate(sqlite);
      expect(schemaOf(sqlite)).toEqual(schemaOf(fresh));
    }
    expect(schemaVersion(fresh)).toBe(SCHEMA_VERSION);
  });

  it("make STRICT tables only", () => {
    const sqlite = new Database(IN_MEMORY);
    migrate(sqlite);
    const loose = sqlite
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0")
      .pluck()
      .all();
    expect(loose).toEqual(["sqlite_schema"]);
  });
});

describe("openStore", () => {
  it("keeps its content over a restart, private to its owner, and leaves no lock and no log", () => {
    const path = folder.path("deep/er/sealbar.db");
    const lines = filledDatabase(path);
    const again = openStore(path, options);
    expect([...contentLines(again.db)]).toEqual(lines);
    expect(again.setAside).toBeNull();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(again.db.sqlite.pragma("journal_mode", { simple: true })).toBe("wal");
    again.close();
    expect(readdirSync(folder.path("deep/er"))).toEqual(["sealbar.db"]);
  });

  const damages: [string, (path: string) => void][] = [
    ["is no database at all", (path) => writeFileSync(path, "these are words, not pages ".repeat(400))],
    ["has a damaged header", (path) => overwrite(path, 0, 32)],
    ["has a damaged schema page", (path) => overwrite(path, 100, 3000)],
    ["has damage in the middle", (path) => overwrite(path, 20_480, 40_000)],
    ["is cut off", (path) => writeFileSync(path, readFileSync(path).subarray(0, 30_000))],
  ];
  it.each(damages)("sets a database aside that %s, says so, and starts afresh", (_name, damage) => {
    const path = folder.path("sealbar.db");
    for (const n of [1, 2]) {
      filledDatabase(path);
      damage(path);
      const bytes = readFileSync(path);
      const store = openStore(path, options);
      expect(store.setAside).toMatch(
        new RegExp(`damaged; it was moved to .*\\.corrupt-${n} and a new one was started at`),
      );
      expect(readFileSync(`${path}.corrupt-${n}`)).toEqual(bytes);
      expect(timelinePage(store.db, ALL, 1).total).toBe(0);
      expect(commitBatch(store.db, batch({ records: [record(1)] })).inserted).toBe(1);
      store.close();
      for (const name of readdirSync(folder.path("."))) if (!name.includes("corrupt")) folder.drop(name);
    }
  });

  it("refuses a newer schema and another program's database, and changes neither", () => {
    const newer = folder.path("newer.db");
    filledDatabase(newer);
    const sqlite = new Database(newer);
    sqlite.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    sqlite.close();
    const foreign = folder.path("foreign.db");
    new Database(foreign).exec("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)").close();
    for (const [path, kind] of [
      [newer, "newer"],
      [foreign, "foreign"],
    ] as const) {
      const before = readFileSync(path);
      expect(kindOf(() => openStore(path, options))).toBe(kind);
      expect(existsSync(`${path}.lock`) || existsSync(`${path}-wal`)).toBe(false);
      expect(kindOf(() => openReadOnly(path))).toBe(kind);
      expect(readFileSync(path)).toEqual(before);
    }
  });

  it("refuses what cannot be a database", () => {
    mkdirSync(folder.path("folder"));
    writeFileSync(folder.path("file"), "");
    expect(kindOf(() => openStore(folder.path("folder"), options))).toBe("unavailable");
    expect(kindOf(() => openStore(folder.path("file/below"), options))).toBe("unavailable");
    expect(kindOf(() => openReadOnly(folder.path("missing.db")))).toBe("unavailable");
  });
});

describe("one writer a database", () => {
  it("tells a second writer who holds it, and lets it read", () => {
    const path = folder.path("sealbar.db");
    const first = openStore(path, options);
    expect(() => openStore(path, options)).toThrow(StoreBusy);
    expect(() => openStore(path, options)).toThrow(`is being written by process ${process.pid}.`);
    const reader = openReadOnly(path);
    commitBatch(first.db, batch({ records: [record(1)] }));
    expect(timelinePage(reader.db, ALL, 1).total).toBe(1);
    reader.close();
    first.close();
    const second = openStore(path, options);
    expect(timelinePage(second.db, ALL, 1).total).toBe(1);
    second.close();
    second.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("is freed when its process is killed", { timeout: 30_000 }, async () => {
    const path = folder.path("sealbar.db");
    const script = fileURLToPath(new URL("./crash-writer.ts", import.meta.url));
    const child = spawn(process.execPath, [script, path, "hold"], { stdio: ["ignore", "pipe", "inherit"] });
    const exit = once(child, "exit");
    await once(child.stdout, "data");
    expect(() => openStore(path, options)).toThrow(`is being written by process ${child.pid}.`);
    const reader = openReadOnly(path);
    expect(timelinePage(reader.db, ALL, 1).total).toBeGreaterThan(0);
    reader.close();
    child.kill("SIGKILL");
    await exit;
    expect(existsSync(`${path}.lock`)).toBe(true);
    const store = openStore(path, options);
    expect(store.setAside).toBeNull();
    store.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});

function overwrite(path: string, from: number, to: number) {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, from, to);
  writeFileSync(path, bytes);
}
