import { errorGroup } from "./entry.ts";

const refused = { httpStatus: 422, retryable: false } as const;

/** Codes of putting a file that was read into the books. */
export const booksErrors = errorGroup({
  "import.no_rows": {
    ...refused,
    meaning: { en: "No transaction could be read from the file.", ru: "Из файла не удалось прочитать ни одной операции." },
    cause: { en: "Every row was refused, or there are none.", ru: "Все строки отклонены, или их нет." },
    remedy: { en: "Check that it is a statement with dates and amounts.", ru: "Проверьте, что это выписка с датами и суммами." },
  },
  "import.too_many_names": {
    ...refused,
    meaning: { en: "The file names too many accounts and categories.", ru: "В файле слишком много счетов и категорий." },
    cause: { en: "A column of texts was probably taken for the category or the account.", ru: "Вероятно, за категорию или счёт принят столбец с текстами." },
    remedy: { en: "Correct the mapping of the columns.", ru: "Исправьте назначение столбцов." },
  },
  "import.preview_gone": {
    ...refused,
    httpStatus: 410,
    meaning: { en: "The file that was checked is no longer at hand.", ru: "Проверенный файл больше не под рукой." },
    cause: { en: "Another file was dropped since, or the app was restarted.", ru: "С тех пор перетащили другой файл или приложение перезапустилось." },
    remedy: { en: "Drop the file again.", ru: "Перетащите файл снова." },
  },
  "export.currency_not_carried": {
    httpStatus: 422,
    retryable: false,
    meaning: { en: "This format cannot carry the currency of an account.", ru: "Этот формат не может передать валюту счёта." },
    cause: { en: "1C text knows the currency of an account by its 20-digit number alone; the account has none, or another currency than its number says.", ru: "В тексте 1С валюта известна только по двадцатизначному номеру счёта; у счёта его нет, или валюта не та, что в номере." },
    remedy: { en: "Export CSV or OFX, or give the account its number.", ru: "Выгрузите CSV или OFX либо укажите номер счёта." },
  },
  "import.cancelled": {
    ...refused,
    httpStatus: 499,
    meaning: { en: "The import was stopped; nothing of it was kept.", ru: "Импорт остановлен; ничего из него не сохранено." },
    cause: { en: "Someone stopped it.", ru: "Его остановили." },
    remedy: { en: "Import the file again when ready.", ru: "Импортируйте файл снова, когда будете готовы." },
  },
});
