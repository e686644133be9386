import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { JournalRecord } from "#core/base/journal-record.ts";
import { silentLogger } from "#core/base/logger.ts";
import { appendJournal, journalHead } from "./journal.ts";
import { journalToAnchor } from "./journal-to-anchor.ts";
import { IN_MEMORY, openReadOnly, openStore } from "./open.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const line = (words: string): JournalRecord => ({
  at: 1,
  kind: "fact",
  about: null,
  before: null,
  after: null,
  words,
  evidence: "",
  bootUuid: null,
});

function open() {
  const folder = mkdtempSync(join(tmpdir(), "sealbar-to-anchor-"));
  folders.push(folder);
  const path = join(folder, "sealbar.db");
  const store = openStore(path, { clock: { now: () => 0 }, logger: silentLogger });
  return { path, store, journal: journalToAnchor(store.db) };
}

it("names a journal by its first line, and knows each line's hash", () => {
  const { store, journal } = open();
  expect([journal.name(), journal.head(), journal.hashAt(1), journal.settle()]).toEqual([null, null, null, true]);
  appendJournal(store.db, [line("one"), line("two")]);
  const head = journalHead(store.db);
  expect(journal.head()).toEqual(head);
  expect([journal.hashAt(2), journal.hashAt(3)]).toEqual([head?.hash, null]);
  expect(journal.name()).toBe(journal.hashAt(1));
  expect(journal.name()).toMatch(/^[0-9a-f]{64}$/);
  const name = journal.name();
  appendJournal(store.db, [line("three")]);
  expect(journal.name()).toBe(name);
  store.close();
});

it("says that what was committed is on the disk only when all of it is", () => {
  const { path, store, journal } = open();
  appendJournal(store.db, [line("one")]);
  const reader = openReadOnly(path);
  // A reader that holds the beginning keeps the later part in the log.
  reader.db.sqlite.exec("BEGIN");
  reader.db.sqlite.prepare("SELECT count(*) FROM posture_journal").get();
  appendJournal(store.db, [line("two")]);
  expect(journal.settle()).toBe(false);
  reader.db.sqlite.exec("COMMIT");
  reader.close();
  expect(journal.settle()).toBe(true);
  expect(store.db.sqlite.pragma("checkpoint_fullfsync", { simple: true })).toBe(0);
  store.close();
});

it("has nothing to settle in memory", () => {
  const store = openStore(IN_MEMORY, { clock: { now: () => 0 }, logger: silentLogger });
  expect(journalToAnchor(store.db).settle()).toBe(true);
  store.close();
});
