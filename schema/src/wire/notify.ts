import { z } from "zod";
import { rowsSum } from "./sums.ts";

const notifySums = z.record(z.string(), rowsSum);

/** Sums of shapes, by name. */
export type NotifySums = z.infer<typeof notifySums>;

/**
 * The notify stream: `GET /v1/notify?workspace=…&client=…[&last=L]`, Server-Sent Events, one a device.
 * It names appends to the device's shapes so that their live requests can stay parked until then.
 *
 * | event      | data                                 | means                                                                        |
 * |------------|--------------------------------------|------------------------------------------------------------------------------|
 * | `check`    | { lsn, sums? }                       | what changed since `last` is not known: check every shape, complete through L |
 * | `advance`  | { prev, lsn, shapes: [name], sums? } | after `prev`, exactly these shapes changed; complete through L                |
 * | comment    |                                      | keep-alive, every 10 s                                                        |
 *
 * `sums` tells what rows shapes have at L, exactly; it holds until the shape is named again. A shape that is named without its sum has none for
 * now; one that is not named may get one at any time, also in an `advance` that goes no further.
 *
 * LSNs are unsigned 64-bit decimals. On reconnect with `last` the first event is an `advance` from it, or a `check`.
 */
export const notifyCheck = z.object({ lsn: z.string().regex(/^\d+$/), sums: notifySums.exactOptional() });

/** See {@link notifyCheck}. */
export const notifyAdvance = z.object({ prev: z.string().regex(/^\d+$/), lsn: z.string().regex(/^\d+$/), shapes: z.array(z.string()), sums: notifySums.exactOptional() });

/** Name of the header of the notify stream that carries the database's generation: another one than was registered with means a restored backup. */
export const generationHeader = "saldo-generation";

/** Seconds between keep-alive comments; silence for {@link notifySilenceMsMax} means the connection is dead. */
export const notifyKeepAliveMs = 10_000;
/** Longest silence of a live notify stream. */
export const notifySilenceMsMax = 15_000;
