/** Generated from the declarations, with defaults for rows that are there; never edited once released. */
export const statements: readonly string[] = [
  "ALTER TABLE \"workspace\" ADD COLUMN \"ai_names\" boolean DEFAULT false NOT NULL;",
];
