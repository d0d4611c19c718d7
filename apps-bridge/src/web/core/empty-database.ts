/** What a gzip file begins with. */
const gzipMark = [0x1f, 0x8b];

/** The archive of an empty database at this address, or undefined when it cannot be had: then a database is made from nothing, slowly. */
export async function emptyDatabaseArchive(address: string | undefined): Promise<Blob | undefined> {
  if (address === undefined) return undefined;
  const answer = await fetch(address).catch(() => undefined);
  if (answer?.ok !== true) return undefined;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return gzipMark.every((byte, index) => bytes[index] === byte) ? new Blob([bytes], { type: "application/gzip" }) : undefined;
}
