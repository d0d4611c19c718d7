import { errorGroup } from "./entry.ts";

/** Codes of the line between a screen and the core. */
export const bridgeErrors = errorGroup({
  "bridge.invalid_message": {
    httpStatus: 400,
    retryable: false,
    meaning: { en: "The request could not be understood.", ru: "Запрос не удалось понять." },
    cause: { en: "The screen and the core are of different versions.", ru: "Экран и ядро разных версий." },
    remedy: { en: "Reload the page.", ru: "Обновите страницу." },
  },
  "bridge.unknown_method": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "This version does not have that action.", ru: "В этой версии такого действия нет." },
    cause: { en: "The screen is newer than the core it talks to.", ru: "Экран новее ядра, к которому он обращается." },
    remedy: { en: "Reload the page, closing its other tabs first.", ru: "Закройте другие вкладки и обновите страницу." },
  },
  "bridge.cancelled": {
    httpStatus: 499,
    retryable: true,
    meaning: { en: "The action was cancelled.", ru: "Действие отменено." },
    cause: { en: "You stopped it, or the window that asked for it was closed.", ru: "Вы его остановили, или окно, которое его начало, закрыто." },
    remedy: { en: "Start it again when you like; nothing was changed.", ru: "Запустите снова, когда захотите: ничего не изменилось." },
  },
  "bridge.disconnected": {
    httpStatus: 503,
    retryable: true,
    meaning: { en: "The answer did not arrive.", ru: "Ответ не пришёл." },
    cause: { en: "The tab that kept the data was closed; another one has taken over.", ru: "Вкладка, которая вела данные, закрыта; её место заняла другая." },
    remedy: { en: "Look whether the change is there, and repeat it if not.", ru: "Проверьте, есть ли изменение, и повторите, если его нет." },
  },
  "bridge.busy": {
    httpStatus: 429,
    retryable: true,
    meaning: { en: "Too much is being done at once.", ru: "Слишком много дел сразу." },
    cause: { en: "This window has asked for more than it may wait for.", ru: "Это окно запросило больше, чем может ждать." },
    remedy: { en: "Wait until something finishes.", ru: "Подождите, пока что-нибудь закончится." },
  },
  "bridge.preview_gone": {
    httpStatus: 410,
    retryable: false,
    meaning: { en: "What was read of the file is no longer kept.", ru: "Прочитанное из файла уже не хранится." },
    cause: { en: "Other files were read since, or another tab has taken over.", ru: "С тех пор прочитаны другие файлы, или работу взяла другая вкладка." },
    remedy: { en: "Choose the file again.", ru: "Выберите файл ещё раз." },
  },
  "bridge.internal": {
    httpStatus: 500,
    retryable: false,
    meaning: { en: "Something went wrong inside the program.", ru: "Внутри программы произошла ошибка." },
    cause: { en: "A fault of ours, not of your data.", ru: "Это наша ошибка, а не ваших данных." },
    remedy: { en: "Reload the page; what was saved is kept.", ru: "Обновите страницу: сохранённое не пропало." },
  },
});
