import { errorGroup } from "./entry.ts";

/** Codes the relay answers uploads and requests with. */
export const relayErrors = errorGroup({
  "relay.invalid_upload": {
    httpStatus: 400,
    retryable: true,
    meaning: { en: "The changes arrived damaged; nothing was applied.", ru: "Правки пришли повреждёнными; ничего не применено." },
    cause: { en: "The connection was cut or something in between changed the body.", ru: "Связь оборвалась, или что-то по пути изменило данные." },
    remedy: { en: "Nothing to do: the device sends them again.", ru: "Делать ничего не нужно: устройство отправит их снова." },
  },
  "relay.sequence_gap": {
    httpStatus: 409,
    retryable: true,
    meaning: { en: "Changes arrived out of order; nothing was applied.", ru: "Правки пришли не по порядку; ничего не применено." },
    cause: { en: "An earlier upload has not arrived yet.", ru: "Более ранняя отправка ещё не пришла." },
    remedy: { en: "Nothing to do: the device continues from the expected number.", ru: "Делать ничего не нужно: устройство продолжит с нужного места." },
  },
  "relay.sequence_reused": {
    httpStatus: 422,
    retryable: false,
    meaning: { en: "The server already has a different change under this number.", ru: "У сервера под этим номером уже есть другая правка." },
    cause: { en: "The device was restored from an older copy.", ru: "Устройство восстановлено из старой копии." },
    remedy: { en: "Nothing to do: the device takes a new identity and sends the change again.", ru: "Делать ничего не нужно: устройство возьмёт новый номер и отправит правку снова." },
  },
  "relay.client_unknown": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "The server does not know this device.", ru: "Сервер не знает это устройство." },
    cause: { en: "It has not registered, or it belongs to someone else.", ru: "Оно не зарегистрировано или принадлежит другому." },
    remedy: { en: "Sign in again on this device.", ru: "Войдите на этом устройстве снова." },
  },
  "relay.too_large": {
    httpStatus: 413,
    retryable: false,
    meaning: { en: "The request is too large.", ru: "Запрос слишком велик." },
    cause: { en: "It exceeds the limit of this endpoint.", ru: "Он больше допустимого для этого адреса." },
    remedy: { en: "Send it in smaller parts.", ru: "Отправьте по частям." },
  },
  "relay.shape_unknown": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "There is no such data set for you.", ru: "Такого набора данных у вас нет." },
    cause: { en: "The name is not registered, or the scope is not yours.", ru: "Имя не зарегистрировано, или область не ваша." },
    remedy: { en: "Update the app or choose one of your own workspaces.", ru: "Обновите приложение или выберите свою компанию." },
  },
  "relay.not_found": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "There is nothing at this address.", ru: "По этому адресу ничего нет." },
    cause: { en: "The path or the method is wrong.", ru: "Неверный путь или метод." },
    remedy: { en: "Check the address.", ru: "Проверьте адрес." },
  },
  "relay.invalid_request": {
    httpStatus: 400,
    retryable: false,
    meaning: { en: "The request cannot be read.", ru: "Запрос не удаётся прочитать." },
    cause: { en: "A field is missing or not of the right form.", ru: "Поле пропущено или не того вида." },
    remedy: { en: "Update the app and try again.", ru: "Обновите приложение и повторите." },
  },
  "relay.update_required": {
    httpStatus: 426,
    retryable: false,
    meaning: { en: "This version of the app is too old for the server.", ru: "Эта версия приложения слишком стара для сервера." },
    cause: { en: "The format of the data has changed since.", ru: "С тех пор изменился формат данных." },
    remedy: { en: "Update the app; what is not sent yet is kept.", ru: "Обновите приложение; неотправленное сохранится." },
  },
  "relay.unavailable": {
    httpStatus: 503,
    retryable: true,
    meaning: { en: "The server cannot answer right now.", ru: "Сервер сейчас не может ответить." },
    cause: { en: "It is starting, stopping or its database is away.", ru: "Он запускается, останавливается, или недоступна его база." },
    remedy: { en: "Nothing to do: the device tries again by itself.", ru: "Делать ничего не нужно: устройство повторит само." },
  },
});
