import { isCutByRules, isVendor, monthlySums, type AdviceLedger } from "@saldo/client-core/recommendations";
import { counterpartyNamesMax } from "@saldo/schema";
import { nowMonths, type AdviceFacts, type FactSubject } from "./facts.ts";

/** A year before the months of "now". */
const monthsMax = nowMonths + 12;
/** Subjects of a kind that models are told of: the largest. */
const subjectsMax = 20;

/**
 * What models may be told of books: totals of the last complete months by category, vendor and client, the largest of each. The ledger is
 * that of the books rules advise on (`adviceOf`), so a model never knows more months than they do.
 */
export function factsOfBooks(ledger: AdviceLedger, locale: "en" | "ru"): AdviceFacts {
  const { books } = ledger;
  const first = Math.max(0, books.months.length - monthsMax);
  const recent = (values: ArrayLike<number>) => Array.from(values).slice(first);
  const subject = (about: Omit<FactSubject, "monthlyMinor" | "payments">, rows: readonly number[], sign: -1 | 1): FactSubject => {
    const payments = new Float64Array(books.months.length);
    for (const row of rows) {
      const month = ledger.month[row] ?? -1;
      if (month >= 0 && sign * (ledger.amount[row] ?? 0) > 0) payments[month] = (payments[month] ?? 0) + 1;
    }
    return { ...about, monthlyMinor: recent(monthlySums(ledger, sign, () => true, rows)), payments: recent(payments) };
  };
  const categories = books.categories.flatMap((category, place) => {
    if (category.kind !== "expense") return [];
    return [subject({ kind: "category", id: category.id, name: category.name, names: [], isFixed: !isCutByRules(ledger, category, place) }, ledger.byCategory[place] ?? [], -1)];
  });
  const named = ledger.parties.filter(({ names }) => names.size <= counterpartyNamesMax);
  const vendors = named.map((party) => subject({ kind: "vendor", id: party.key, name: party.name, names: [...party.names], isFixed: !isVendor(ledger, party) }, party.rows, -1));
  const clients = named.map((party) => subject({ kind: "client", id: party.key, name: party.name, names: [...party.names], isFixed: true }, party.rows, 1));
  return {
    currency: books.currency,
    locale,
    months: books.months.slice(first),
    revenueMinor: recent(ledger.monthIn),
    expensesMinor: recent(ledger.monthOut),
    subjects: [categories, vendors, clients].flatMap(largest),
  };
}

/** The largest of the months of "now"; those without money in them are nothing to advise on. */
function largest(subjects: readonly FactSubject[]): FactSubject[] {
  const now = ({ monthlyMinor }: FactSubject) => monthlyMinor.slice(-nowMonths).reduce((sum, amount) => sum + amount, 0);
  return subjects
    .filter((subject) => now(subject) > 0)
    .toSorted((a, b) => now(b) - now(a) || (a.id < b.id ? -1 : 1))
    .slice(0, subjectsMax);
}
