import type { Minor } from "@saldo/schema";
import type { DecimalStyle, StatementFacts } from "../model.ts";
import { readAmount } from "../values/amount.ts";
import { plainWords } from "../values/words.ts";
import { isDateLike } from "./profile.ts";
import type { LinedRecord } from "./record.ts";

const opening =
  /(?:входящ\S*|начальн\S*) (?:остаток|сальдо|баланс)|остаток на начало периода|(?:opening|beginning|starting) balance|balance brought forward|anfangssaldo|anfangsbestand|alter (?:kontostand|saldo)|saldo (?:inicial|anterior|iniziale|poczatkowe)|solde (?:initial|precedent)|beginsaldo|pocatecni (?:stav|zustatek)|algsaldo|likutis pradziai|ingaende saldo/;
const closing =
  /(?:исходящ\S*|конечн\S*) (?:остаток|сальдо|баланс)|остаток на конец периода|(?:closing|ending) balance|balance carried forward|endsaldo|schlusssaldo|endbestand|neuer (?:kontostand|saldo)|letzter kontostand|^kontostand|saldo (?:final|finale|koncowe)|solde final|eindsaldo|konecny (?:stav|zustatek)|loppsaldo|likutis pabaigai|utgaende saldo/;
const cellCharsMax = 80;

/**
 * The balances that lines around and among the rows of a table tell: one before the first row, one after the last. A line with several
 * amounts, or lines that tell different ones, tell none.
 */
export function toldBalances(records: readonly LinedRecord[], style: DecimalStyle, currency: string): Pick<StatementFacts, "openingMinor" | "closingMinor"> {
  const find = (words: RegExp): Minor | null => {
    const told = new Set(records.flatMap(({ cells }) => (cells.some((cell) => cell.length <= cellCharsMax && words.test(plainWords(cell))) ? (amountOf(cells, style, currency) ?? []) : [])));
    const [only] = told;
    return told.size === 1 ? (only ?? null) : null;
  };
  return { openingMinor: find(opening), closingMinor: find(closing) };
}

/** The one amount of a line that is not nothing, behind words in one cell or in a cell of its own; zero when all are. */
function amountOf(cells: readonly string[], style: DecimalStyle, currency: string): Minor | undefined {
  const amounts = cells.flatMap((cell) => {
    const text = cell.trim();
    if (text === "" || text.length > cellCharsMax || isDateLike(text)) return [];
    const number = /(?:^|[\s:])([-+−]?\d[\d\s.,'’\u00a0\u202f]*)(?: ?(?:[A-Z]{3}|[€$£₽]|руб\.?|\([ПА]\)))?$/u.exec(text)?.[1]?.trim();
    const reading = number === undefined || isDateLike(number) || !/[.,]\d{2}$/.test(number) ? undefined : readAmount(number, style, currency);
    return reading?.ok === true ? [reading.amountMinor] : [];
  });
  const moving = new Set(amounts.filter((amount) => amount !== 0));
  if (moving.size > 1) return undefined;
  return [...moving][0] ?? amounts[0];
}
