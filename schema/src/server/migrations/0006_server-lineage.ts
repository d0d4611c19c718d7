/** Generated from the declarations; never edited once released. */
export const statements: readonly string[] = [
  "ALTER TABLE \"relay\".\"server_generation\" ADD COLUMN \"lineage\" text;",
];
