import { errorGroup } from "./entry.ts";

/** Codes of the cli part. */
export const cliErrors = errorGroup({});
