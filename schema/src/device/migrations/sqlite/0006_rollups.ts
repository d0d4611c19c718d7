/** Generated from the declarations; never edited once released. */
export const statements: readonly string[] = [
  "CREATE TABLE `rollup` (\n\t`workspace_id` text NOT NULL,\n\t`month` text NOT NULL,\n\t`names` text NOT NULL,\n\t`groups` blob NOT NULL,\n\t`counterparties` text NOT NULL,\n\t`entries` blob NOT NULL,\n\tPRIMARY KEY(`workspace_id`, `month`)\n);",
  "CREATE TABLE `rollup_stale` (\n\t`workspace_id` text NOT NULL,\n\t`what` text NOT NULL,\n\tPRIMARY KEY(`workspace_id`, `what`)\n);",
];
