import { z } from "zod";

/** Most shapes one request asks the sums of. */
export const sumShapesMax = 50;

/** How many rows there are and their sum (see `runningSum`). */
export const rowsSum = z.object({ rows: z.int().nonnegative(), sum: z.string().regex(/^[0-9a-f]{16}$/) });

/**
 * `GET /v1/sums?workspace=…&client=…&shapes=a,b`: how many rows each shape has for this device and their sum, all in one
 * snapshot of the database. It reads every row, so a device asks rarely and the relay answers one at a time (`relay.unavailable` otherwise).
 */
export const sumsAnswer = z.object({
  sums: z.record(z.string(), rowsSum),
});

/** See {@link sumsAnswer}. */
export type SumsAnswer = z.infer<typeof sumsAnswer>;
