/** Generated from the declarations; never edited once released. */
export const statements: readonly string[] = [
  "CREATE TABLE `sync_sum` (\n\t`name` text PRIMARY KEY NOT NULL,\n\t`rows` integer,\n\t`sum` text,\n\t`through` text,\n\t`read_rows` integer NOT NULL,\n\t`read_sum` text NOT NULL,\n\t`read_at` text,\n\t`same_lsn` text,\n\t`differed` integer NOT NULL\n);",
];
