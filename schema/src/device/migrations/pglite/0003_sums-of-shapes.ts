/** Generated from the declarations; never edited once released. */
export const statements: readonly string[] = [
  "CREATE TABLE \"sync_sum\" (\n\t\"name\" text COLLATE \"C\" NOT NULL,\n\t\"rows\" bigint,\n\t\"sum\" text COLLATE \"C\",\n\t\"through\" text COLLATE \"C\",\n\t\"read_rows\" bigint NOT NULL,\n\t\"read_sum\" text COLLATE \"C\" NOT NULL,\n\t\"read_at\" text COLLATE \"C\",\n\t\"same_lsn\" text COLLATE \"C\",\n\t\"differed\" bigint NOT NULL,\n\tCONSTRAINT \"sync_sum_pkey\" PRIMARY KEY(\"name\")\n);",
];
