import { errorGroup, type ErrorEntry } from "./entry.ts";

const otherDownload = {
  en: "In your bank, choose the CSV download and drop that file.",
  ru: "Выберите в банке выгрузку в CSV и перетащите этот файл.",
};

/** A file we recognised as something that is not delimited text. */
function notTable(en: string, ru: string, remedy: ErrorEntry["remedy"] = otherDownload): ErrorEntry {
  return {
    httpStatus: 422,
    retryable: false,
    meaning: { en: `The file is ${en}, not a table of transactions.`, ru: `Файл — ${ru}, а не таблица операций.` },
    cause: { en: "Its first bytes say so, whatever its name ends with.", ru: "Об этом говорят его первые байты, каким бы ни было имя." },
    remedy,
  };
}

/** A file that breaks a rule or a limit of reading. */
function unreadable(meaning: ErrorEntry["meaning"], cause: ErrorEntry["cause"], remedy: ErrorEntry["remedy"]): ErrorEntry {
  return { httpStatus: 422, retryable: false, meaning, cause, remedy };
}

/** Codes of reading files. */
export const importErrors = errorGroup({
  "import.empty_file": unreadable(
    { en: "The file is empty.", ru: "Файл пуст." },
    { en: "It has no bytes, or only white space.", ru: "В нём нет данных или только пробелы." },
    { en: "Download the statement again and drop the new file.", ru: "Скачайте выписку заново и перетащите новый файл." },
  ),
  "import.is_image": notTable("a picture", "картинка"),
  "import.is_pdf": notTable("a PDF document", "документ PDF"),
  "import.archive_nested": unreadable(
    { en: "There is an archive inside the archive.", ru: "Внутри архива ещё один архив." },
    { en: "We look into one archive only; its name is in the detail.", ru: "Мы заглядываем только в один архив; его имя в подробностях." },
    { en: "Unpack the outer archive and drop the inner one.", ru: "Распакуйте внешний архив и перетащите внутренний." },
  ),
  "import.archive_empty": unreadable(
    { en: "There is no statement in the archive.", ru: "В архиве нет выписки." },
    { en: "It is empty, or holds only pictures and documents.", ru: "Он пуст или содержит только картинки и документы." },
    { en: "Download the statement itself: CSV, a workbook, or a bank format.", ru: "Скачайте саму выписку: CSV, таблицу или формат банка." },
  ),
  "import.is_archive": notTable("an archive", "архив", { en: "Unpack it and drop the statement inside.", ru: "Распакуйте его и перетащите выписку изнутри." }),
  "import.is_web_page": notTable("a web page", "веб-страница", {
    en: "If a spreadsheet program opens it as a table (some banks name a web page .xls), save it there as XLSX or CSV. If it is a sign-in page, sign in to the bank and download again.",
    ru: "Если табличный редактор открывает его как таблицу (некоторые банки так называют .xls веб-страницу), сохраните его там как XLSX или CSV. Если это страница входа, войдите в банк и скачайте файл ещё раз.",
  }),
  "import.is_structured_text": notTable("structured text (XML, JSON or RTF)", "структурированный текст (XML, JSON или RTF)"),
  "import.is_binary": notTable("binary data of an unknown kind", "двоичные данные неизвестного вида"),
  "import.file_changed": unreadable(
    { en: "The file was changed while it was read.", ru: "Файл изменился, пока мы его читали." },
    { en: "Another program wrote to it, moved it or removed it, or its disk was taken away.", ru: "Другая программа записала в него, переместила или удалила его, либо отключён диск." },
    { en: "Choose the file again.", ru: "Выберите файл ещё раз." },
  ),
  "import.file_too_large": unreadable(
    { en: "The file is larger than we read.", ru: "Файл больше, чем мы читаем." },
    { en: "It has more bytes than the limit in the detail.", ru: "В нём больше байтов, чем предел в подробностях." },
    { en: "Download a shorter period.", ru: "Скачайте выписку за меньший срок." },
  ),
  "import.too_many_rows": unreadable(
    { en: "The file has more rows than we read.", ru: "В файле больше строк, чем мы читаем." },
    { en: "It has more records than the limit in the detail.", ru: "В нём больше записей, чем предел в подробностях." },
    { en: "Download a shorter period.", ru: "Скачайте выписку за меньший срок." },
  ),
  "import.nul_bytes": unreadable(
    { en: "The file holds NUL bytes.", ru: "В файле есть нулевые байты." },
    { en: "It was damaged on the way, or it is not text.", ru: "Он повреждён по дороге или это не текст." },
    { en: "Download it again; the detail names the first such line.", ru: "Скачайте его снова; первая такая строка названа в подробностях." },
  ),
  "import.unclosed_quote": unreadable(
    { en: "A quotation mark is opened and never closed.", ru: "Кавычка открыта и не закрыта." },
    { en: "The file was cut off, or a cell begins with a stray quotation mark.", ru: "Файл обрезан, или ячейка начинается с лишней кавычки." },
    { en: "Mend the line named in the detail, or download the file again.", ru: "Исправьте строку из подробностей или скачайте файл снова." },
  ),
  "import.too_many_columns": unreadable(
    { en: "A line has more columns than we read.", ru: "В строке больше столбцов, чем мы читаем." },
    { en: "It has more cells than the limit in the detail.", ru: "В ней больше ячеек, чем предел в подробностях." },
    { en: "Remove the extra columns, or download the file again.", ru: "Уберите лишние столбцы или скачайте файл снова." },
  ),
  "import.cell_too_long": unreadable(
    { en: "A cell is longer than we read.", ru: "Ячейка длиннее, чем мы читаем." },
    { en: "It has more characters than the limit in the detail.", ru: "В ней больше знаков, чем предел в подробностях." },
    { en: "Shorten the cell on the line named in the detail.", ru: "Сократите ячейку в строке из подробностей." },
  ),
  "import.line_too_long": unreadable(
    { en: "A line is longer than we read.", ru: "Строка длиннее, чем мы читаем." },
    { en: "It has more characters than the limit in the detail; often the file has lost its line breaks.", ru: "В ней больше знаков, чем предел в подробностях; часто файл потерял переводы строк." },
    { en: "Download the file again.", ru: "Скачайте файл снова." },
  ),
  "import.cut_off": unreadable(
    { en: "The file breaks off before its end.", ru: "Файл обрывается, не дойдя до конца." },
    { en: "The last line of the format is missing; what begins on the line in the detail has no end.", ru: "Нет последней строки формата; то, что начато в строке из подробностей, не закончено." },
    { en: "Download the statement again: part of it may be missing.", ru: "Скачайте выписку снова: часть её могла пропасть." },
  ),
  "import.format_damaged": unreadable(
    { en: "The file begins like a bank exchange format and then breaks its rules.", ru: "Файл начинается как формат банковского обмена, но дальше нарушает его правила." },
    { en: "It was damaged or edited by hand; the detail names the line and the format.", ru: "Он повреждён или правлен вручную; строка и формат названы в подробностях." },
    { en: "Download the statement again, or choose another format in the bank.", ru: "Скачайте выписку снова или выберите в банке другой формат." },
  ),
  "import.no_statement": unreadable(
    { en: "There is no statement in the file.", ru: "В файле нет ни одной выписки." },
    { en: "It is of a bank exchange format, but holds no account with its transactions; often it is the bank's error answer.", ru: "Это файл банковского обмена, но в нём нет счёта с операциями; часто это ответ банка об ошибке." },
    { en: "Choose the account and the period in the bank and download again.", ru: "Выберите в банке счёт и период и скачайте снова." },
  ),
  "import.xml_document_type": unreadable(
    { en: "The file declares a document type of its own.", ru: "Файл объявляет собственный тип документа." },
    { en: "Statements need none; such declarations can make a reader swell or open other files.", ru: "Выпискам он не нужен; такими объявлениями можно заставить читающего разбухнуть или открыть другие файлы." },
    { en: "Download the statement from the bank itself again.", ru: "Скачайте выписку снова из самого банка." },
  ),
  "import.too_many_statements": unreadable(
    { en: "The file has more statements than we read.", ru: "В файле больше выписок, чем мы читаем." },
    { en: "It has more accounts or periods than the limit in the detail.", ru: "В нём больше счетов или периодов, чем предел в подробностях." },
    { en: "Download a shorter period, or fewer accounts at a time.", ru: "Скачайте меньший срок или меньше счетов за раз." },
  ),
  "import.no_table": unreadable(
    { en: "We found no table in the file.", ru: "Мы не нашли в файле таблицы." },
    { en: "No delimiter splits its lines into columns.", ru: "Ни один разделитель не делит его строки на столбцы." },
    otherDownload,
  ),
  "import.no_date_column": unreadable(
    { en: "We found no column with dates.", ru: "Мы не нашли столбца с датами." },
    { en: "The file may be a summary, not a list of transactions.", ru: "Возможно, это сводка, а не список операций." },
    { en: "Say which column holds the date, or download the list of transactions.", ru: "Укажите столбец с датой или скачайте список операций." },
  ),
  "import.no_amount_column": unreadable(
    { en: "We found no column with amounts.", ru: "Мы не нашли столбца с суммами." },
    { en: "The file may be a summary, not a list of transactions.", ru: "Возможно, это сводка, а не список операций." },
    { en: "Say which column holds the amount, or download the list of transactions.", ru: "Укажите столбец с суммой или скачайте список операций." },
  ),
});
