import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";

/** A rate of exchange as text: whole part and fraction of at most 18 digits each. */
export const exchangeRateForm = /^(\d{1,18})(?:\.(\d{1,18}))?$/;

const rate = z.string().regex(exchangeRateForm).refine((text) => /[1-9]/.test(text));

/** Says what one unit of `base` is worth in `quote` on a day, and who says so. A second rate of the same pair and day takes the first one's place. */
export const exchangeRateSet = defineMutation({
  name: "exchangeRate.set",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, base: field.currency, quote: field.currency, onDate: field.date, rate, source: field.name }),
  async run(rows, { id, base, quote, onDate, rate: worth, source }, { workspaceId }) {
    if (base === quote) throw new SaldoError("mutation.invalid_arguments", { table: "exchange_rate" });
    const [known] = await rows.list("exchange_rate", { base, quote, onDate });
    if (known) await rows.patch("exchange_rate", known.id, { rate: worth, source });
    else await rows.insert("exchange_rate", { id, workspaceId, base, quote, onDate, rate: worth, source });
  },
});

/** Removes a rate of exchange. */
export const exchangeRateRemove = defineMutation({
  name: "exchangeRate.remove",
  version: 1,
  permission: "edit",
  args: z.strictObject({ rateId: field.id }),
  async run(rows, { rateId }) {
    await rows.remove("exchange_rate", rateId);
  },
});
