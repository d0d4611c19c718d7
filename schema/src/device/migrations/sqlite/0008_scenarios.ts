/** Generated from the declarations; never edited once released. */
export const statements: readonly string[] = [
  "CREATE TABLE `scenario` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`workspace_id` text NOT NULL,\n\t`name` text NOT NULL,\n\t`currency` text NOT NULL,\n\t`changes` text NOT NULL,\n\t`created_at` text NOT NULL\n);",
];
