import { errorGroup } from "./entry.ts";

/** Codes of the store part. */
export const storeErrors = errorGroup({});
