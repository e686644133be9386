import Database from "better-sqlite3";

/** Everything a database holds, table by table, as text: two runs of the same input must give the same. */
export function dumpDatabase(path: string): string {
  const db = new Database(path, { readonly: true });
  try {
    const tables = db
      .prepare<[], { name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
      )
      .all()
      .map((table) => table.name)
      // A full-text index is derived, and its shadow tables depend on when it was merged.
      .filter((name) => !/_(data|idx|content|docsize|config)$/.test(name));
    return tables
      .map((name) => {
        const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`).all();
        const lines = rows.map((row) =>
          JSON.stringify(row, (_key, value: unknown) => (Buffer.isBuffer(value) ? value.toString("base64") : value)),
        );
        return `== ${name}\n${lines.sort().join("\n")}`;
      })
      .join("\n");
  } finally {
    db.close();
  }
}
