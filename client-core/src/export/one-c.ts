import { formatMinorDecimal, minor, SaldoError } from "@saldo/schema";
import { currencyOfAccount } from "../import/index.ts";
import { onOneLine, type ExportRow, type ExportStatement, type FormatWriter } from "./model.ts";

/**
 * 1CClientBankExchange 1.03. The format names no currency but in the digits of an account number, so statements in any other are refused:
 * throws `SaldoError` `export.currency_not_carried`.
 */
export function oneCWriter(statements: readonly ExportStatement[], exportedOn: string, encodingName: "Windows" | "UTF-8"): FormatWriter {
  for (const { account, currency } of statements) {
    if ((currencyOfAccount(account) ?? "RUB") !== currency) throw new SaldoError("export.currency_not_carried", { currency });
  }
  const lines = (pairs: readonly (readonly [key: string, value: string])[]): string => pairs.map(([key, value]) => `${key}=${onOneLine(value)}\r\n`).join("");
  const days = statements.flatMap(({ from, to }) => [from, to]).toSorted();
  const money = (amountMinor: number, currency: string): string => formatMinorDecimal(minor(amountMinor), currency);
  return {
    begin: () =>
      `1CClientBankExchange\r\n${lines([
        ["ВерсияФормата", "1.03"],
        ["Кодировка", encodingName],
        ["Отправитель", "Saldo"],
        ["Получатель", ""],
        ["ДатаСоздания", dayOf(exportedOn)],
        ["ДатаНачала", dayOf(days[0] ?? exportedOn)],
        ["ДатаКонца", dayOf(days.at(-1) ?? exportedOn)],
        ...statements.map(({ account }): [string, string] => ["РасчСчет", account]),
      ])}`,
    beginStatement: ({ account, currency, from, to, inMinor, outMinor }) =>
      `СекцияРасчСчет\r\n${lines([
        ["ДатаНачала", dayOf(from)],
        ["ДатаКонца", dayOf(to)],
        ["РасчСчет", account],
        ["ВсегоПоступило", money(inMinor, currency)],
        ["ВсегоСписано", money(outMinor, currency)],
      ])}КонецРасчСчет\r\n`,
    row(row, { account, currency }) {
      const isOut = row.amountMinor < 0;
      const { number, writtenOn } = numberOf(row);
      const [own, other] = isOut ? ["Плательщик", "Получатель"] : ["Получатель", "Плательщик"];
      return `СекцияДокумент=Платежное поручение\r\n${lines([
        ["Номер", number],
        ["Дата", writtenOn],
        ["Сумма", money(Math.abs(row.amountMinor), currency)],
        [`${own}Счет`, account],
        [isOut ? "ДатаСписано" : "ДатаПоступило", dayOf(row.postedOn)],
        [`${other}Счет`, row.counterpartyAccount ?? ""],
        [other, row.counterparty ?? ""],
        [`${other}ИНН`, row.counterpartyTaxId ?? ""],
        [`${other}1`, row.counterparty ?? ""],
        ["НазначениеПлатежа", row.description],
      ])}КонецДокумента\r\n`;
    },
    endStatement: () => "",
    end: () => "КонецФайла\r\n",
  };
}

/** The id of a row read from such a text is its number and the day it was written; any other id stands for a number. */
function numberOf({ bankId, postedOn }: ExportRow): { readonly number: string; readonly writtenOn: string } {
  const [, number, writtenOn] = /^(\S+) (\d{2}\.\d{2}\.\d{4})/.exec(bankId ?? "") ?? [];
  return number === undefined || writtenOn === undefined ? { number: bankId ?? "", writtenOn: dayOf(postedOn) } : { number, writtenOn };
}

function dayOf(isoDay: string): string {
  return isoDay.split("-").toReversed().join(".");
}
