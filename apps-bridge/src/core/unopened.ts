import { zipped, type ZippedFile } from "@saldo/client-core/export";
import { SaldoError } from "@saldo/schema";
import type { Core } from "./core.ts";
import { fileNameOf } from "./file-name.ts";
import type { HandlersOf } from "./part.ts";

/** Books on this device that could not be opened. */
export function unopenedHandlers(core: Core): HandlersOf<"unopened"> {
  return {
    "unopened.tryAgain": () => core.openAgain(false),
    "unopened.startAfresh": () => core.openAgain(true),
    async "unopened.saveFiles"({ setAsideId }, { progress, signal }) {
      const found = core.databaseFiles(setAsideId);
      let files = 0;
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      const counted = async function* (): AsyncGenerator<ZippedFile> {
        for await (const file of found.files) {
          signal.throwIfAborted();
          yield file;
          files += 1;
          progress({ files });
        }
      };
      for await (const piece of zipped(counted())) pieces.push(piece);
      if (files === 0) throw new SaldoError("store.cannot_open");
      return { fileName: fileNameOf("saldo-files", found.companyName, "zip"), archive: new Blob(pieces, { type: "application/zip" }) };
    },
  };
}
