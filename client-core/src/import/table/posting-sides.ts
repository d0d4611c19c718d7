import type { Decision, Journal } from "../model.ts";
import { plainWords } from "../values/words.ts";
import type { JournalFindings } from "./journal.ts";
import type { LinedRecord } from "./record.ts";

/** How programs name the columns of the account that is debited and of the one that is credited. */
const debitName = /^(?:(?:номер |код )?счета? (?:дт|дебета?|по дебету)|(?:дт|дебет) счета?|дт|дебет|счетдт|debit account|account debit|debit acct|dr account|account dr|sollkonto|konto soll)$/;
const creditName = /^(?:(?:номер |код )?счета? (?:кт|кредита?|по кредиту)|(?:кт|кредит) счета?|кт|кредит|счеткт|credit account|account credit|credit acct|cr account|account cr|habenkonto|konto haben)$/;
/** An account of the Russian chart: two digits, and sub-accounts behind points; its name may follow. */
const chartAccount = /^\d{2}(?:\.[\dА-Я]{1,3}){0,3}(?:[,:\s].*)?$/su;
/** Cash, banks and money on its way between them (order 94n of the Russian Ministry of Finance). */
const moneyAccount = /^5[01257](?!\d)/;
const accountsMax = 2_000;
const shareMin = 0.9;

/** The columns of a posting's two accounts. */
export interface PostingSides {
  readonly debit: number;
  readonly credit: number;
}

/** Where each line is a posting that names the account debited and the account credited by their numbers in the chart; undefined in any other table. */
export function findPostingSides(names: readonly string[], data: readonly LinedRecord[]): PostingSides | undefined {
  const plain = names.map(plainWords);
  const isAccount = (index: number): boolean => {
    const cells = data.map(({ cells: all }) => (all[index] ?? "").trim()).filter((cell) => cell !== "");
    return cells.length >= data.length * shareMin && cells.filter((cell) => chartAccount.test(cell)).length >= cells.length * shareMin && new Set(cells).size > 1;
  };
  const only = (pattern: RegExp): number | undefined => {
    const found = plain.flatMap((name, index) => (pattern.test(name) && isAccount(index) ? [index] : []));
    return found.length === 1 ? found[0] : undefined;
  };
  const [debit, credit] = [only(debitName), only(creditName)];
  return data.length === 0 || debit === undefined || credit === undefined ? undefined : { debit, credit };
}

/** The journal of such postings; undefined when no account of it holds money. Each line is read as the debited account sees it. */
export function journalOfSides({ debit, credit }: PostingSides, next: () => LinedRecord | undefined, answer: readonly string[] | undefined): JournalFindings | undefined {
  const counts = new Map<string, number>();
  for (let record = next(); record !== undefined; record = next()) {
    const { cells } = record;
    for (const name of new Set([debit, credit].map((index) => (cells[index] ?? "").trim()))) {
      if (name !== "" && (counts.has(name) || counts.size < accountsMax)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const accounts = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  const own = ownOf(accounts, answer);
  const journal: Journal | undefined = own === undefined ? undefined : { keys: [], account: debit, counter: credit, own };
  return journal === undefined ? undefined : { journal, accounts };
}

function ownOf(accounts: readonly string[], answer: readonly string[] | undefined): Decision<readonly string[]> | undefined {
  const said = (answer ?? []).filter((name) => accounts.includes(name));
  if (said.length > 0) return { value: said, confidence: 1, reason: { code: "you_said", params: {} } };
  const money = accounts.filter((name) => moneyAccount.test(name));
  return money.length === 0 ? undefined : { value: money, confidence: 0.93, reason: { code: "own_by_number", params: {} } };
}
