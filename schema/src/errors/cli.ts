import { errorGroup } from "./entry.ts";

const usage = { httpStatus: 400, retryable: false } as const;

/** Codes of the command line. */
export const cliErrors = errorGroup({
  "cli.wrong_usage": {
    ...usage,
    meaning: { en: "The command was not understood.", ru: "Команда не понята." },
    cause: { en: "An argument or option is missing, unknown or not of its form.", ru: "Аргумент или параметр пропущен, неизвестен или не того вида." },
    remedy: { en: "See the command's --help.", ru: "Посмотрите --help этой команды." },
  },
  "cli.file_unreadable": {
    ...usage,
    meaning: { en: "The file cannot be read.", ru: "Файл не удаётся прочитать." },
    cause: { en: "It does not exist, is a folder, or you may not read it.", ru: "Его нет, это папка, или нет права на чтение." },
    remedy: { en: "Check the path.", ru: "Проверьте путь." },
  },
  "cli.folder_empty": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "The folder holds no file.", ru: "В папке нет файлов." },
    cause: { en: "It is empty, or its files are hidden.", ru: "Она пуста, или её файлы скрыты." },
    remedy: { en: "Check the path, or name the files themselves.", ru: "Проверьте путь или назовите сами файлы." },
  },
  "cli.folder_too_large": {
    httpStatus: 413,
    retryable: false,
    meaning: { en: "The folder holds more files than are imported at once.", ru: "В папке больше файлов, чем импортируется за раз." },
    cause: { en: "It has more files than the limit in the detail, those of its folders among them.", ru: "Файлов в ней и её папках больше, чем предел в подробностях." },
    remedy: { en: "Name a folder with fewer files.", ru: "Назовите папку, где файлов меньше." },
  },
  "cli.file_too_large": {
    ...usage,
    httpStatus: 413,
    meaning: { en: "The file is too large.", ru: "Файл слишком велик." },
    cause: { en: "One file may have 256 MB.", ru: "Один файл может занимать 256 МБ." },
    remedy: { en: "Export a shorter period, or several files.", ru: "Выгрузите период покороче или несколько файлов." },
  },
  "cli.output_unwritable": {
    ...usage,
    meaning: { en: "The file cannot be written.", ru: "Файл не удаётся записать." },
    cause: { en: "There is one of this name already, or you may not write there.", ru: "Файл с таким именем уже есть, или туда нельзя писать." },
    remedy: { en: "Choose another path.", ru: "Выберите другой путь." },
  },
  "cli.store_missing": {
    ...usage,
    meaning: { en: "There are no books in this folder.", ru: "В этой папке нет учёта." },
    cause: { en: "Nothing was imported or synced into it yet.", ru: "В неё ещё ничего не импортировали и не синхронизировали." },
    remedy: { en: "Run saldo import or saldo sync with this --store first.", ru: "Сначала выполните saldo import или saldo sync с этой --store." },
  },
  "cli.password_missing": {
    ...usage,
    meaning: { en: "A password is needed.", ru: "Нужен пароль." },
    cause: { en: "There is no open session for this store, and no password was given.", ru: "Для этой папки нет открытого сеанса, и пароль не указан." },
    remedy: { en: "Set SALDO_PASSWORD, use --password-stdin, or run in a terminal to be asked.", ru: "Задайте SALDO_PASSWORD, используйте --password-stdin или запустите в терминале." },
  },
  "cli.several_workspaces": {
    ...usage,
    meaning: { en: "You belong to several companies.", ru: "Вы состоите в нескольких компаниях." },
    cause: { en: "It is not clear which one this store is for.", ru: "Неясно, для какой из них эта папка." },
    remedy: { en: "Name it with --workspace.", ru: "Укажите её в --workspace." },
  },
  "cli.job_missing": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "There is no such job.", ru: "Такого задания нет." },
    cause: { en: "No job has this id, or it was not given up, was asked for again, or is done with.", ru: "Задания с таким номером нет, либо его не прекращали, запросили снова или уже разобрали." },
    remedy: { en: "See saldo admin jobs list.", ru: "Посмотрите saldo admin jobs list." },
  },
  "cli.scenario_missing": {
    ...usage,
    httpStatus: 404,
    meaning: { en: "There is no such scenario.", ru: "Такого сценария нет." },
    cause: { en: "No saved scenario of these books has this name.", ru: "В этом учёте нет сохранённого сценария с таким названием." },
    remedy: { en: "List the scenarios with saldo scenarios.", ru: "Посмотрите список: saldo scenarios." },
  },
  "cli.database_unreachable": {
    httpStatus: 503,
    retryable: true,
    meaning: { en: "The server's database does not answer as it should.", ru: "База данных сервера не отвечает как следует." },
    cause: { en: "It is not running, DATABASE_URL names another one, or the relay has not made its tables.", ru: "Она не запущена, DATABASE_URL указывает на другую, или сервер ещё не создал в ней таблицы." },
    remedy: { en: "Check DATABASE_URL and that the relay has started once.", ru: "Проверьте DATABASE_URL и то, что сервер хотя бы раз запускался." },
  },
  "cli.interrupted": {
    ...usage,
    meaning: { en: "Stopped; nothing was half-written.", ru: "Остановлено; ничего не записано наполовину." },
    cause: { en: "The command was interrupted.", ru: "Команду прервали." },
    remedy: { en: "Run it again when ready.", ru: "Запустите снова, когда будете готовы." },
  },
  "cli.output_failed": {
    ...usage,
    httpStatus: 507,
    meaning: { en: "The output could not be written.", ru: "Вывод не удалось записать." },
    cause: { en: "The disk is full, or whatever receives the output has failed.", ru: "Диск заполнен, или тот, кто принимает вывод, дал сбой." },
    remedy: { en: "Write it somewhere else.", ru: "Запишите его в другое место." },
  },
  "cli.nothing_to_undo": {
    ...usage,
    httpStatus: 404,
    meaning: { en: "There is nothing like this to undo.", ru: "Отменять здесь нечего." },
    cause: { en: "No such import or change of a scenario is left in these books, or it is undone already.", ru: "В этом учёте нет такого импорта или изменения сценария, либо его уже отменили." },
    remedy: { en: "List the imports with saldo imports, the scenarios with saldo scenarios.", ru: "Посмотрите списки: saldo imports, saldo scenarios." },
  },
  "cli.unexpected": {
    httpStatus: 500,
    retryable: false,
    meaning: { en: "Something went wrong that should not have.", ru: "Случилось то, чего не должно было." },
    cause: { en: "This is a fault of Saldo.", ru: "Это ошибка Saldo." },
    remedy: { en: "Run again with SALDO_DEBUG=1 and report what it prints.", ru: "Запустите с SALDO_DEBUG=1 и сообщите, что напечатано." },
  },
});
