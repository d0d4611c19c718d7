/** Generated from the declarations; never edited once released. */
export const statements: readonly string[] = [
  "CREATE TABLE \"rollup\" (\n\t\"workspace_id\" text COLLATE \"C\" NOT NULL,\n\t\"month\" text COLLATE \"C\" NOT NULL,\n\t\"names\" text COLLATE \"C\" NOT NULL,\n\t\"groups\" \"bytea\" NOT NULL,\n\t\"counterparties\" text COLLATE \"C\" NOT NULL,\n\t\"entries\" \"bytea\" NOT NULL,\n\tCONSTRAINT \"rollup_pkey\" PRIMARY KEY(\"workspace_id\",\"month\")\n);",
  "CREATE TABLE \"rollup_stale\" (\n\t\"workspace_id\" text COLLATE \"C\" NOT NULL,\n\t\"what\" text COLLATE \"C\" NOT NULL,\n\tCONSTRAINT \"rollup_stale_pkey\" PRIMARY KEY(\"workspace_id\",\"what\")\n);",
];
