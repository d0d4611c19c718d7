import { minor } from "@saldo/schema";
import { expect, test } from "vitest";
import { formatters } from "../i18n/formatters.ts";
import { cashMonths, forecastOption } from "./forecast-option.ts";

test("books of a month that is not over yet are drawn without a line at the last whole month", () => {
  const theme = { fontFamily: "sans-serif", color: (role: string) => role, redrawMs: 0, narrow: false };
  const option = forecastOption(theme, { months: [], currency: "GBP", locale: "en", f: formatters("en", "UTC"), t: (key) => key });
  expect(option["series"]).toMatchObject([{}, {}, {}, {}, { name: "actual", markLine: { data: [], label: { formatter: "" } } }, {}]);
});

test("cash ahead follows the path that led to it, unless the forecast began with other balances", () => {
  const path = [["2026-05", 300], ["2026-06", 200]].map(([month, balance]) => ({ month: String(month), balanceMinor: minor(Number(balance)), on: `${month}-28` }));
  const drawn = (openingMinor: number) => cashMonths({ asOfMonth: "2026-06", cash: { openingMinor: minor(openingMinor), unknownAccounts: 0 }, points: [] }, path).map(({ month, actual }) => [month, actual]);
  expect(drawn(200)).toEqual([["2026-05", 300], ["2026-06", 200]]);
  expect(drawn(150)).toEqual([["2026-06", 150]]);
});
