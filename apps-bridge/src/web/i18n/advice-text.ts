import type { RecommendationEffect, RecommendationFigure, RecommendationItem } from "@saldo/schema";
import type { Formatters } from "./formatters.ts";
import type { TextKey, TextValues } from "./text.ts";

/** What a recommendation is said with. */
interface Words {
  readonly t: (key: TextKey, values?: TextValues) => string;
  readonly f: Formatters;
}

/** A recommendation in words. */
export interface AdviceText {
  readonly title: string;
  readonly why: string;
}

/** Says what to do and why, in the reader's language. */
export function adviceText({ t, f }: Words, item: RecommendationItem, currency: string): AdviceText {
  const values: Record<string, string | number> = { ...figureValues({ t, f }, item.figures, currency), ...parameterValues({ t, f }, item.parameters) };
  // A model says why in its own words, checked against our figures; it need not have those of the rule's sentence.
  return { title: t(`rec.${item.code}.title`, values), why: item.opinion?.reason ?? t(`rec.${item.code}.why`, values) };
}

/** A figure as it stands in a sentence or a list. */
export function figureText({ t, f }: Words, { unit, value }: RecommendationFigure, currency: string): string {
  if (unit === "basis_points") return f.percent(value / 10_000, 1);
  if (unit === "days") return t("advice.figure.days", { count: value });
  if (unit === "count") return f.number(value);
  const amount = f.money(value, currency, { fraction: "whole" });
  return unit === "money" ? amount : t("advice.figure.perMonth", { amount });
}

/** The effect as one figure, what it is, and its range where it has one. */
export function effectText({ t, f }: Words, effect: RecommendationEffect, currency: string): { readonly amount: string; readonly unit: string; readonly range: string | undefined } {
  const money = (value: number) => f.money(value, currency, { fraction: "whole" });
  const gains = effect.kind === "saves" || effect.kind === "brings";
  const amount = f.money(effect.amountMinor, currency, gains ? { fraction: "whole", sign: "change" } : { fraction: "whole" });
  const range = effect.lowMinor === effect.highMinor ? undefined : t("advice.effect.range", { low: money(effect.lowMinor), high: money(effect.highMinor) });
  return { amount, unit: unitOf(t, effect), range };
}

function unitOf(t: Words["t"], { kind, per }: RecommendationEffect): string {
  switch (kind) {
    case "saves":
      return t(per === "month" ? "advice.effect.saves" : "advice.effect.savesOnce");
    case "brings":
      return t("advice.effect.brings");
    case "protects":
      return t("advice.effect.protects");
    case "sets_aside":
      return t("advice.effect.setsAside");
  }
}

/** A figure within a sentence says its money alone: the sentence says of what. */
function figureValues(words: Words, figures: readonly RecommendationFigure[], currency: string): Record<string, string> {
  return Object.fromEntries(figures.map((figure) => [figure.name, figureText(words, figure.unit === "money_per_month" ? { ...figure, unit: "money" } : figure, currency)]));
}

function parameterValues({ t, f }: Words, parameters: RecommendationItem["parameters"]): Record<string, string | number> {
  const values: Record<string, string | number> = { ...parameters };
  const text = (name: string) => String(parameters[name] ?? "");
  const share = (name: string) => f.percent(Number(parameters[name] ?? 0) / 100, 0);
  if ("percent" in parameters) values["percentText"] = share("percent");
  if ("limit" in parameters) values["limitText"] = share("limit");
  if ("month" in parameters) values["monthName"] = f.monthName(text("month"));
  if ("lastUse" in parameters) values["lastUseMonth"] = monthInText(f, text("lastUse"));
  if ("on" in parameters) values["onDate"] = f.date(text("on"), false);
  if ("since" in parameters) values["sinceDate"] = f.date(text("since").length === monthLength ? `${text("since")}-01` : text("since"));
  if ("family" in parameters) values["familyName"] = t(familyKey(text("family")));
  if ("period" in parameters) values["periodName"] = t(periodKey(text("period")));
  return values;
}

const monthLength = "2026-10".length;

/** A month and its year within a sentence: `октябрь 2026`, `October 2026`. */
export function monthInText(f: Formatters, month: string): string {
  return `${f.monthName(month)} ${month.slice(0, 4)}`;
}

const familyKeys: readonly TextKey[] = ["family.bookkeeping", "family.crm", "family.design", "family.file_storage", "family.mailing", "family.messenger", "family.signing", "family.tasks", "family.video_calls", "family.website"];
const periodKeys: readonly TextKey[] = ["advice.period.month", "advice.period.quarter", "advice.period.two_weeks", "advice.period.week", "advice.period.year"];

function familyKey(family: string): TextKey {
  return familyKeys.find((key) => key === `family.${family}`) ?? "family.tasks";
}

function periodKey(period: string): TextKey {
  return periodKeys.find((key) => key === `advice.period.${period}`) ?? "advice.period.month";
}
