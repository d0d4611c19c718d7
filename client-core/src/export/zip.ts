import { SaldoError } from "@saldo/schema";
import { Zip, ZipDeflate } from "fflate";

/** Quick rather than small: a person waits for it. */
const level = 1;

/** A file that goes into an archive. */
export interface ZippedFile {
  /** Its name there, folders before it. */
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What an archive without ZIP64 holds: fewer bytes than its fields can tell, as its list of files comes behind them. */
const zipLimits = { files: 65_535, bytes: 4_000_000_000 } as const;

/**
 * Writes files as a ZIP archive (PKWARE APPNOTE, without ZIP64: up to 65,535 files, 4 GB each and in all), piece by piece. Throws `SaldoError`
 * `store.archive_too_large` where that is not enough.
 */
export async function* zipped(files: AsyncIterable<ZippedFile>, limits: { readonly files: number; readonly bytes: number } = zipLimits): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let [fileCount, archiveBytes] = [0, 0];
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece);
    archiveBytes += piece.byteLength;
  });
  for await (const { path, bytes } of files) {
    fileCount += 1;
    if (fileCount > limits.files) throw new SaldoError("store.archive_too_large");
    let fileBytes = 0;
    const entry = new ZipDeflate(path, { level });
    zip.add(entry);
    for await (const piece of bytes) {
      fileBytes += piece.byteLength;
      if (Math.max(fileBytes, archiveBytes) > limits.bytes) throw new SaldoError("store.archive_too_large");
      entry.push(piece);
      yield* pieces.splice(0);
    }
    entry.push(new Uint8Array(0), true);
    yield* pieces.splice(0);
  }
  zip.end();
  yield* pieces.splice(0);
}
