import type { Row } from "@saldo/schema";
import type { Locale } from "./terminal.ts";

/** What `saldo cloud` says. */
interface CloudText {
  readonly none: string;
  readonly results: string;
  readonly namesOn: string;
  readonly namesOff: string;
  readonly states: Readonly<Record<Row<"job">["status"], string>>;
  readonly kinds: Readonly<Record<Row<"job">["kind"], string>>;
  asked(jobId: string): string;
  stopped(jobId: string): string;
  suggestions(count: number): string;
}

/** See {@link CloudText}. */
export const cloudText: Readonly<Record<Locale, CloudText>> = {
  en: {
    none: "Nothing was asked of the cloud yet.",
    results: "results",
    namesOn: "AI providers may see names of counterparties and texts of rows.",
    namesOff: "AI providers see stand-ins for names, and no text of a row.",
    states: { requested: "waits", running: "at work", done: "done", failed: "failed", cancelled: "stopped" },
    kinds: { analyze_report: "analysis", generate_forecast: "forecast", export_pdf: "PDF", sync_integration: "connection", send_notification: "notification" },
    asked: (jobId) => `Asked: ${jobId}. It leaves with the next sync.`,
    stopped: (jobId) => `Stopped: ${jobId}. The cloud hears of it with the next sync.`,
    suggestions: (count) => `Categories suggested for ${count} ${count === 1 ? "row" : "rows"}; they are in the review list of the app.`,
  },
  ru: {
    none: "У облака ещё ничего не просили.",
    results: "результаты",
    namesOn: "Поставщики ИИ могут видеть имена контрагентов и тексты строк.",
    namesOff: "Поставщики ИИ видят условные имена и ни одного текста строки.",
    states: { requested: "ждёт", running: "в работе", done: "готово", failed: "не удалось", cancelled: "остановлено" },
    kinds: { analyze_report: "анализ", generate_forecast: "прогноз", export_pdf: "PDF", sync_integration: "подключение", send_notification: "уведомление" },
    asked: (jobId) => `Запрошено: ${jobId}. Уйдёт со следующей синхронизацией.`,
    stopped: (jobId) => `Остановлено: ${jobId}. Облако узнает со следующей синхронизацией.`,
    suggestions: (count) => `Предложены статьи, строк: ${count}; они в списке «На проверку» в приложении.`,
  },
};
