/** Generated from the declarations, with defaults for rows that are there; never edited once released. */
export const statements: readonly string[] = [
  "CREATE SCHEMA \"compute\";",
  "CREATE TABLE \"compute\".\"ai_answer\" (\n\t\"workspace_id\" text NOT NULL,\n\t\"question_sha256\" text NOT NULL,\n\t\"answer\" jsonb NOT NULL,\n\t\"created_at\" timestamp with time zone NOT NULL,\n\tCONSTRAINT \"ai_answer_workspace_id_question_sha256_pk\" PRIMARY KEY(\"workspace_id\",\"question_sha256\")\n);",
  "CREATE TABLE \"compute\".\"ai_usage\" (\n\t\"id\" text PRIMARY KEY NOT NULL,\n\t\"workspace_id\" text NOT NULL,\n\t\"job_id\" text,\n\t\"month\" text NOT NULL,\n\t\"provider\" text NOT NULL,\n\t\"model\" text NOT NULL,\n\t\"purpose\" text NOT NULL,\n\t\"outcome\" text,\n\t\"input_tokens\" integer NOT NULL,\n\t\"output_tokens\" integer NOT NULL,\n\t\"cost_micros\" bigint NOT NULL,\n\t\"created_at\" timestamp with time zone NOT NULL\n);",
  "ALTER TABLE \"workspace\" ADD COLUMN \"ai_names\" boolean DEFAULT false NOT NULL;",
  "CREATE INDEX \"ai_answer_created_at_idx\" ON \"compute\".\"ai_answer\" USING btree (\"created_at\");",
  "CREATE INDEX \"ai_usage_workspace_month_idx\" ON \"compute\".\"ai_usage\" USING btree (\"workspace_id\",\"month\");",
  "CREATE INDEX \"ai_usage_job_id_idx\" ON \"compute\".\"ai_usage\" USING btree (\"job_id\");",
];
