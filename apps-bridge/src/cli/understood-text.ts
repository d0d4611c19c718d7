import { tableText, type Locale } from "./terminal.ts";

/** What {@link understoodText} tells of a file. */
export interface Understood {
  readonly file: { readonly name: string };
  readonly format: string;
  readonly encoding: string | null;
  readonly delimiter: string | null;
  readonly headerLine: number | null;
  /** Column names by role. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly rowsRead: number;
  readonly rowsRefused: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
  /** Decimal texts by currency. */
  readonly sums: readonly { readonly currency: string; readonly in: string; readonly out: string }[];
}

const words = {
  en: {
    file: "File", header: "Header", columns: "Columns", rows: "Rows", none: "none", unnamed: "(no name)",
    delimiter: (text: string) => `delimiter ${text}`,
    line: (line: number) => `line ${line}`,
    counts: ({ rowsRead, rowsRefused, firstDate, lastDate }: Understood) => `${rowsRead} read, ${rowsRefused} refused, ${firstDate ?? "—"} to ${lastDate ?? "—"}`,
    sum: (money: { readonly in: string; readonly out: string }) => `in ${money.in}, out ${money.out}`,
  },
  ru: {
    file: "Файл", header: "Заголовок", columns: "Столбцы", rows: "Строки", none: "нет", unnamed: "(без имени)",
    delimiter: (text: string) => `разделитель ${text}`,
    line: (line: number) => `строка ${line}`,
    counts: ({ rowsRead, rowsRefused, firstDate, lastDate }: Understood) => `прочитано ${rowsRead}, отклонено ${rowsRefused}, с ${firstDate ?? "—"} по ${lastDate ?? "—"}`,
    sum: (money: { readonly in: string; readonly out: string }) => `приход ${money.in}, расход ${money.out}`,
  },
} as const;

/** Roles of columns in Russian; English shows their own names. */
const rolesRu: Readonly<Record<string, string>> = {
  date: "дата", otherDate: "другая дата", amount: "сумма", otherAmount: "другая сумма", debit: "списание", credit: "поступление", direction: "направление", balance: "остаток", fee: "комиссия",
  currency: "валюта", description: "назначение", counterparty: "контрагент", payer: "плательщик", payee: "получатель", partyAccount: "счёт контрагента", partyTaxId: "ИНН контрагента", account: "счёт", category: "категория", status: "статус",
};

/** How a file was understood and what it adds up to, as a terminal shows it. */
export function understoodText(told: Understood, locale: Locale): string {
  const said = words[locale];
  const { file, format, encoding, delimiter, headerLine, mapping, sums } = told;
  return tableText([
    [said.file, [file.name, format, ...(encoding === null ? [] : [encoding]), ...(delimiter === null ? [] : [said.delimiter(JSON.stringify(delimiter))])].join(", ")],
    [said.header, headerLine === null ? said.none : said.line(headerLine)],
    [said.columns, Object.entries(mapping).map(([role, name]) => `${locale === "ru" ? (rolesRu[role] ?? role) : role} = ${name || said.unnamed}`).join(", ")],
    [said.rows, said.counts(told)],
    ...sums.map((sum) => [sum.currency, said.sum(sum)]),
  ]);
}
