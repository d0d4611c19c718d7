import { errorGroup } from "./entry.ts";

/** Codes of the job part. */
export const jobErrors = errorGroup({});
