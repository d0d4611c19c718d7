/** Generated from the declarations, with a default for rows that are there; never edited once released. */
export const statements: readonly string[] = [
  "ALTER TABLE `category` ADD `merged_into_id` text;",
  "ALTER TABLE `category` ADD `activity` text DEFAULT 'operating' NOT NULL;",
  "CREATE INDEX `transaction_parent_id_idx` ON `transaction` (`parent_id`) WHERE \"parent_id\" is not null;",
];
