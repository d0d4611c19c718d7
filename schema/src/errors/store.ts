import { errorGroup } from "./entry.ts";

const broken = { httpStatus: 500, retryable: false } as const;
const later = { httpStatus: 503, retryable: true } as const;

/** Codes of the database on a device, and of a server's Postgres read with the same code. */
export const storeErrors = errorGroup({
  "store.in_use": {
    ...later,
    httpStatus: 409,
    meaning: { en: "Another program has this company's database open.", ru: "База этой компании открыта другой программой." },
    cause: { en: "A second copy of the app or a command is working on the same folder.", ru: "Вторая копия приложения или команда работает с той же папкой." },
    remedy: { en: "Close the other one and try again.", ru: "Закройте её и повторите." },
  },
  "store.damaged": {
    ...broken,
    meaning: { en: "The database file is damaged.", ru: "Файл базы данных повреждён." },
    cause: { en: "The disk failed, or something else changed the file.", ru: "Сбой диска, или файл изменила другая программа." },
    remedy: {
      en: "Start the app again, or run saldo sync: the file is set aside, what was not sent is saved from it, and the rest is fetched again.",
      ru: "Запустите приложение ещё раз или выполните saldo sync: файл будет отложен, неотправленное сохранено из него, остальное получено заново.",
    },
  },
  "store.not_started": {
    ...broken,
    retryable: true,
    meaning: { en: "The books on this device cannot be opened.", ru: "Учёт на этом устройстве не открывается." },
    cause: { en: "The files of their database are damaged, or could not be read this time.", ru: "Файлы их базы повреждены, или их не удалось прочесть в этот раз." },
    remedy: {
      en: "Try again. If it repeats, save the files and start afresh: what had been sent is fetched again.",
      ru: "Повторите. Если не помогло, сохраните файлы и начните заново: всё отправленное будет получено снова.",
    },
  },
  "store.mended": {
    ...broken,
    meaning: { en: "The database file was damaged: it was set aside and a new one made.", ru: "Файл базы данных был повреждён: он отложен, создан новый." },
    cause: { en: "The disk failed, the computer lost power, or something else changed the file.", ru: "Сбой диска, пропало питание, или файл изменила другая программа." },
    remedy: {
      en: "Sync to fetch everything again. Unsent changes that could be read are kept; the old file stays beside the new one.",
      ru: "Синхронизируйтесь, чтобы получить всё заново. Неотправленные правки, которые удалось прочесть, сохранены; старый файл лежит рядом с новым.",
    },
  },
  "store.disk_full": {
    ...later,
    httpStatus: 507,
    meaning: { en: "There is no space left to save.", ru: "Нет места для сохранения." },
    cause: { en: "The disk, or the browser's share of it, is full.", ru: "Диск или выделенная браузеру часть заполнены." },
    remedy: { en: "Free some space and try again; nothing was saved by halves.", ru: "Освободите место и повторите; ничего не сохранено наполовину." },
  },
  "store.archive_too_large": {
    ...broken,
    meaning: { en: "The files are too large for one archive.", ru: "Файлы слишком велики для одного архива." },
    cause: { en: "A ZIP archive holds 4 GB and 65,535 files.", ru: "В ZIP-архив помещается 4 ГБ и 65 535 файлов." },
    remedy: { en: "They stay where they are: copy the browser's own folder of this profile instead.", ru: "Они остаются на месте: скопируйте вместо этого папку профиля браузера." },
  },
  "store.cannot_open": {
    ...broken,
    meaning: { en: "The database file cannot be opened.", ru: "Файл базы данных не открывается." },
    cause: { en: "The folder does not exist, or the program may not write there.", ru: "Папки нет, или программе нельзя в неё писать." },
    remedy: { en: "Check the folder and the rights to it.", ru: "Проверьте папку и права на неё." },
  },
  "store.io_failed": {
    ...later,
    meaning: { en: "Reading or writing the database failed.", ru: "Не удалось прочитать или записать базу." },
    cause: { en: "The disk or the connection to the database broke off.", ru: "Диск или связь с базой прервались." },
    remedy: { en: "Try again; if it repeats, check the disk.", ru: "Повторите; если не помогло, проверьте диск." },
  },
  "store.newer_schema": {
    ...broken,
    httpStatus: 409,
    meaning: { en: "The database was made by a newer version of the app.", ru: "База создана более новой версией приложения." },
    cause: { en: "This copy of the app is older than the one used before.", ru: "Эта копия приложения старше той, что работала раньше." },
    remedy: { en: "Update the app.", ru: "Обновите приложение." },
  },
  "store.key_exists": {
    ...broken,
    httpStatus: 409,
    meaning: { en: "A row with this key is already there.", ru: "Строка с таким ключом уже есть." },
    cause: { en: "The same row was written before.", ru: "Та же строка записана раньше." },
    remedy: { en: "Discard the change.", ru: "Отбросьте правку." },
  },
  "store.queue_full": {
    ...later,
    meaning: { en: "Too many operations wait for the database.", ru: "Слишком много операций ждут базу." },
    cause: { en: "Changes come faster than they can be saved.", ru: "Правки поступают быстрее, чем сохраняются." },
    remedy: { en: "Wait a little and try again.", ru: "Подождите немного и повторите." },
  },
  "store.closed": {
    ...broken,
    meaning: { en: "The database is closed.", ru: "База закрыта." },
    cause: { en: "The app is shutting down or switching companies.", ru: "Приложение закрывается или переключает компанию." },
    remedy: { en: "Open it again.", ru: "Откройте её снова." },
  },
});
