import type { BusinessForecast, WhatIf } from "@saldo/schema";
import type { Formatters } from "../../i18n/formatters.ts";
import type { TextKey, TextValues } from "../../i18n/text.ts";
import { componentName } from "./component-name.ts";

/** A change to try in words. */
export function whatIfText(change: WhatIf, { components, currency }: Pick<BusinessForecast, "components" | "currency">, { t, f }: { readonly t: (key: TextKey, values?: TextValues) => string; readonly f: Formatters }): string {
  switch (change.kind) {
    case "percent": {
      const component = components.find(({ id }) => id === change.componentId);
      const name = component === undefined ? t("scenarios.partGone") : componentName(component, t);
      const percent = f.percent(change.percent / 100, Number.isInteger(change.percent) ? 0 : 1, "change");
      return change.from === undefined ? t("scenarios.percent", { name, percent }) : t("scenarios.percentFrom", { name, percent, month: f.month(change.from) });
    }
    case "one_off":
      return t("scenarios.oneOff", { amount: f.money(change.amountMinor, currency), month: f.month(change.month) });
    case "hire":
      return t("scenarios.hire", { count: change.count, amount: f.money(change.monthlyCostMinor, currency), month: f.month(change.from) });
    default:
      return change satisfies never;
  }
}
