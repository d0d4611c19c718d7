import { z } from "zod";

const yearMin = 1900;
const yearMax = 9999;

/** The month of the first value of a series in a file, `[year, month]`; anything else counts as not known, since only refinement depends on it. */
export const seriesStart = z
  .tuple([z.int().min(yearMin).max(yearMax), z.int().min(1).max(12)])
  .transform(([year, month]) => `${year}-${String(month).padStart(2, "0")}`)
  .optional()
  .catch(undefined);
