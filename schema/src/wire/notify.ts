import { z } from "zod";

/**
 * The notify stream: `GET /v1/notify?workspace=…&client=…[&last=L]`, Server-Sent Events, one a device.
 * It names appends to the device's shapes so that their live requests can stay parked until then.
 *
 * | event      | data                          | means                                                                        |
 * |------------|-------------------------------|------------------------------------------------------------------------------|
 * | `check`    | { lsn }                       | what changed since `last` is not known: check every shape, complete through L |
 * | `advance`  | { prev, lsn, shapes: [name] } | after `prev`, exactly these shapes changed; complete through L                |
 * | comment    |                               | keep-alive, every 10 s                                                        |
 *
 * LSNs are unsigned 64-bit decimals. On reconnect with `last` the first event is an `advance` from it, or a `check`.
 */
export const notifyCheck = z.object({ lsn: z.string().regex(/^\d+$/) });

/** See {@link notifyCheck}. */
export const notifyAdvance = z.object({ prev: z.string().regex(/^\d+$/), lsn: z.string().regex(/^\d+$/), shapes: z.array(z.string()) });

/** Name of the header of the notify stream that carries the database's generation: another one than was registered with means a restored backup. */
export const generationHeader = "saldo-generation";

/** Seconds between keep-alive comments; silence for {@link notifySilenceMsMax} means the connection is dead. */
export const notifyKeepAliveMs = 10_000;
/** Longest silence of a live notify stream. */
export const notifySilenceMsMax = 15_000;
