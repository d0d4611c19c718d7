export { errorCatalogue, errorEntry, isErrorCode, type ErrorCode } from "./errors/catalogue.ts";
export type { ErrorEntry } from "./errors/entry.ts";
export { errorBody, SaldoError, type ErrorBody, type ErrorDetail } from "./errors/saldo-error.ts";
export {
  allocateMinor,
  currencyExponent,
  formatMinorDecimal,
  minor,
  minorFromDatabase,
  parseDecimalMinor,
  sumMinor,
  type Minor,
} from "./money.ts";
