import { errorGroup } from "./entry.ts";

/** Codes of the relay part. */
export const relayErrors = errorGroup({});
