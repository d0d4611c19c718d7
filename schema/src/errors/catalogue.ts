import { authErrors } from "./auth.ts";
import { booksErrors } from "./books.ts";
import { bridgeErrors } from "./bridge.ts";
import { categoriseErrors } from "./categorise.ts";
import { cliErrors } from "./cli.ts";
import type { ErrorEntry } from "./entry.ts";
import { fileErrors } from "./file.ts";
import { forecastErrors } from "./forecast.ts";
import { importErrors } from "./import.ts";
import { jobErrors } from "./job.ts";
import { mutationErrors } from "./mutation.ts";
import { relayErrors } from "./relay.ts";
import { storeErrors } from "./store.ts";
import { syncErrors } from "./sync.ts";
import { workbookErrors } from "./workbook.ts";

/** Every code the product shows, with meaning, cause and remedy in English and Russian. */
export const errorCatalogue = {
  ...authErrors,
  ...importErrors,
  ...categoriseErrors,
  ...workbookErrors,
  ...booksErrors,
  ...fileErrors,
  ...mutationErrors,
  ...storeErrors,
  ...syncErrors,
  ...relayErrors,
  ...jobErrors,
  ...forecastErrors,
  ...bridgeErrors,
  ...cliErrors,
};

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** The catalogue entry of a code. */
export function errorEntry(code: ErrorCode): ErrorEntry {
  return errorCatalogue[code];
}

/** True when a text from outside is one of our codes. */
export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === "string" && Object.hasOwn(errorCatalogue, text);
}
