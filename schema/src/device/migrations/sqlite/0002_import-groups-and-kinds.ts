/** Generated from the declarations, with defaults for rows that are there; never edited once released. */
export const statements: readonly string[] = [
  "ALTER TABLE `import` ADD `rows_there` integer DEFAULT 0 NOT NULL;",
  "ALTER TABLE `import` ADD `rows_left_out` integer DEFAULT 0 NOT NULL;",
  "ALTER TABLE `import` ADD `first_on` text;",
  "ALTER TABLE `import` ADD `last_on` text;",
  "ALTER TABLE `import` ADD `statements` text DEFAULT '[]' NOT NULL;",
  "ALTER TABLE `import` ADD `compared_with` text DEFAULT '[]' NOT NULL;",
  "ALTER TABLE `transaction` ADD `bank_id` text;",
  "ALTER TABLE `transaction` ADD `counterparty_account` text;",
  "ALTER TABLE `transaction` ADD `counterparty_tax_id` text;",
  "ALTER TABLE `transaction` ADD `kind` text DEFAULT 'ordinary' NOT NULL;",
  "ALTER TABLE `transaction` ADD `kind_source` text DEFAULT 'file' NOT NULL;",
  "ALTER TABLE `transaction` ADD `transfer_id` text;",
  "ALTER TABLE `transaction` ADD `vat_minor` integer;",
  "ALTER TABLE `transaction` ADD `is_distinct` integer DEFAULT false NOT NULL;",
];
