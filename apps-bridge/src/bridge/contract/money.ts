import { z } from "zod";

/** Integer minor units of a currency named beside it. */
export const minorAmount = z.int();
/** ISO 4217 code. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);
/** Accounting date, `YYYY-MM-DD`. */
export const accountingDate = z.iso.date();
/** Calendar month, `YYYY-MM`. */
export const calendarMonth = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
/** Instant, ISO text in UTC. */
export const instant = z.iso.datetime({ offset: true });
/** Identifier of a row. */
export const rowId = z.string().min(1).max(64);
/** Nothing asked. */
export const none = z.object({});
/** Nothing answered. */
export const done = z.null();
