import { errorGroup } from "./entry.ts";

const unfit = { httpStatus: 422, retryable: false } as const;

/** Codes of giving categories to tables from outside. */
export const categoriseErrors = errorGroup({
  "categorise.no_column": {
    ...unfit,
    meaning: { en: "A table lacks a column that was asked for.", ru: "В таблице нет названного столбца." },
    cause: { en: "Its first line has no column of this name; the detail lists those it has.", ru: "В первой строке нет столбца с таким именем; имеющиеся перечислены в подробностях." },
    remedy: { en: "Name the columns as the first line does.", ru: "Назовите столбцы так, как в первой строке." },
  },
  "categorise.no_labels": {
    ...unfit,
    meaning: { en: "There is nothing to learn from.", ru: "Учиться не на чем." },
    cause: { en: "No row of the table has a category in the named column.", ru: "Ни в одной строке таблицы нет статьи в названном столбце." },
    remedy: { en: "Give a table some of whose rows have their category.", ru: "Дайте таблицу, где хотя бы у части строк есть статья." },
  },
});
