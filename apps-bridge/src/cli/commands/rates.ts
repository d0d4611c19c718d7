import { listRates } from "@saldo/client-core/reports";
import { exchangeRateForm, SaldoError } from "@saldo/schema";
import { z } from "zod";
import { withBooks } from "../store-folder.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";

/** How a rate is written on the command line. */
export const rateForm = "USD/RUB=92.5@2026-10-31";

/** A rate of exchange as a person gives it. */
export interface GivenRate {
  readonly base: string;
  readonly quote: string;
  readonly rate: string;
  readonly onDate: string;
}

/** Reads `USD/RUB=92.5@2026-10-31`: on that day a dollar was worth 92.5 roubles. Throws `SaldoError` `cli.wrong_usage`. */
export function parseRate(text: string): GivenRate {
  const [, base = "", quote = "", rate = "", onDate = ""] = /^([A-Z]{3})\/([A-Z]{3})=([\d.]+)@(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  const isWhole = base !== quote && exchangeRateForm.test(rate) && /[1-9]/.test(rate) && z.iso.date().safeParse(onDate).success;
  if (!isWhole) throw new SaldoError("cli.wrong_usage", { option: "--set", form: rateForm });
  return { base, quote, rate, onDate };
}

/** What is done with the rates of a store, beside listing them. */
export interface RatesOptions extends StoreOptions {
  readonly set: readonly GivenRate[];
  /** Who says so, for the rates that are set. */
  readonly source: string;
  /** Ids of rates to remove. */
  readonly remove: readonly string[];
}

/** Sets and removes rates of exchange of a store, then lists all, newest first. A second rate of the same pair and day takes the first one's place. */
export async function ratesOfStore(terminal: Terminal, { set, source, remove, ...options }: RatesOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    for (const rateId of remove) await books.record("exchangeRate.remove", { rateId });
    for (const rate of set) await books.record("exchangeRate.set", { ...rate, source, id: books.ids.next() });
    const { workspaceId } = await books.recordContext();
    const rates = await listRates(books.database, workspaceId);
    if (options.json) return printJson(terminal, { rates });
    terminal.stdout.write(tableText([["Date", "Rate", "Source", "Id"], ...rates.map(({ id, base, quote, rate, onDate, source: from }) => [onDate, `1 ${base} = ${rate} ${quote}`, from, id])]));
  });
}
