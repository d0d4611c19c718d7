import { describe, expect, test } from "vitest";
import { axisLabels, moneyScale } from "./axis.ts";
import { changeOf } from "./change.ts";
import { formatDate, formatDateShort, formatInstant, formatMonth, formatMonthAxis } from "./date.ts";
import { formatMoney, formatMoneyShort, typedDecimal } from "./money.ts";
import { formatNumber, formatPercent, formatPoints, formatTimes } from "./number.ts";

describe("money", () => {
  test.each([
    ["ru", 296230000, "RUB", "2\u202f962\u202f300\u00a0₽"],
    ["en", 296230000, "RUB", "₽2,962,300"],
    ["en", 123450, "USD", "$1,234.50"],
    ["ru", 123450, "USD", "1\u202f234,50\u00a0$"],
    ["ru", -8640000, "RUB", "−86\u202f400\u00a0₽"],
    ["en", -8640000, "RUB", "−₽86,400"],
    ["en", 1234, "JPY", "¥1,234"],
    ["en", 1234567, "KWD", "KWD\u00a01,234.567"],
    ["ru", 0, "RUB", "0\u00a0₽"],
  ] as const)("%s %d %s is %s", (locale, amount, currency, text) => {
    expect(formatMoney(locale, amount, currency)).toBe(text);
  });

  test("a change has a sign unless it is nothing", () => {
    expect(formatMoney("ru", 29220000, "RUB", { sign: "change" })).toBe("+292\u202f200\u00a0₽");
    expect(formatMoney("en", 0, "RUB", { sign: "change" })).toBe("₽0");
  });

  test("a column has one number of decimals and no unit", () => {
    expect(formatMoney("ru", 1248000, "RUB", { fraction: "full", unit: false })).toBe("12\u202f480,00");
    expect(formatMoney("ru", 1000, "RUB", { fraction: "full", unit: false })).toBe("10,00");
  });

  test.each([
    ["ru", 513870000, "RUB", "5,14\u00a0млн\u00a0₽"],
    ["ru", 13930000, "RUB", "139,3\u00a0тыс.\u00a0₽"],
    ["en", 513870000, "RUB", "₽5.14M"],
    ["en", 13930000, "RUB", "₽139.3K"],
    ["en", 99999999, "RUB", "₽1.00M"],
    ["ru", 41000, "RUB", "410\u00a0₽"],
    ["en", -41050, "RUB", "−₽411"],
    ["en", 99970, "GBP", "£1,000"],
    ["en", 450, "GBP", "£4.50"],
  ] as const)("short %s %d %s is %s", (locale, amount, currency, text) => {
    expect(formatMoneyShort(locale, amount, currency)).toBe(text);
  });

  test.each([
    ["1 846 120,35", "1846120.35"],
    ["1,846,120.35", "1846120.35"],
    ["1\u202f846\u202f120 ₽", "1846120"],
    ["$1,234", "1234"],
    ["−200,5", "-200.5"],
    ["1.234.567", "1234567"],
    ["12a4", undefined],
    ["", undefined],
    [",5", undefined],
  ])("typed %j is read as %j", (text, decimal) => {
    expect(typedDecimal(text)).toBe(decimal);
  });
});

describe("shares", () => {
  test("percent, points and times", () => {
    expect(formatPercent("ru", 0.1356, 1, "change")).toBe("+13,6\u00a0%");
    expect(formatPercent("en", -0.2203, 1, "change")).toBe("−22.0%");
    expect(formatPoints("ru", -645)).toBe("−6,45\u00a0п.\u00a0п.");
    expect(formatPoints("en", 645)).toBe("+6.45\u00a0pp");
    expect(formatTimes("ru", 6.55)).toBe("×\u00a06,6");
    expect(formatNumber("ru", 12345)).toBe("12\u202f345");
  });
});

describe("change", () => {
  test.each([
    [110, 100, { kind: "percent", deltaMinor: 10, ratio: 0.1 }],
    [100, 100, { kind: "same" }],
    [100, null, { kind: "none" }],
    [100, 0, { kind: "amount", deltaMinor: 100 }],
    [247, -27, { kind: "amount", deltaMinor: 274 }],
    [18520, 120, { kind: "amount", deltaMinor: 18400 }],
    [660, 100, { kind: "times", deltaMinor: 560, times: 6.6 }],
    [0, 100, { kind: "percent", deltaMinor: -100, ratio: -1 }],
    [-50, -100, { kind: "percent", deltaMinor: 50, ratio: 0.5 }],
  ] as const)("%d after %s", (value, base, change) => {
    expect(changeOf(value, base)).toEqual(change);
  });
});

describe("dates", () => {
  test("months", () => {
    expect(formatMonth("ru", "2026-10")).toBe("Октябрь 2026");
    expect(formatMonth("en", "2026-10")).toBe("October 2026");
    expect(formatMonthAxis("ru", "2027-01")).toBe("янв ’27");
    expect(formatMonthAxis("en", "2026-11")).toBe("Nov");
    expect(formatMonthAxis("ru", "2026-05")).toBe("май");
  });

  test("days and instants", () => {
    expect(formatDate("ru", "2026-11-22", false)).toBe("22 ноября");
    expect(formatDateShort("ru", "2026-10-14")).toBe("14.10");
    expect(formatDateShort("en", "2026-10-14")).toBe("14 Oct");
    expect(formatDateShort("en", "2026-09-02", true)).toBe("2 Sep 2026");
    expect(formatDateShort("ru", "2026-10-14", true)).toBe("14.10.2026");
    expect(formatInstant("ru", "2026-11-22T11:02:00Z", "Europe/Moscow")).toBe("22 ноября, 14:02");
    expect(formatInstant("en", "2026-11-22T11:02:00Z", "Europe/Moscow")).toBe("22 Nov, 14:02");
  });
});

test("an axis has one scale and says its unit once", () => {
  const ru = axisLabels("ru", "RUB", 600_000_000, 200_000_000);
  expect([0, 200_000_000, 600_000_000].map(ru)).toEqual(["0", "2", "6\u00a0млн"]);
  const en = axisLabels("en", "USD", 100_000_000, 50_000_000);
  expect([-50_000_000, 0, 50_000_000, 100_000_000].map(en)).toEqual(["−0.5", "0", "0.5", "1.0M"]);
  expect(axisLabels("ru", "JPY", 500, 100)(500)).toBe("500");
});

test("a strip of figures names its scale once", () => {
  const strip = moneyScale("ru", "RUB", 60_600_000);
  expect([strip.name, strip.label(13_930_000), strip.label(-2_800_000)]).toEqual(["тыс.\u00a0₽", "139", "−28"]);
  expect(moneyScale("en", "USD", 514_000_000).name).toBe("$M");
  expect(moneyScale("en", "USD", 514_000_000).label(513_870_000)).toBe("5.14");
  expect(moneyScale("en", "GBP", 514_000_000).label(258_300)).toBe("2.6K");
  expect(moneyScale("en", "GBP", 514_000_000).label(0)).toBe("0.00");
});
