import { Zip, ZipDeflate } from "fflate";

/** Quick rather than small: a person waits for it. */
const level = 1;

/** A file that goes into an archive. */
export interface ZippedFile {
  /** Its name there, folders before it. */
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Writes files as a ZIP archive (PKWARE APPNOTE, without ZIP64: up to 65,535 files and 4 GiB in all), piece by piece. */
export async function* zipped(files: AsyncIterable<ZippedFile>): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece);
  });
  for await (const { path, bytes } of files) {
    const entry = new ZipDeflate(path, { level });
    zip.add(entry);
    for await (const piece of bytes) {
      entry.push(piece);
      yield* pieces.splice(0);
    }
    entry.push(new Uint8Array(0), true);
    yield* pieces.splice(0);
  }
  zip.end();
  yield* pieces.splice(0);
}
