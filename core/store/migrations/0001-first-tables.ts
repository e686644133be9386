/**
 * The first schema.
 * - `stream` is one source of one helper session; (stream, n) names a record for ever.
 * - `string` holds texts, each once an era (era.ts); `string_search` finds them by substring, folded by search-text.ts.
 * - `subject` is a distinct combination of what rarely changes from record to record; `mention` leads from a text to
 *   the subjects with it. String 0 stands for "none", so that combinations can be compared.
 * - `event` is therefore a row of integers. `chunk` holds the raw records and facts of the rows from `first_row` on.
 * - `pruned` are the ranges of n that retention removed, so that they are still known.
 */
export const FIRST_TABLES = `
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('next_row', 1), ('rows', 0), ('commits', 0), ('era_row', 1), ('era_string', 1), ('era_subject', 1);

CREATE TABLE stream (
  id INTEGER PRIMARY KEY, session TEXT NOT NULL, src TEXT NOT NULL, high INTEGER NOT NULL,
  UNIQUE (session, src)
) STRICT;

CREATE TABLE string (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE string_search USING fts5 (
  folded, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
);

CREATE TABLE subject (
  id INTEGER PRIMARY KEY,
  title INTEGER NOT NULL, path INTEGER NOT NULL, actor INTEGER NOT NULL, signing_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL, cdhash INTEGER NOT NULL, origin INTEGER NOT NULL, kind TEXT NOT NULL, trust TEXT
) STRICT;
CREATE TABLE mention (
  string INTEGER NOT NULL, subject INTEGER NOT NULL, PRIMARY KEY (string, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  row_id INTEGER PRIMARY KEY, time INTEGER NOT NULL, stream INTEGER NOT NULL, n INTEGER NOT NULL,
  origin INTEGER NOT NULL, subject INTEGER NOT NULL, detail INTEGER NOT NULL, severity INTEGER
) STRICT;
CREATE UNIQUE INDEX event_identity ON event (stream, n);
CREATE INDEX event_time ON event (time);
CREATE INDEX event_origin ON event (origin, time);
CREATE INDEX event_subject ON event (subject, time);
CREATE INDEX event_detail ON event (detail, time);
CREATE INDEX event_severity ON event (severity, time) WHERE severity IS NOT NULL;
CREATE TABLE origin_rows (origin INTEGER PRIMARY KEY, rows INTEGER NOT NULL) STRICT;

CREATE TABLE chunk (
  first_row INTEGER PRIMARY KEY, rows INTEGER NOT NULL, live INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;

CREATE TABLE pruned (
  stream INTEGER NOT NULL REFERENCES stream (id), first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (stream, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, rule TEXT NOT NULL, severity INTEGER NOT NULL,
  last_seen INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX finding_last_seen ON finding (last_seen);
CREATE TABLE finding_event (
  stream INTEGER NOT NULL REFERENCES stream (id), n INTEGER NOT NULL,
  finding INTEGER NOT NULL REFERENCES finding (id),
  PRIMARY KEY (stream, n, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_event_finding ON finding_event (finding);

CREATE TABLE state (
  room TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (room, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE counter (
  stream INTEGER NOT NULL REFERENCES stream (id), name TEXT NOT NULL, value INTEGER NOT NULL,
  PRIMARY KEY (stream, name)
) STRICT, WITHOUT ROWID;
`;
