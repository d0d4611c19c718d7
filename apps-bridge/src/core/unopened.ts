import { zipped, type ZippedFile } from "@saldo/client-core/export";
import { SaldoError } from "@saldo/schema";
import type { Core } from "./core.ts";
import { fileNameOf } from "./file-name.ts";
import type { HandlersOf } from "./part.ts";

/** Bytes of an archive that are held before the browser is given them, which keeps large ones outside of memory. */
const heldBytesMax = 8 * 1024 * 1024;

/** Books on this device that could not be opened. */
export function unopenedHandlers(core: Core): HandlersOf<"unopened"> {
  return {
    "unopened.tryAgain": () => core.openAgain(false),
    "unopened.startAfresh": () => core.openAgain(true),
    async "unopened.saveFiles"({ setAsideId }, { progress, signal }) {
      const found = core.databaseFiles(setAsideId);
      let files = 0;
      const archive: Blob[] = [];
      let pieces: Uint8Array<ArrayBuffer>[] = [];
      let heldBytes = 0;
      const counted = async function* (): AsyncGenerator<ZippedFile> {
        for await (const file of found.files) {
          signal.throwIfAborted();
          yield file;
          files += 1;
          progress({ files });
        }
      };
      for await (const piece of zipped(counted())) {
        pieces.push(piece);
        heldBytes += piece.byteLength;
        if (heldBytes < heldBytesMax) continue;
        archive.push(new Blob(pieces));
        [pieces, heldBytes] = [[], 0];
      }
      if (files === 0) throw new SaldoError("store.cannot_open");
      return { fileName: fileNameOf("saldo-files", found.companyName, "zip"), archive: new Blob([...archive, ...pieces], { type: "application/zip" }) };
    },
  };
}
