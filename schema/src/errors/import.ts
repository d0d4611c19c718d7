import { errorGroup } from "./entry.ts";

/** Codes of reading files. */
export const importErrors = errorGroup({
  "import.empty_file": {
    httpStatus: 422,
    retryable: false,
    meaning: { en: "The file is empty.", ru: "Файл пуст." },
    cause: { en: "It has no bytes, or only white space.", ru: "В нём нет данных или только пробелы." },
    remedy: { en: "Download the statement again and drop the new file.", ru: "Скачайте выписку заново и перетащите новый файл." },
  },
});
