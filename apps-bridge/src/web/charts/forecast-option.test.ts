import { expect, test } from "vitest";
import { formatters } from "../i18n/formatters.ts";
import { forecastOption } from "./forecast-option.ts";

test("books of a month that is not over yet are drawn without a line at the last whole month", () => {
  const theme = { fontFamily: "sans-serif", color: (role: string) => role, redrawMs: 0, narrow: false };
  const option = forecastOption(theme, { months: [], currency: "GBP", locale: "en", f: formatters("en", "UTC"), t: (key) => key });
  expect(option["series"]).toMatchObject([{}, {}, {}, {}, { name: "actual", markLine: { data: [], label: { formatter: "" } } }, {}]);
});
