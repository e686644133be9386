import { createHash } from "node:crypto";
import {
  JOURNAL_KINDS,
  type JournalEntry,
  type JournalPage,
  type JournalQuery,
  type PostureChain,
} from "#contract/posture.ts";
import type { JournalRecord } from "#core/base/journal-record.ts";
import { formatTime } from "#core/base/time.ts";
import { guarded } from "./errors.ts";
import { allRows, firstRow, prepared, type ReadDb, run, type WriteDb } from "./handle.ts";
import { storable } from "./integer.ts";

interface Row {
  seq: number;
  at: number;
  kind: string;
  about: string | null;
  before: string | null;
  after: string | null;
  words: string;
  evidence: string;
  boot_uuid: string | null;
  hash: string;
}

/** With the hash of the line before; null where there is none. */
interface Linked extends Row {
  previous: string | null;
}

export interface JournalHead {
  seq: number;
  /** SHA-256, lower-case hex. */
  hash: string;
}

const ADD = `INSERT INTO posture_journal (seq, at, kind, about, before, after, words, evidence, boot_uuid, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const COLUMNS = "j.seq, j.at, j.kind, j.about, j.before, j.after, j.words, j.evidence, j.boot_uuid, j.hash";
const LINKED = `SELECT ${COLUMNS}, p.hash AS previous FROM posture_journal j LEFT JOIN posture_journal p ON p.seq = j.seq - 1`;
const NEWEST = "ORDER BY j.seq DESC LIMIT ?";
/** More lines than a Mac makes in many years; of a longer journal only the newest are checked. */
const CHECKED_LINES = 50_000;

/** Appends in order. Runs inside the caller's transaction. */
export function appendJournal(db: WriteDb, records: readonly JournalRecord[]): void {
  if (records.length === 0) return;
  let head = journalHead(db);
  for (const record of records) {
    const row = rowOf(record, (head?.seq ?? 0) + 1);
    const hash = hashOf(row, head?.hash ?? "");
    run(
      db,
      ADD,
      row.seq,
      row.at,
      row.kind,
      row.about,
      row.before,
      row.after,
      row.words,
      row.evidence,
      row.boot_uuid,
      hash,
    );
    head = { seq: row.seq, hash };
  }
}

/** The newest line, whose hash stands for all; null for an empty journal. */
export function journalHead(db: ReadDb): JournalHead | null {
  return firstRow<JournalHead>(db, "SELECT seq, hash FROM posture_journal ORDER BY seq DESC LIMIT 1");
}

/**
 * Newest first. What is returned is checked against the lines before it; `known` is what a check of the whole said.
 * @throws StoreError
 */
export function journalPage(
  db: ReadDb,
  { about, before, limit }: JournalQuery,
  known: PostureChain["state"] = "unchecked",
): JournalPage {
  return guarded(() => {
    const from = before ?? Number.MAX_SAFE_INTEGER;
    const rows =
      about === null
        ? allRows<Linked>(db, `${LINKED} WHERE j.seq < ? ${NEWEST}`, from, limit + 1)
        : allRows<Linked>(db, `${LINKED} WHERE j.about = ? AND j.seq < ? ${NEWEST}`, about, from, limit + 1);
    const page = rows.slice(0, limit);
    const broken = page.some(
      (row) => (row.previous === null && row.seq !== 1) || hashOf(row, row.previous ?? "") !== row.hash,
    );
    const head = journalHead(db);
    return {
      entries: page.map(entryOf),
      next: rows.length > limit ? (page.at(-1)?.seq ?? null) : null,
      chain: {
        entries: head?.seq ?? 0,
        head: head?.hash ?? null,
        state: broken ? "broken" : known,
        anchor: "none",
      },
    };
  });
}

/**
 * Follows the chain from its first line, or in a very long journal through the newest ones. Line by line, so it needs no
 * memory to speak of. It finds lines that were changed, added or taken out, but not a tail that was cut off: that takes
 * an anchor outside the database.
 * @returns `unchecked` when the journal is longer than what is checked, and that is in order
 */
export function verifyJournal(db: ReadDb, limit: number = CHECKED_LINES): PostureChain["state"] {
  return guarded(() => {
    const head = journalHead(db);
    if (head === null) return "intact";
    const from = Math.max(1, head.seq - limit + 1);
    let previous = "";
    if (from > 1) {
      const before = firstRow<{ hash: string }>(db, "SELECT hash FROM posture_journal WHERE seq = ?", from - 1);
      if (before === null) return "broken";
      previous = before.hash;
    }
    let next = from;
    const lines = prepared(db, `SELECT ${COLUMNS} FROM posture_journal j WHERE j.seq >= ? ORDER BY j.seq`).iterate(
      from,
    );
    for (const row of lines as IterableIterator<Row>) {
      if (row.seq !== next || hashOf(row, previous) !== row.hash) return "broken";
      previous = row.hash;
      next += 1;
    }
    return from === 1 ? "intact" : "unchecked";
  });
}

/** As SQLite gives it back: its texts are UTF-8 without an end mark inside. */
function rowOf(record: JournalRecord, seq: number): Omit<Row, "hash"> {
  return {
    seq,
    at: storable(record.at),
    kind: record.kind,
    about: storableText(record.about),
    before: storableText(record.before),
    after: storableText(record.after),
    words: storableText(record.words) ?? "",
    evidence: storableText(record.evidence) ?? "",
    boot_uuid: storableText(record.bootUuid),
  };
}

function storableText(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().replaceAll("\0", "\uFFFD");
}

/** Of the hash before and the line in a fixed order and form; the first line has the empty text before it. */
function hashOf(row: Omit<Row, "hash">, previous: string): string {
  const { seq, at, kind, about, before, after, words, evidence, boot_uuid } = row;
  const canonical = JSON.stringify([seq, at, kind, about, before, after, words, evidence, boot_uuid]);
  return createHash("sha256").update(`${previous}\n${canonical}`).digest("hex");
}

function entryOf({ boot_uuid: bootUuid, previous: _previous, at, kind, ...row }: Linked): JournalEntry {
  // Another kind is none of ours: the chain is broken there, and the line is still shown.
  return { ...row, kind: JOURNAL_KINDS.find((known) => known === kind) ?? "fact", at: formatTime(at), bootUuid };
}
