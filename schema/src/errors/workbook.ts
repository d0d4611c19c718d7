import { errorGroup, type ErrorEntry } from "./entry.ts";

function unreadable(meaning: ErrorEntry["meaning"], cause: ErrorEntry["cause"], remedy: ErrorEntry["remedy"]): ErrorEntry {
  return { httpStatus: 422, retryable: false, meaning, cause, remedy };
}

const downloadAgain = { en: "Download the file again.", ru: "Скачайте файл снова." };
const saveAnew = {
  en: "Open it in a spreadsheet program, save it under another name as XLSX, and drop that file.",
  ru: "Откройте его в программе таблиц, сохраните под другим именем в XLSX и перетащите этот файл.",
};

/** Codes of reading workbooks, and of the archives most of them are. */
export const workbookErrors = errorGroup({
  "import.archive_damaged": unreadable(
    { en: "The archive or workbook is damaged.", ru: "Архив или книга повреждены." },
    { en: "It was cut off on its way, or what it says of its parts is not true.", ru: "Файл обрезан по дороге, или сведения о его частях неверны." },
    downloadAgain,
  ),
  "import.archive_encrypted": unreadable(
    { en: "The archive is protected by a password.", ru: "Архив защищён паролем." },
    { en: "Its parts are encrypted.", ru: "Его части зашифрованы." },
    { en: "Unpack it with the password and drop the statement inside.", ru: "Распакуйте его с паролем и перетащите выписку изнутри." },
  ),
  "import.too_many_entries": unreadable(
    { en: "The archive has more parts than we read.", ru: "В архиве больше частей, чем мы читаем." },
    { en: "It has more entries than the limit in the detail.", ru: "В нём больше записей, чем предел в подробностях." },
    { en: "Unpack it and drop the statements in smaller groups.", ru: "Распакуйте его и перетащите выписки частями." },
  ),
  "import.inflates_too_far": unreadable(
    { en: "The file unpacks to far more than we read.", ru: "Файл распаковывается в гораздо больший объём, чем мы читаем." },
    { en: "It is empty space packed small, or was made to do harm.", ru: "В нём упакована пустота, или он сделан со злым умыслом." },
    saveAnew,
  ),
  "import.xml_damaged": unreadable(
    { en: "A part of the file is broken XML.", ru: "Часть файла — испорченный XML." },
    { en: "The part named in the detail was cut off or changed by hand, or declares entities of its own.", ru: "Часть из подробностей обрезана, изменена вручную или объявляет свои сущности." },
    { en: "Download the file again; a workbook may also be saved anew as XLSX.", ru: "Скачайте файл снова; книгу можно и сохранить заново в XLSX." },
  ),
  "import.workbook_encrypted": unreadable(
    { en: "The workbook is protected by a password.", ru: "Книга защищена паролем." },
    { en: "Its contents are encrypted.", ru: "Её содержимое зашифровано." },
    { en: "Open it with the password, remove the protection, save it, and drop it again.", ru: "Откройте её с паролем, снимите защиту, сохраните и перетащите снова." },
  ),
  "import.workbook_too_large": unreadable(
    { en: "The workbook holds more text than we keep in memory.", ru: "В книге больше текста, чем мы держим в памяти." },
    { en: "The texts its cells share exceed the limit in the detail.", ru: "Общие тексты её ячеек превышают предел в подробностях." },
    { en: "Save the sheet with the transactions as CSV and drop that file.", ru: "Сохраните лист с операциями в CSV и перетащите этот файл." },
  ),
  "import.empty_workbook": unreadable(
    { en: "The workbook is empty.", ru: "Книга пуста." },
    { en: "No sheet of it holds a cell.", ru: "Ни на одном листе нет данных." },
    { en: "Download the statement again and drop the new file.", ru: "Скачайте выписку заново и перетащите новый файл." },
  ),
});
