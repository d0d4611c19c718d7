/** PGlite, fetched when it is first needed. */
export async function pgliteClass() {
  const { PGlite } = await import("@electric-sql/pglite");
  return PGlite;
}
