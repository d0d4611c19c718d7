import type { Locale } from "../terminal.ts";
import type { JobListState } from "./jobs.pg.ts";

/** What `saldo admin jobs` says. */
interface JobsText {
  readonly job: string;
  readonly workspace: string;
  readonly kind: string;
  readonly attempt: string;
  readonly status: string;
  readonly results: string;
  readonly reason: string;
  readonly progress: string;
  readonly cost: string;
  readonly request: string;
  readonly since: Readonly<Record<JobListState, string>>;
  readonly none: Readonly<Record<JobListState, string>>;
  attemptAt(requestedAt: string | null, queuedAt: string | null): string;
  letterStatus(status: string): string;
  retried(count: number): string;
  discarded(count: number): string;
}

const russianStatus: Readonly<Record<string, string>> = { open: "не разобрано", retried: "запрошено снова", discarded: "отложено" };

/** See {@link JobsText}. */
export const jobsText: Readonly<Record<Locale, JobsText>> = {
  en: {
    job: "job",
    workspace: "workspace",
    kind: "kind",
    attempt: "attempt",
    status: "status",
    results: "results",
    reason: "reason",
    progress: "progress",
    cost: "AI cost",
    request: "AI request",
    since: { dead: "given up", waiting: "requested", running: "requested", done: "done" },
    none: { dead: "No job was given up.", waiting: "No job waits.", running: "No job is at work.", done: "No job is done yet." },
    attemptAt: (requestedAt, queuedAt) => `requested ${requestedAt ?? "?"}, ${queuedAt === null ? "not in the queue yet" : `in the queue ${queuedAt}`}`,
    letterStatus: (status) => `(${status})`,
    retried: (count) => `Asked again for ${count} ${count === 1 ? "job" : "jobs"}.`,
    discarded: (count) => `Left ${count} ${count === 1 ? "job" : "jobs"} at that.`,
  },
  ru: {
    job: "задание",
    workspace: "компания",
    kind: "вид",
    attempt: "попытка",
    status: "состояние",
    results: "результаты",
    reason: "причина",
    progress: "готово",
    cost: "цена ИИ",
    request: "запрос к ИИ",
    since: { dead: "прекращено", waiting: "запрошено", running: "запрошено", done: "сделано" },
    none: { dead: "Прекращённых заданий нет.", waiting: "Ожидающих заданий нет.", running: "Работающих заданий нет.", done: "Сделанных заданий ещё нет." },
    attemptAt: (requestedAt, queuedAt) => `запрошено ${requestedAt ?? "?"}, ${queuedAt === null ? "ещё не в очереди" : `в очереди ${queuedAt}`}`,
    letterStatus: (status) => `(${russianStatus[status] ?? status})`,
    retried: (count) => `Запрошено снова: ${count}.`,
    discarded: (count) => `Отложено: ${count}.`,
  },
};
