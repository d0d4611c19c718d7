import { errorGroup } from "./entry.ts";

const failed = { httpStatus: 422, retryable: false } as const;
const later = { httpStatus: 503, retryable: true } as const;

/** Codes a job ends with (`job.error_code`), and those a worker process does not start with. */
export const jobErrors = errorGroup({
  "job.invalid_parameters": {
    ...failed,
    meaning: { en: "The request for this work has settings the cloud cannot use.", ru: "В запросе на эту работу есть настройки, которые облако не может применить." },
    cause: { en: "A setting is missing or out of its range.", ru: "Настройка пропущена или вне допустимых пределов." },
    remedy: { en: "Update the app and ask again.", ru: "Обновите приложение и запросите снова." },
  },
  "job.kind_unavailable": {
    ...failed,
    meaning: { en: "The cloud cannot do this kind of work yet.", ru: "Облако пока не умеет такую работу." },
    cause: { en: "No worker for this kind is registered.", ru: "Нет исполнителя для такой работы." },
    remedy: { en: "Use the same report on this device.", ru: "Воспользуйтесь отчётом на устройстве." },
  },
  "job.worker_lost": {
    ...later,
    meaning: { en: "The work was interrupted several times and was given up.", ru: "Работа несколько раз прервалась, и её прекратили." },
    cause: { en: "The cloud worker stopped in the middle of it each time.", ru: "Облачный исполнитель каждый раз останавливался на середине." },
    remedy: { en: "Ask again later; the report on this device works without the cloud.", ru: "Запросите позже; отчёт на устройстве работает и без облака." },
  },
  "job.time_exceeded": {
    ...failed,
    meaning: { en: "The work took longer than the cloud allows and was stopped.", ru: "Работа шла дольше, чем облако позволяет, и её остановили." },
    cause: { en: "The books are larger than this kind of work is made for, or the program has a fault.", ru: "Данных больше, чем рассчитано на такую работу, или в программе ошибка." },
    remedy: { en: "Use the same report on this device; the support team can find the work by the job's id.", ru: "Воспользуйтесь отчётом на устройстве; поддержка найдёт работу по номеру задания." },
  },
  "job.memory_exceeded": {
    ...failed,
    meaning: { en: "The work needed more memory than the cloud allows and was stopped.", ru: "Работе понадобилось больше памяти, чем облако позволяет, и её остановили." },
    cause: { en: "The books are larger than this kind of work is made for, or the program has a fault.", ru: "Данных больше, чем рассчитано на такую работу, или в программе ошибка." },
    remedy: { en: "Use the same report on this device; the support team can find the work by the job's id.", ru: "Воспользуйтесь отчётом на устройстве; поддержка найдёт работу по номеру задания." },
  },
  "job.result_too_large": {
    ...failed,
    meaning: { en: "The result is larger than what is kept of one work.", ru: "Результат больше, чем хранится для одной работы." },
    cause: { en: "A fault of the program: results are summaries and are small.", ru: "Ошибка программы: результаты — это сводки, они малы." },
    remedy: { en: "Use the same report on this device; the support team can find the work by the job's id.", ru: "Воспользуйтесь отчётом на устройстве; поддержка найдёт работу по номеру задания." },
  },
  "job.expired": {
    ...later,
    meaning: { en: "The request waited too long and was given up.", ru: "Запрос ждал слишком долго, и его отменили." },
    cause: { en: "No cloud worker could take it within a day.", ru: "За сутки его не смог взять ни один облачный исполнитель." },
    remedy: { en: "Ask again; the report on this device works without the cloud.", ru: "Запросите снова; отчёт на устройстве работает и без облака." },
  },
  "job.internal": {
    ...later,
    httpStatus: 500,
    meaning: { en: "The work failed in the cloud.", ru: "Работа в облаке не удалась." },
    cause: { en: "A fault of the program; the support team can find it by the job's id.", ru: "Ошибка программы; поддержка найдёт её по номеру задания." },
    remedy: { en: "Ask again later; the report on this device works without the cloud.", ru: "Запросите позже; отчёт на устройстве работает и без облака." },
  },
  "job.invalid_config": {
    ...failed,
    httpStatus: 500,
    meaning: { en: "The worker cannot start with these settings.", ru: "Исполнитель не может запуститься с этими настройками." },
    cause: { en: "An environment variable is missing or malformed.", ru: "Переменная окружения пропущена или записана неверно." },
    remedy: { en: "Correct the named variables and start again.", ru: "Исправьте названные переменные и запустите снова." },
  },
  "job.queue_evicts": {
    ...failed,
    httpStatus: 500,
    meaning: { en: "This Redis may throw queued work away, so the worker does not use it.", ru: "Этот Redis может выбросить задания из очереди, поэтому исполнитель им не пользуется." },
    cause: { en: "Its maxmemory-policy is not noeviction.", ru: "Его maxmemory-policy не равна noeviction." },
    remedy: { en: "Set maxmemory-policy to noeviction, or unset REDIS_URL to queue in Postgres.", ru: "Задайте maxmemory-policy noeviction или уберите REDIS_URL: очередь будет в Postgres." },
  },
});
