import { sayReason, type Question, type Understanding } from "@saldo/client-core/import";
import type { ImportPreview } from "../bridge/contract/import.ts";

interface Sentence {
  readonly en: string;
  readonly ru: string;
}

const asked: Readonly<Record<Question["code"], Sentence>> = {
  sheet: { en: "Which sheet holds the transactions?", ru: "На каком листе операции?" },
  hidden_rows: { en: "Do the hidden rows count?", ru: "Учитывать скрытые строки?" },
  fee: { en: "Do the fees come off the amounts?", ru: "Вычитать комиссии из сумм?" },
  date_order: { en: "In which order are day, month and year?", ru: "В каком порядке день, месяц и год?" },
  decimal: { en: "Which mark begins the cents?", ru: "Какой знак отделяет копейки?" },
  sign: { en: "Which amounts are money in and which are money out?", ru: "Какие суммы — приход, а какие — расход?" },
  currency: { en: "Is this the currency of the file?", ru: "Это валюта файла?" },
  column: { en: "Is the column named right?", ru: "Верно ли назван столбец?" },
  header: { en: "Is this the line of column names?", ru: "Это строка с названиями столбцов?" },
  encoding: { en: "In which encoding are the letters right?", ru: "В какой кодировке буквы верны?" },
  amount_split: { en: "Amounts look cut in two. What parts the columns?", ru: "Похоже, суммы разрезаны надвое. Чем разделены столбцы?" },
  delimiter: { en: "What parts the columns?", ru: "Чем разделены столбцы?" },
  outer_lines: { en: "Is the first or last line a payment?", ru: "Крайняя строка — это платёж?" },
  own_accounts: { en: "Which account is yours?", ru: "Какой счёт ваш?" },
};

const choiceWords: Readonly<Record<string, Sentence>> = {
  DMY: { en: "day, month, year", ru: "день, месяц, год" },
  MDY: { en: "month, day, year", ru: "месяц, день, год" },
  YMD: { en: "year, month, day", ru: "год, месяц, день" },
  ".": { en: "point", ru: "точка" },
  ",": { en: "comma", ru: "запятая" },
  ";": { en: "semicolon", ru: "точка с запятой" },
  "\t": { en: "tab", ru: "табуляция" },
  "|": { en: "vertical bar", ru: "вертикальная черта" },
  fixed: { en: "their places in the line", ru: "места в строке" },
  read: { en: "yes, read them", ru: "да, читать" },
  leave: { en: "no, leave them out", ru: "нет, пропустить" },
  apart: { en: "no, the amounts hold them", ru: "нет, они уже в суммах" },
  taken_off: { en: "yes, take them off", ru: "да, вычитать" },
  signed: { en: "plus is in, minus is out", ru: "плюс — приход, минус — расход" },
  signed_inverted: { en: "plus is out, minus is in", ru: "плюс — расход, минус — приход" },
  debit_credit: { en: "as the columns say", ru: "как названы столбцы" },
  debit_credit_inverted: { en: "the other way round", ru: "наоборот" },
  direction_column: { en: "as the words say", ru: "как сказано словами" },
  direction_column_inverted: { en: "the other way round", ru: "наоборот" },
  expense_list: { en: "all of them are out", ru: "все — расход" },
  income_list: { en: "all of them are in", ru: "все — приход" },
};

/** What a file leaves open and has ready answers; columns are corrected above the table instead. */
export function questionsOf(understanding: Understanding): ImportPreview["questions"] {
  return understanding.questions
    .filter(({ options, code }) => options.length > 1 && code !== "column")
    .map((question) => {
      const because = { en: sayReason(question.reason, "en"), ru: sayReason(question.reason, "ru") };
      const { en, ru } = asked[question.code];
      return {
        id: question.answerKey,
        text: { en: `${en} ${because.en}`, ru: `${ru} ${because.ru}` },
        choices: question.options.map((option) => ({ id: option, label: choiceWords[option] ?? { en: option, ru: option } })),
        chosen: question.chosen,
      };
    });
}
