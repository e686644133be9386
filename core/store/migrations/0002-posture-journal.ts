/**
 * The posture journal: append-only, which the triggers hold us to, and never pruned. `hash` takes in the line before
 * (journal.ts); `at` is microseconds.
 */
export const POSTURE_JOURNAL = `
CREATE TABLE posture_journal (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, about TEXT, before TEXT, after TEXT,
  words TEXT NOT NULL, evidence TEXT NOT NULL, boot_uuid TEXT, hash TEXT NOT NULL
) STRICT;
CREATE INDEX posture_journal_about ON posture_journal (about, seq);
CREATE TRIGGER posture_journal_keeps BEFORE DELETE ON posture_journal
BEGIN SELECT RAISE(ABORT, 'the posture journal is append-only'); END;
CREATE TRIGGER posture_journal_stays BEFORE UPDATE ON posture_journal
BEGIN SELECT RAISE(ABORT, 'the posture journal is append-only'); END;
`;
