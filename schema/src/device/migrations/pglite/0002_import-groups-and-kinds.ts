/** Generated from the declarations, with defaults for rows that are there; never edited once released. */
export const statements: readonly string[] = [
  "ALTER TABLE \"import\" ADD COLUMN \"rows_there\" bigint DEFAULT 0 NOT NULL;",
  "ALTER TABLE \"import\" ADD COLUMN \"rows_left_out\" bigint DEFAULT 0 NOT NULL;",
  "ALTER TABLE \"import\" ADD COLUMN \"first_on\" text COLLATE \"C\";",
  "ALTER TABLE \"import\" ADD COLUMN \"last_on\" text COLLATE \"C\";",
  "ALTER TABLE \"import\" ADD COLUMN \"statements\" text COLLATE \"C\" DEFAULT '[]' NOT NULL;",
  "ALTER TABLE \"import\" ADD COLUMN \"compared_with\" text COLLATE \"C\" DEFAULT '[]' NOT NULL;",
  "ALTER TABLE \"transaction\" ADD COLUMN \"bank_id\" text COLLATE \"C\";",
  "ALTER TABLE \"transaction\" ADD COLUMN \"counterparty_account\" text COLLATE \"C\";",
  "ALTER TABLE \"transaction\" ADD COLUMN \"counterparty_tax_id\" text COLLATE \"C\";",
  "ALTER TABLE \"transaction\" ADD COLUMN \"kind\" text COLLATE \"C\" DEFAULT 'ordinary' NOT NULL;",
  "ALTER TABLE \"transaction\" ADD COLUMN \"kind_source\" text COLLATE \"C\" DEFAULT 'file' NOT NULL;",
  "ALTER TABLE \"transaction\" ADD COLUMN \"transfer_id\" text COLLATE \"C\";",
  "ALTER TABLE \"transaction\" ADD COLUMN \"vat_minor\" bigint;",
  "ALTER TABLE \"transaction\" ADD COLUMN \"is_distinct\" boolean DEFAULT false NOT NULL;",
];
