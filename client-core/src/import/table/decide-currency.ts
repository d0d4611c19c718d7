import type { Decision, UnderstoodColumn } from "../model.ts";
import { currencyByLanguage, currencyInText, currencyOfAccount } from "../values/currency.ts";
import type { LinedRecord } from "./record.ts";
import type { Evidence } from "./evidence.ts";

/** What the currency of a file is told from, strongest first. */
export interface CurrencySources {
  readonly evidence: Evidence;
  readonly columns: readonly UnderstoodColumn[];
  readonly preamble: readonly LinedRecord[];
  /** A bounded part of the file's text, for the weakest evidence. */
  readonly sampleText: string;
  /** Cells of the account column, and the preamble's account. */
  readonly accounts: readonly string[];
  /** Cells of the column of the other sides' accounts. */
  readonly partyAccounts: readonly string[];
  readonly defaultCurrency: string | undefined;
}

/** Decides the currency of rows that name none themselves. */
export function decideCurrency(sources: CurrencySources): Decision<string> {
  const { evidence, columns, preamble, accounts, defaultCurrency } = sources;
  const decided = (value: string, confidence: number, code: string, params: Readonly<Record<string, string | number>> = {}): Decision<string> => ({
    value,
    confidence,
    reason: { code, params: { currency: value, ...params } },
  });
  const [byColumn, columnCount] = mostFrequent(evidence.currencies);
  if (byColumn !== undefined) return decided(byColumn, 0.99, "currency_column", { rows: columnCount });
  const [byMark, markCount] = mostFrequent(evidence.marks);
  if (byMark !== undefined) return decided(byMark, markCount >= evidence.records * 0.5 ? 0.93 : 0.8, "currency_mark", { rows: markCount });
  for (const column of columns) {
    if (!["amount", "debit", "credit", "balance"].includes(column.role)) continue;
    const named = currencyInText(column.name.toUpperCase());
    if (named !== undefined) return decided(named, 0.95, "currency_header", { name: column.name });
  }
  for (const { cells, line } of preamble) {
    const named = currencyInText(cells.join(" "));
    if (named !== undefined) return decided(named, 0.85, "currency_preamble", { line });
  }
  for (const account of accounts) {
    const byAccount = currencyOfAccount(account);
    if (byAccount !== undefined) return decided(byAccount, 0.85, "currency_account");
  }
  const ofParties = currencyOfAll(sources.partyAccounts);
  if (ofParties !== undefined && ofParties !== defaultCurrency) return decided(ofParties, 0.6, "currency_parties");
  const guess = currencyByLanguage(sources.sampleText);
  if (defaultCurrency !== undefined) {
    // A bank of rubles writes in Russian, and a ledger in dollars rarely does: a wrong currency would pass unseen, so it is asked.
    const isDoubtful = guess?.currency === "RUB" && guess.weight >= 3 && !russianSpeaking.has(defaultCurrency);
    return isDoubtful ? decided(defaultCurrency, 0.5, "currency_doubtful") : decided(defaultCurrency, 0.8, "currency_workspace");
  }
  if (guess !== undefined) return decided(guess.currency, guess.weight >= 3 ? 0.55 : 0.35, "currency_language");
  return decided("USD", 0.2, "currency_unknown");
}

/** The currency all of some accounts belong to; undefined where they differ or do not say. */
function currencyOfAll(accounts: readonly string[]): string | undefined {
  const found = new Set(accounts.filter((account) => account !== "").map(currencyOfAccount));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Currencies of countries whose banks also write in Russian. */
const russianSpeaking = new Set(["RUB", "BYN", "KZT", "KGS", "UZS", "TJS", "TMT", "AMD", "AZN", "GEL", "MDL", "UAH"]);

function mostFrequent(counts: ReadonlyMap<string, number>): [string | undefined, number] {
  let best: [string | undefined, number] = [undefined, 0];
  for (const entry of counts) if (entry[1] > best[1]) best = entry;
  return best;
}
