/** Generated from the declarations; never edited once released. */
export const statements: readonly string[] = [
  "CREATE TABLE \"scenario\" (\n\t\"id\" text COLLATE \"C\" NOT NULL,\n\t\"workspace_id\" text COLLATE \"C\" NOT NULL,\n\t\"name\" text COLLATE \"C\" NOT NULL,\n\t\"currency\" text COLLATE \"C\" NOT NULL,\n\t\"changes\" text COLLATE \"C\" NOT NULL,\n\t\"created_at\" text COLLATE \"C\" NOT NULL,\n\tCONSTRAINT \"scenario_pkey\" PRIMARY KEY(\"id\")\n);",
];
