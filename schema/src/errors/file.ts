import { errorGroup } from "./entry.ts";

/** Codes of the originals of imports and other files. */
export const fileErrors = errorGroup({
  "file.unknown": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "There is no such file.", ru: "Такого файла нет." },
    cause: { en: "It was not kept, has not arrived yet, or belongs to another company.", ru: "Его не сохранили, он ещё не пришёл или относится к другой компании." },
    remedy: { en: "Choose another file, or sync the device that imported it.", ru: "Выберите другой файл или синхронизируйте устройство, где его импортировали." },
  },
  "file.not_kept": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "The original of this import was not kept.", ru: "Исходный файл этого импорта не сохранён." },
    cause: { en: "It was larger than 50 MB, or was imported by a version that kept none.", ru: "Он был больше 50 МБ, или версия программы ещё не хранила исходные файлы." },
    remedy: { en: "Look for the file where you once got it from.", ru: "Найдите файл там, откуда вы его получили." },
  },
  "file.not_here": {
    httpStatus: 409,
    retryable: true,
    meaning: { en: "The file is still on another device.", ru: "Файл пока только на другом устройстве." },
    cause: { en: "The device that imported it has not sent it to the server yet.", ru: "Устройство, где его импортировали, ещё не отправило его на сервер." },
    remedy: { en: "Open Saldo on that device with a network, then try again.", ru: "Откройте Saldo на том устройстве при включённой сети и повторите." },
  },
  "file.wrong_offset": {
    httpStatus: 409,
    retryable: true,
    meaning: { en: "The upload goes on from another place.", ru: "Отправка продолжается с другого места." },
    cause: { en: "A part arrived twice or was cut on its way.", ru: "Часть пришла дважды или оборвалась в пути." },
    remedy: { en: "Nothing to do: the device goes on from the right place.", ru: "Делать ничего не нужно: устройство продолжит с нужного места." },
  },
  "file.busy": {
    httpStatus: 409,
    retryable: true,
    meaning: { en: "This file is being uploaded right now.", ru: "Этот файл сейчас отправляется." },
    cause: { en: "Another device, or an earlier request, is sending the same file.", ru: "Тот же файл отправляет другое устройство или более ранний запрос." },
    remedy: { en: "Nothing to do: the device tries again by itself.", ru: "Делать ничего не нужно: устройство повторит само." },
  },
  "file.damaged": {
    httpStatus: 422,
    retryable: true,
    meaning: { en: "The file's bytes are not those it was registered with; they were removed.", ru: "Содержимое файла не то, с которым он записан; оно удалено." },
    cause: { en: "It was damaged on its way or on the disk.", ru: "Оно повредилось в пути или на диске." },
    remedy: { en: "Nothing to do: a device that has it whole sends it again.", ru: "Делать ничего не нужно: устройство с целым файлом отправит его снова." },
  },
  "file.quota_full": {
    httpStatus: 413,
    retryable: false,
    meaning: { en: "There is no room left for this company's files.", ru: "Место для файлов этой компании закончилось." },
    cause: { en: "Its files together exceed what a company may keep.", ru: "Её файлы вместе больше, чем компания может хранить." },
    remedy: { en: "The file stays on the device that imported it; its rows are synced as ever.", ru: "Файл остаётся на устройстве, где его импортировали; строки синхронизируются как обычно." },
  },
  "file.storage_full": {
    httpStatus: 507,
    retryable: true,
    meaning: { en: "The server has no space left for files.", ru: "На сервере не осталось места для файлов." },
    cause: { en: "Its disk is full.", ru: "Его диск заполнен." },
    remedy: { en: "Nothing is lost: the device keeps the file and tries again later.", ru: "Ничего не пропало: файл остаётся на устройстве, отправка повторится позже." },
  },
});
