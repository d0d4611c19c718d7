/** Generated from the declarations; never edited once released. */
export const statements: readonly string[] = [
  "CREATE TABLE \"relay\".\"dead_letter\" (\n\t\"job_id\" text NOT NULL,\n\t\"attempt\" integer NOT NULL,\n\t\"workspace_id\" text NOT NULL,\n\t\"kind\" text NOT NULL,\n\t\"code\" text NOT NULL,\n\t\"fault\" jsonb,\n\t\"failed_at\" timestamp with time zone DEFAULT now() NOT NULL,\n\t\"status\" text DEFAULT 'open' NOT NULL,\n\tCONSTRAINT \"dead_letter_workspace_id_job_id_attempt_pk\" PRIMARY KEY(\"workspace_id\",\"job_id\",\"attempt\")\n);",
  "ALTER TABLE \"relay\".\"job_outbox\" DROP CONSTRAINT \"job_outbox_job_id_attempt_pk\";",
  "ALTER TABLE \"relay\".\"job_outbox\" ADD CONSTRAINT \"job_outbox_workspace_id_job_id_attempt_pk\" PRIMARY KEY(\"workspace_id\",\"job_id\",\"attempt\");",
  "CREATE INDEX \"dead_letter_status_idx\" ON \"relay\".\"dead_letter\" USING btree (\"status\",\"failed_at\");",
  "CREATE INDEX \"job_outbox_waiting_idx\" ON \"relay\".\"job_outbox\" USING btree (\"workspace_id\",\"created_at\") WHERE \"relay\".\"job_outbox\".\"queued_at\" is null;",
];
