/** Generated from the declarations; never edited once released. Rollups that are there are made anew. */
export const statements: readonly string[] = [
  "DELETE FROM \"rollup\";",
  "INSERT INTO \"rollup_stale\" (\"workspace_id\", \"what\") VALUES ('*', '*') ON CONFLICT DO NOTHING;",
  "ALTER TABLE \"rollup\" ADD COLUMN \"counterparty_sums\" \"bytea\" NOT NULL;",
];
