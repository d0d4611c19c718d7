/** Generated from the declarations, with a default for rows that are there; never edited once released. */
export const statements: readonly string[] = [
  "ALTER TABLE \"category\" ADD COLUMN \"merged_into_id\" text COLLATE \"C\";",
  "ALTER TABLE \"category\" ADD COLUMN \"activity\" text COLLATE \"C\" DEFAULT 'operating' NOT NULL;",
  "CREATE INDEX \"transaction_workspace_id_parent_id_idx\" ON \"transaction\" USING btree (\"workspace_id\",\"parent_id\") WHERE \"parent_id\" is not null;",
];
