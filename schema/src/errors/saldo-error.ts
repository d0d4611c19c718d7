import { errorEntry, type ErrorCode } from "./catalogue.ts";

/** What may be told beside a code: positions, names of fields, limits. Never row values, tokens or file contents. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean>>;

/** A failure with a catalogue code, thrown where the environment or the input is at fault. */
export class SaldoError extends Error {
  override readonly name = "SaldoError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, detail: ErrorDetail = {}, options?: { cause?: unknown }) {
    super(`${code}: ${errorEntry(code).meaning.en}`, options);
    this.code = code;
    this.retryable = errorEntry(code).retryable;
    this.detail = detail;
  }
}

/** The JSON body every endpoint and bridge answers an error with. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: ErrorDetail;
}

/** The wire form of an error: code, English meaning and remedy, safe detail. */
export function errorBody(error: SaldoError): ErrorBody {
  const entry = errorEntry(error.code);
  return { code: error.code, message: `${entry.meaning.en} ${entry.remedy.en}`, detail: error.detail };
}
