import { errorGroup } from "./entry.ts";

/** Codes of the sync part. */
export const syncErrors = errorGroup({});
