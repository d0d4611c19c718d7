import { adviseWorkspace, withDecisions, type StandingAdvice } from "@saldo/client-core/recommendations";
import type { RecommendationsReport } from "@saldo/schema";
import { adviceText } from "../../web/i18n/advice-text.ts";
import { formatters } from "../../web/i18n/formatters.ts";
import { textOf, type TextKey, type TextValues } from "../../web/i18n/text.ts";
import { withBooks } from "../store-folder.ts";
import { printJson, type Locale, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";

/** Prints what to do, the most valuable first, with what was decided and measured. `through`: as if later rows had not come yet. */
export async function reportRecommendations(terminal: Terminal, options: StoreOptions & { readonly through?: string; readonly currency?: string }): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const { workspaceId } = await books.recordContext();
    const request = { workspaceId, today: books.today(), ...(options.through === undefined ? {} : { through: options.through }), ...(options.currency === undefined ? {} : { currency: options.currency }) };
    const { report, standing } = await books.database.snapshot(async (reader) => {
      const advice = await adviseWorkspace(reader, request);
      return { report: advice.report, standing: await withDecisions(reader, workspaceId, advice, books.nowInstant()) };
    });
    if (options.json) return printJson(terminal, { report, standing });
    terminal.stdout.write(recommendationsText(report, standing, options.fresh.locale));
  });
}

function recommendationsText(report: RecommendationsReport, standing: readonly StandingAdvice[], locale: Locale): string {
  const words = { t: (key: TextKey, values?: TextValues) => textOf(locale, key, values), f: formatters(locale, "UTC") };
  const open = standing.filter(({ status }) => status === "open");
  const lines = [words.t("advice.title", { count: open.length }), ""];
  for (const { item, currency } of open) {
    const { title, why } = adviceText(words, item, currency);
    const money = (amountMinor: number) => words.f.money(amountMinor, currency, { fraction: "whole" });
    const { per, amountMinor, lowMinor, highMinor } = item.effect;
    lines.push(`${words.t(`advice.priority.${item.priority}`)}: ${title}`, `  ${money(amountMinor)} ${words.t(per === "month" ? "advice.effect.saves" : "advice.effect.savesOnce")} (${money(lowMinor)} – ${money(highMinor)})`, `  ${why}`, "");
  }
  const outcomes = { found: "advice.checked.found", clear: "advice.checked.clear", not_enough_data: "advice.checked.notEnough" } as const;
  lines.push(words.t("advice.checkedTitle"), ...report.checks.map(({ area, outcome }) => `  ${words.t(`advice.check.${area}`)}: ${words.t(outcomes[outcome])}`));
  return `${lines.join("\n")}\n`;
}
