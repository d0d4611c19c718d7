import { currencyExponent, exchangeRateForm, lastDay, minor, type Minor, type Month, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readRows, type SqlReader } from "../store/index.ts";

/** A rate of exchange as somebody gave it. */
export type Rate = Pick<Row<"exchange_rate">, "base" | "quote" | "rate" | "onDate" | "source">;

/** Rates between one currency and others. */
export interface Rates {
  /** The last rate known by the end of a month; undefined when there is none: nothing is guessed. */
  lastIn(currency: string, month: Month): Rate | undefined;
}

/** Reads the rates between a currency and others, given either way round. Ones that are no positive decimal are passed over. */
export async function readRates(reader: SqlReader, workspaceId: string, into: string): Promise<Rates> {
  const rows = await readRows(
    reader,
    "exchange_rate",
    sql`where "workspace_id" = ${workspaceId} and (${sql.identifier("base")} = ${into} or "quote" = ${into}) order by "on_date" desc, "source", "id"`,
  );
  const usable = rows.filter(({ rate }) => exchangeRateForm.test(rate) && /[1-9]/.test(rate));
  return {
    lastIn: (currency, month) => usable.find(({ base, quote, onDate }) => (base === currency || quote === currency) && base !== quote && onDate <= lastDay(month)),
  };
}

/** An amount in another currency by a rate, exactly, then rounded to a minor unit, half away from zero. Throws `RangeError` beyond the safe range. */
export function convert(amountMinor: Minor, from: string, into: string, { base, rate }: Rate): Minor {
  const [, whole = "0", fraction = ""] = exchangeRateForm.exec(rate) ?? [];
  const units = BigInt(whole + fraction);
  const scale = 10n ** BigInt(fraction.length);
  const [fromUnits, intoUnits] = [10n ** BigInt(currencyExponent(from)), 10n ** BigInt(currencyExponent(into))];
  const [up, down] = base === from ? [units, scale] : [scale, units];
  const numerator = BigInt(amountMinor) * up * intoUnits;
  const denominator = down * fromUnits;
  const doubled = (2n * numerator) / denominator;
  return minor(Number((doubled + (doubled < 0n ? -1n : 1n)) / 2n));
}
