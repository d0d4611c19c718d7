import { errorGroup } from "./entry.ts";

/** Codes of sign-up, sign-in, tokens and rights. */
export const authErrors = errorGroup({
  "auth.required": {
    httpStatus: 401,
    retryable: false,
    meaning: { en: "You are not signed in.", ru: "Вы не вошли." },
    cause: { en: "The session or sync token is missing, expired or not ours.", ru: "Нет сеанса или ключа синхронизации, либо их срок истёк." },
    remedy: { en: "Sign in again; nothing saved on this device is lost.", ru: "Войдите снова; сохранённое на устройстве не пропадёт." },
  },
  "auth.wrong_credentials": {
    httpStatus: 401,
    retryable: false,
    meaning: { en: "The email or the password is wrong.", ru: "Почта или пароль неверны." },
    cause: { en: "No account has this email with this password.", ru: "Нет учётной записи с такой почтой и паролем." },
    remedy: { en: "Check both and try again.", ru: "Проверьте и попробуйте ещё раз." },
  },
  "auth.email_taken": {
    httpStatus: 422,
    retryable: false,
    meaning: { en: "This email already has an account.", ru: "С этой почтой уже есть учётная запись." },
    cause: { en: "Someone signed up with it before.", ru: "С ней уже регистрировались." },
    remedy: { en: "Sign in instead.", ru: "Войдите вместо регистрации." },
  },
  "auth.invalid_input": {
    httpStatus: 422,
    retryable: false,
    meaning: { en: "The email or the password cannot be used.", ru: "Такую почту или пароль использовать нельзя." },
    cause: { en: "The email is not an address, or the password is shorter than 10 characters.", ru: "Это не адрес почты, или пароль короче 10 знаков." },
    remedy: { en: "Give a valid email and a password of 10 to 128 characters.", ru: "Укажите верную почту и пароль от 10 до 128 знаков." },
  },
  "auth.too_many_attempts": {
    httpStatus: 429,
    retryable: true,
    meaning: { en: "Too many attempts.", ru: "Слишком много попыток." },
    cause: { en: "Several sign-ins failed in a short time.", ru: "Несколько неудачных входов подряд." },
    remedy: { en: "Wait a minute and try again.", ru: "Подождите минуту и попробуйте снова." },
  },
  "auth.origin_refused": {
    httpStatus: 403,
    retryable: false,
    meaning: { en: "This site may not talk to the server.", ru: "Этому сайту нельзя обращаться к серверу." },
    cause: { en: "The page was opened from an address the server does not know as its own.", ru: "Страница открыта с адреса, который сервер не считает своим." },
    remedy: { en: "Open the app at the server's own address, or add this one to SALDO_TRUSTED_ORIGINS.", ru: "Откройте приложение по адресу сервера или добавьте этот адрес в SALDO_TRUSTED_ORIGINS." },
  },
  "workspace.not_found": {
    httpStatus: 404,
    retryable: false,
    meaning: { en: "There is no such workspace for you.", ru: "Такой компании у вас нет." },
    cause: { en: "It does not exist, or you are not a member of it.", ru: "Её нет, или вы не её участник." },
    remedy: { en: "Choose one of your own workspaces.", ru: "Выберите одну из своих компаний." },
  },
});
