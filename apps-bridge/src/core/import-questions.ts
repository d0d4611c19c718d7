import { type Answers, type DateOrder, type Question, type SignConvention, type TextEncoding } from "@saldo/client-core/import";
import { z } from "zod";
import type { ImportPreview, importMethods } from "../bridge/contract/import.ts";
import type { ParamsOut } from "../bridge/methods.ts";

type Overrides = ParamsOut<(typeof importMethods)["import.commit"]>["overrides"];
type Sentence = { readonly en: string; readonly ru: string };

const titles: Readonly<Record<Question["code"], Sentence>> = {
  date_order: { en: "Which comes first in the dates?", ru: "Что в датах стоит первым?" },
  decimal: { en: "Which mark separates the cents?", ru: "Какой знак отделяет копейки?" },
  sign: { en: "What do the amounts mean?", ru: "Что означают суммы?" },
  currency: { en: "Which currency is this?", ru: "Какая это валюта?" },
  column: { en: "Check the columns.", ru: "Проверьте столбцы." },
  header: { en: "Which line holds the names of the columns?", ru: "В какой строке названия столбцов?" },
  encoding: { en: "Are the letters right?", ru: "Буквы прочитаны верно?" },
  amount_split: { en: "Amounts look cut in two.", ru: "Похоже, суммы разрезаны надвое." },
  delimiter: { en: "What separates the columns?", ru: "Чем разделены столбцы?" },
};

const labels: Readonly<Record<string, Sentence>> = {
  DMY: { en: "Day, month, year", ru: "День, месяц, год" },
  MDY: { en: "Month, day, year", ru: "Месяц, день, год" },
  YMD: { en: "Year, month, day", ru: "Год, месяц, день" },
  ".": { en: "Point: 1,234.50", ru: "Точка: 1,234.50" },
  ",": { en: "Comma", ru: "Запятая" },
  ";": { en: "Semicolon", ru: "Точка с запятой" },
  "\t": { en: "Tab", ru: "Табуляция" },
  "|": { en: "Bar", ru: "Вертикальная черта" },
  signed: { en: "Plus comes in, minus goes out", ru: "Плюс — приход, минус — расход" },
  signed_inverted: { en: "Plus goes out, minus comes in", ru: "Плюс — расход, минус — приход" },
  expense_list: { en: "All are expenses", ru: "Всё это расходы" },
  income_list: { en: "All are income", ru: "Всё это приход" },
  debit_credit: { en: "Debit goes out, credit comes in", ru: "Дебет — расход, кредит — приход" },
  debit_credit_inverted: { en: "Debit comes in, credit goes out", ru: "Дебет — приход, кредит — расход" },
  "utf-8": { en: "UTF-8", ru: "UTF-8" },
  "windows-1251": { en: "Windows-1251 (Cyrillic)", ru: "Windows-1251 (кириллица)" },
  "windows-1252": { en: "Windows-1252 (Western)", ru: "Windows-1252 (западная)" },
  ibm866: { en: "CP866 (DOS)", ru: "CP866 (DOS)" },
};

/** Currencies offered when the file does not name its own. */
const offeredCurrencies = ["RUB", "USD", "EUR", "GBP", "KZT", "BYN"];

/** A question as the screen asks it; one without choices (a column's role) is answered in the table of columns instead. */
export function choicesOf(question: Question, why: Sentence): ImportPreview["questions"] {
  const options = question.code === "currency" ? [...new Set([...question.options, ...offeredCurrencies])] : question.options;
  if (options.length === 0) return [];
  const title = titles[question.code];
  return [
    {
      id: question.answerKey,
      text: { en: `${title.en} ${why.en}`, ru: `${title.ru} ${why.ru}` },
      choices: options.map((id) => ({ id, label: labels[id] ?? { en: id, ru: id } })),
      chosen: question.chosen,
    },
  ];
}

const answers = {
  encoding: z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1251", "windows-1252", "ibm866"]) satisfies z.ZodType<TextEncoding>,
  dateOrder: z.enum(["DMY", "MDY", "YMD", "serial"]) satisfies z.ZodType<DateOrder>,
  decimal: z.enum([".", ","]),
  sign: z.enum([
    "signed",
    "signed_inverted",
    "debit_credit",
    "debit_credit_inverted",
    "debit_credit_signed",
    "direction_column",
    "expense_list",
    "income_list",
  ]) satisfies z.ZodType<SignConvention>,
  currency: z.string().regex(/^[A-Z]{3}$/),
  delimiter: z.string().length(1),
};

const answerShape = z.object(answers).partial();

/** What a person chose, as the reader takes it; a choice that is none of ours is passed over. */
export function answersOf(overrides: Overrides): Answers {
  const given = Object.fromEntries((overrides?.answers ?? []).map(({ questionId, choiceId }) => [questionId, choiceId]));
  const parsed = answerShape.safeParse(given);
  const columns = Object.fromEntries((overrides?.roles ?? []).map(({ index, role }) => [index, role]));
  return { ...(parsed.success ? defined(parsed.data) : {}), ...(Object.keys(columns).length > 0 ? { columns } : {}) };
}

function defined(parsed: z.infer<typeof answerShape>): Answers {
  const { encoding, dateOrder, decimal, sign, currency, delimiter } = parsed;
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(decimal === undefined ? {} : { decimal }),
    ...(sign === undefined ? {} : { sign }),
    ...(currency === undefined ? {} : { currency }),
    ...(delimiter === undefined ? {} : { delimiter }),
  };
}
