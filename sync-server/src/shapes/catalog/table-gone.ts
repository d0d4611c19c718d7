/** True for what Postgres says of a table that was dropped under a query: undefined table, or the catalogue without it. */
export function isTableGone(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  return error.code === "42P01" || (error.code === "XX000" && error.message.startsWith("could not open relation"));
}
