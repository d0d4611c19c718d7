import { errorGroup } from "./entry.ts";

/** Codes of the sync part. */
export const syncErrors = errorGroup({
  "sync.unreachable": {
    httpStatus: 503,
    retryable: true,
    meaning: { en: "The server cannot be reached.", ru: "Сервер недоступен." },
    cause: { en: "There is no network, or the address of the server is wrong.", ru: "Нет сети, или адрес сервера неверен." },
    remedy: {
      en: "Check the network; what is not sent yet is kept and leaves by itself.",
      ru: "Проверьте сеть; неотправленное сохранено и уйдёт само.",
    },
  },
  "sync.unexpected_answer": {
    httpStatus: 502,
    retryable: true,
    meaning: { en: "The server gave an answer that cannot be read.", ru: "Сервер дал ответ, который не удаётся прочитать." },
    cause: { en: "Something between the device and the server answers instead of it, or their versions differ.", ru: "Вместо сервера отвечает что-то по пути, или версии расходятся." },
    remedy: { en: "Check the address of the server and update the app.", ru: "Проверьте адрес сервера и обновите приложение." },
  },
  "sync.stopped": {
    httpStatus: 503,
    retryable: true,
    meaning: { en: "Syncing was stopped before it was done.", ru: "Синхронизация остановлена до завершения." },
    cause: { en: "The program was closed or the command was interrupted.", ru: "Программу закрыли или команду прервали." },
    remedy: { en: "Start it again; it goes on from where it was.", ru: "Запустите снова; она продолжит с того же места." },
  },
  "sync.server_restored": {
    httpStatus: 503,
    retryable: true,
    meaning: { en: "The server was restored from a backup.", ru: "Сервер восстановлен из резервной копии." },
    cause: { en: "Its database is another one than this device synced with.", ru: "Его база уже не та, с которой синхронизировалось устройство." },
    remedy: {
      en: "Nothing has to be done: the device fetches everything anew and sends again what the server lost.",
      ru: "Делать ничего не нужно: устройство получит всё заново и пошлёт ещё раз то, что сервер потерял.",
    },
  },
  "sync.not_bound": {
    httpStatus: 409,
    retryable: false,
    meaning: { en: "This store belongs to another company or server.", ru: "Это хранилище относится к другой компании или серверу." },
    cause: { en: "It was synced before with a different server, user or company.", ru: "Его уже синхронизировали с другим сервером, пользователем или компанией." },
    remedy: { en: "Use a separate store for each company.", ru: "Заведите для каждой компании отдельное хранилище." },
  },
});
