import type { BusinessForecast } from "@saldo/schema";
import type { TextKey, TextValues } from "../../i18n/text.ts";

type Component = BusinessForecast["components"][number];

/** What a part of the forecast is called. */
export function componentName({ id, name, kind, pooled }: Pick<Component, "id" | "name" | "kind" | "pooled">, t: (key: TextKey, values?: TextValues) => string): string {
  if (name !== null) return name;
  if (id === "revenue") return t("forecast.measure.revenue");
  if (id.startsWith("what_if")) return t(kind === "revenue" ? "whatIf.rowIn" : "whatIf.rowOut");
  return id === "uncategorised" ? t("category.none") : t("forecast.pooled", { count: pooled });
}
