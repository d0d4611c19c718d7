import { compareBytewise, detailCounterpartiesMax, minor, type DetailReport, type Minor, type ReportComparisons, type ReportDays } from "@saldo/schema";
import { isTransferIn, type Books } from "../books.ts";
import type { CounterpartySums } from "../ledger.ts";
import { figuresOf, readColumns, type Columns } from "./columns.ts";

type Names = ReadonlyMap<string | null, CounterpartySums>;
type Counterparties = DetailReport["customers"];

/** Who brought money and who took it. */
export async function counterpartyLines(books: Books, period: ReportDays, comparisons: ReportComparisons): Promise<{ readonly customers: Counterparties; readonly suppliers: Counterparties }> {
  const isTransfer = isTransferIn(books);
  const columns = await readColumns(period, comparisons, (days) => books.ledger.counterpartiesOf(books.currency, days, isTransfer));
  return { customers: sideOf(columns, "in"), suppliers: sideOf(columns, "out") };
}

function sideOf(columns: Columns<Names>, measure: "in" | "out"): Counterparties {
  const amountOf = (sums: CounterpartySums | undefined): Minor => (measure === "in" ? sums?.inMinor : sums?.outMinor) ?? minor(0);
  const names = [...columns.current].filter(([, sums]) => amountOf(sums) > 0).toSorted(([a, one], [b, other]) => amountOf(other) - amountOf(one) || compareBytewise(a ?? "", b ?? ""));
  const largest = names.slice(0, detailCounterpartiesMax).map(([name]) => name);
  const others = figuresOf(columns, (sums) => {
    let rest = 0;
    for (const each of sums.values()) rest = minor(rest + amountOf(each));
    return minor(largest.reduce((left, name) => left - amountOf(sums.get(name)), rest));
  });
  const hasOthers = Object.values(others).some((amountMinor) => amountMinor !== null && amountMinor !== 0);
  return {
    count: names.length,
    largest: largest.map((name) => ({
      name,
      figures: figuresOf(columns, (sums) => amountOf(sums.get(name))),
      rows: { measure, transfers: "without", counterpartyName: name },
    })),
    others: hasOthers ? { figures: others, rows: { measure, transfers: "without", exceptCounterpartyNames: largest } } : null,
  };
}
