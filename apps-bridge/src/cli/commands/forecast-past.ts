import { formatMinorDecimal, minor, SaldoError } from "@saldo/schema";
import { forecastMaker } from "../../core/latest-forecast.ts";
import { pastForecast, readPastSources } from "../../core/past-forecast.ts";
import { withBooks } from "../store-folder.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";

const measureNames = { revenue: "Revenue", expenses: "Expenses", net: "Profit" } as const;

/** Prints what was expected of the months since one beside what came. Throws `SaldoError` `cli.wrong_usage` on a month no forecast can be compared of. */
export async function pastForecastOfStore(terminal: Terminal, { asOfMonth, signal, ...options }: StoreOptions & { readonly asOfMonth: string; readonly signal: AbortSignal }): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const { workspaceId } = await books.recordContext();
    const sources = await books.database.snapshot((reader) => readPastSources(reader, { workspaceId, today: books.today() }));
    const { origins, past } = await pastForecast(sources, asOfMonth, forecastMaker(), signal);
    if (!origins.includes(asOfMonth) || past === null) throw new SaldoError("cli.wrong_usage", { option: "--past", form: origins.join(", ") });
    if (options.json) return printJson(terminal, past);
    const money = (amountMinor: number): string => formatMinorDecimal(minor(amountMinor), past.currency);
    const measures = ["revenue", "expenses", "net"] as const;
    const head = ["", ...measures.flatMap((measure) => [`${measureNames[measure]}, expected`, "came"])];
    const rows = past.since.map((each) => [each.month, ...measures.flatMap((measure) => [money(each[measure].expected.mean), money(each[measure].actualMinor)])]);
    const total = ["Together", ...measures.flatMap((measure) => [money(past.totals[measure].expectedMinor), money(past.totals[measure].actualMinor)])];
    terminal.stdout.write(`Forecast as of ${past.asOfMonth}, ${past.currency}, ${past.madeAt === null ? "made anew from the rows up to then" : `made in the cloud on ${past.madeAt.slice(0, 10)}`}\n\n`);
    terminal.stdout.write(tableText([head, ...rows, total], head.map((_, at) => at).slice(1)));
    terminal.stdout.write("\nAccuracy of the total, 100% − |actual − forecast| / |actual|:\n");
    for (const measure of measures) {
      const { accuracyBasisPoints, within80 } = past.totals[measure];
      terminal.stdout.write(`  ${measureNames[measure]}: ${accuracyBasisPoints === null ? "–" : `${(accuracyBasisPoints / 100).toFixed(1)}%`}; ${within80} of ${past.since.length} months within the 80% range\n`);
    }
  });
}
