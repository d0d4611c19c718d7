import type { ImportSummary } from "@saldo/client-core/books";
import { formatMinorDecimal, minor, type StatementReport } from "@saldo/schema";
import { tableText, type Locale } from "./terminal.ts";

/** Most rows to look at that are told in text; `--json` tells up to two hundred. */
const toldRowsMax = 10;

const words = {
  en: {
    rows: ({ rowsAdded, rowsThere, rowsLeftOut, refusedCount }: Counts) =>
      [`${rowsAdded} rows added`, ...(rowsThere > 0 ? [`${rowsThere} already there`] : []), ...(rowsLeftOut > 0 ? [`${rowsLeftOut} left out to look at`] : []), `${refusedCount} refused`].join(", "),
    look: "Look at",
    like: "like",
    more: (count: number) => `… and ${count} more`,
    again: "Rows left out are shown again whenever the file is imported; --duplicates ask asks about each, --duplicates import adds them.",
    transfers: (count: number) => `${count} transfers between own accounts found on both sides`,
    statement: "Statement",
    agrees: "agrees",
    differs: "differs by",
    oneBalance: "only one balance told",
    gap: (line: number, amount: string) => `before line ${line}: ${amount} missing`,
    opening: "opening",
    closing: "closing",
  },
  ru: {
    rows: ({ rowsAdded, rowsThere, rowsLeftOut, refusedCount }: Counts) =>
      [`добавлено строк: ${rowsAdded}`, ...(rowsThere > 0 ? [`уже было: ${rowsThere}`] : []), ...(rowsLeftOut > 0 ? [`оставлено на проверку: ${rowsLeftOut}`] : []), `отклонено: ${refusedCount}`].join(", "),
    look: "Проверьте",
    like: "похоже на",
    more: (count: number) => `… и ещё ${count}`,
    again: "Оставленные строки покажутся при следующем импорте файла; --duplicates ask спросит о каждой, --duplicates import добавит их.",
    transfers: (count: number) => `переводов между своими счетами, найденных с обеих сторон: ${count}`,
    statement: "Выписка",
    agrees: "сходится",
    differs: "расходится на",
    oneBalance: "назван только один остаток",
    gap: (line: number, amount: string) => `перед строкой ${line}: не хватает ${amount}`,
    opening: "на начало",
    closing: "на конец",
  },
} as const;

type Counts = Pick<ImportSummary, "rowsAdded" | "rowsThere" | "rowsLeftOut" | "refusedCount">;

/** What became of the rows of a file, on one line. */
export function countsText(summary: Counts, locale: Locale): string {
  return words[locale].rows(summary);
}

/** The rows to look at, each beside the one it is like; empty when there are none. */
export function looksText({ looks, rowsLeftOut }: Pick<ImportSummary, "looks" | "rowsLeftOut">, locale: Locale): string {
  if (rowsLeftOut === 0 || looks.length === 0) return "";
  const told = looks.slice(0, toldRowsMax).map((look) => lookCells(look, locale));
  const more = rowsLeftOut > told.length ? [[words[locale].more(rowsLeftOut - told.length)]] : [];
  return `${tableText([...told, ...more], [3])}${words[locale].again}\n`;
}

/** One row to look at: where it stands, what it says, and what it is like. */
export function lookCells({ row, twin }: ImportSummary["looks"][number], locale: Locale): string[] {
  const amount = `${formatMinorDecimal(row.amountMinor, row.currency)} ${row.currency}`;
  const say = (name: string | null, description: string) => [name, description].filter((text) => text !== null && text !== "").join(": ");
  return [words[locale].look, `${row.line}`, row.postedOn, amount, say(row.counterparty, row.description), ...(twin === null ? [] : [words[locale].like, twin.postedOn, say(twin.counterpartyName, twin.description)])];
}

/** What the statements of a file say beside what its rows add up to; empty when it tells no balance. */
export function statementsText({ statements, transfersLinked }: Pick<ImportSummary, "statements" | "transfersLinked">, locale: Locale): string {
  const said = words[locale];
  const lines = statements.flatMap((statement) => {
    const { from, to, currency, differenceMinor, gaps } = statement;
    const verdict = differenceMinor === null ? said.oneBalance : differenceMinor === 0 ? said.agrees : `${said.differs} ${money(differenceMinor, currency)}`;
    const told = [said.statement, `${from ?? "…"} – ${to ?? "…"}`, sumOf(statement, locale), verdict];
    return [told, ...gaps.slice(0, toldRowsMax).map((gap) => ["", "", said.gap(gap.line, money(gap.differenceMinor, currency)), ""])];
  });
  const transfers = transfersLinked > 0 ? `${said.transfers(transfersLinked)}\n` : "";
  return `${lines.length === 0 ? "" : tableText(lines)}${transfers}`;
}

function sumOf({ openingMinor, inMinor, outMinor, closingMinor, currency }: StatementReport, locale: Locale): string {
  const said = words[locale];
  const told = (name: string, amountMinor: number | null) => (amountMinor === null ? [] : [`${name} ${money(amountMinor, currency)}`]);
  return [...told(said.opening, openingMinor), `+${money(inMinor, currency)}`, `−${money(outMinor, currency)}`, ...told(said.closing, closingMinor)].join(" ");
}

function money(amountMinor: number, currency: string): string {
  return formatMinorDecimal(minor(amountMinor), currency);
}

/** A statement as JSON tells it. */
export function statementJson({ balanceBefore: _before, ...statement }: StatementReport): object {
  return statement;
}
