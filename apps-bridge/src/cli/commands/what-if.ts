import { monthsAhead } from "@saldo/client-core/forecast";
import { formatMinorDecimal, minor, parseDecimalMinor, SaldoError, whatIf, type BusinessForecast, type WhatIf } from "@saldo/schema";

const month = String.raw`(\d{4}-\d{2})`;
const amount = String.raw`([+-]?\d+(?:\.\d+)?)`;
const percentForm = new RegExp(String.raw`^(.+?):${amount}%(?:@${month})?$`);
const oneOffForm = new RegExp(String.raw`^one-off:${amount}@${month}$`);
const hireForm = new RegExp(String.raw`^hire:${amount}(?:x(\d+))?@${month}$`);

/** The forms a change to try is written in. */
export const whatIfForms = "revenue:-5%, CATEGORY:+10%@2027-01, one-off:-250000@2027-02, hire:78000x2@2027-03";

/**
 * Reads a change to try: a percentage of revenue or of a category by its name, from a month on if named; a sum once; people from a month on at a monthly
 * cost. Amounts are in units of the report's currency. Throws `SaldoError` `cli.wrong_usage`.
 */
export function parseWhatIf(text: string, report: BusinessForecast): WhatIf {
  const money = (decimal: string | undefined): number => parseDecimalMinor((decimal ?? "").replace(/^\+/, ""), report.currency) ?? refuse();
  const ahead = (named: string | undefined): string => (named !== undefined && monthsAhead(report).includes(named) ? named : refuse());
  const once = oneOffForm.exec(text);
  if (once) return { kind: "one_off", amountMinor: money(once[1]), month: ahead(once[2]) };
  const hire = hireForm.exec(text);
  if (hire) return { kind: "hire", monthlyCostMinor: money(hire[1]), count: Number(hire[2] ?? 1), from: ahead(hire[3]) };
  const share = percentForm.exec(text);
  const [, name = "", percent, from] = share ?? [];
  const component = report.components.find((each) => each.id === name || each.name?.toLowerCase() === name.toLowerCase());
  if (component === undefined) return refuse();
  const read = whatIf.safeParse({ kind: "percent", componentId: component.id, percent: Number(percent), ...(from === undefined ? {} : { from: ahead(from) }) });
  return read.success ? read.data : refuse();
}

/** A change in the form it is read from; a part that is not among the components by its id. */
export function whatIfText(change: WhatIf, currency: string, components: BusinessForecast["components"]): string {
  const money = (amountMinor: number): string => formatMinorDecimal(minor(amountMinor), currency);
  switch (change.kind) {
    case "percent": {
      const name = components.find(({ id }) => id === change.componentId)?.name ?? change.componentId;
      return `${name}:${change.percent > 0 ? "+" : ""}${change.percent}%${change.from === undefined ? "" : `@${change.from}`}`;
    }
    case "one_off":
      return `one-off:${money(change.amountMinor)}@${change.month}`;
    case "hire":
      return `hire:${money(change.monthlyCostMinor)}x${change.count}@${change.from}`;
    default:
      return change satisfies never;
  }
}

function refuse(): never {
  throw new SaldoError("cli.wrong_usage", { option: "--what-if", form: whatIfForms });
}
