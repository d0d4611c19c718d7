import { minor } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random.ts";
import { expectedPayments } from "./expected-payments.ts";
import { findRecurring } from "./find-recurring.ts";
import { generatedPayments, unrelatedPayments, type PaymentsRecipe } from "./generated-payments.ts";
import type { RecurringRow, RecurringSeries } from "./model.ts";

const rent: PaymentsRecipe = { party: "Бизнес-центр Север", period: "month", anchor: 5, payments: 14, amountMinor: -12_000_000, spread: 0, strayDays: 0 };

function only(rows: readonly RecurringRow[], asOf?: string): RecurringSeries {
  const found = findRecurring(rows, asOf === undefined ? {} : { asOf });
  expect(found).toHaveLength(1);
  const [series] = found;
  if (series === undefined) throw new Error("no series");
  return series;
}

function payments(over: Partial<PaymentsRecipe> = {}, seed = 1): RecurringRow[] {
  return generatedPayments({ ...rent, ...over }, seededRandom(seed));
}

function plain(postedOn: string, amountMinor: number, over: Partial<RecurringRow> = {}): RecurringRow {
  return { id: `${postedOn} ${amountMinor}`, postedOn, amountMinor: minor(amountMinor), currency: "EUR", description: "", counterpartyName: "Acme", counterpartyId: null, counterpartyTaxId: null, categoryId: null, ...over };
}

describe("a monthly payment", () => {
  it("is one series however its party is spelled", () => {
    const series = only(payments());
    expect(series).toMatchObject({
      direction: "out", period: "month", dayOfMonth: 5, usualMinor: -12_000_000, spreadBasisPoints: 0, steps: [], missedOn: [],
      status: "active", firstOn: "2023-01-05", lastOn: "2024-02-05", nextOn: "2024-03-05",
    });
    expect(series.rowIds).toHaveLength(14);
    expect(series.confidence).toBeGreaterThan(0.99);
  });

  it("keeps to the last day of the month", () => {
    const series = only(payments({ anchor: 31 }));
    expect(series).toMatchObject({ dayOfMonth: 31, nextOn: "2024-03-31" });
    expect(expectedPayments(series, "2024-06-30").map(({ on }) => on)).toEqual(["2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"]);
  });

  it("tells which payments stayed out, and when it ended", () => {
    const rows = payments({ missed: [3] });
    expect(only(rows)).toMatchObject({ missedOn: ["2023-04-05"], status: "active" });
    expect(only(rows, "2024-03-20")).toMatchObject({ missedOn: ["2023-04-05", "2024-03-05"], status: "active", nextOn: "2024-04-05" });
    const ended = only(rows, "2024-04-20");
    expect(ended).toMatchObject({ missedOn: ["2023-04-05"], status: "ended", nextOn: null });
    expect(expectedPayments(ended, "2025-01-01")).toEqual([]);
  });

  it("waits for a payment that is a day late", () => {
    expect(only(payments(), "2024-03-06")).toMatchObject({ missedOn: [], nextOn: "2024-03-05" });
  });

  it("tells a new amount at once when the amount was fixed, and later when it varied", () => {
    expect(only(payments({ step: { at: 13, factor: 1.1 } }))).toMatchObject({
      usualMinor: -13_200_000,
      steps: [{ on: "2024-02-05", beforeMinor: -12_000_000, afterMinor: -13_200_000, payments: 1 }],
    });
    const varied = only(payments({ spread: 0.03, step: { at: 8, factor: 1.5 } }));
    expect(varied.steps).toMatchObject([{ on: "2023-09-05", payments: 6 }]);
    expect(only(payments({ spread: 0.03, step: { at: 13, factor: 1.5 } })).steps).toEqual([]);
  });
});

describe("names that differ in a number or a single letter", () => {
  const named = (name: string, over: Partial<PaymentsRecipe> = {}) => payments(over).map((row) => ({ ...row, id: `${name} ${row.id}`, counterpartyName: name }));

  it("are two series when they run beside each other, on the same day and on others", () => {
    for (const anchor of [5, 20]) {
      const found = findRecurring([...named("Storage Unit 7"), ...named("Storage Unit 9", { anchor })]);
      expect(found.map(({ name, period, rowIds }) => [name, period, rowIds.length])).toEqual([["Storage Unit 7", "month", 14], ["Storage Unit 9", "month", 14]]);
    }
    expect(findRecurring([...named("Иванов А. П."), ...named("Иванов С. П.", { anchor: 6 })]).map(({ rowIds }) => rowIds.length)).toEqual([14, 14]);
  });

  it("are one series when one follows the other, or when each payment has its own", () => {
    const rows = payments();
    const renewed = rows.map((row, index) => ({ ...row, counterpartyName: `Storage contract ${index < 7 ? 118 : 204}` }));
    expect(only(renewed).rowIds).toHaveLength(14);
    expect(only(rows.map((row, index) => ({ ...row, counterpartyName: `Storage ${4_000 + index}` }))).rowIds).toHaveLength(14);
  });

  it("are one series when their payments make one together", () => {
    const terminals = payments().map((row, index) => ({ ...row, counterpartyName: `Storage terminal ${[11, 42, 42, 11, 42, 11][index % 6]}` }));
    expect(only(terminals).rowIds).toHaveLength(14);
  });
});

describe("payments of one party", () => {
  it("at two days of the month are two series", () => {
    const salary = [...payments({ anchor: 10 }), ...payments({ anchor: 25, amountMinor: -8_000_000 }).map((row) => ({ ...row, id: `advance ${row.id}` }))];
    const found = findRecurring(salary);
    expect(found.map(({ dayOfMonth, usualMinor }) => ({ dayOfMonth, usualMinor }))).toEqual([
      { dayOfMonth: 10, usualMinor: -12_000_000 },
      { dayOfMonth: 25, usualMinor: -8_000_000 },
    ]);
    expect(new Set(found.map(({ key }) => key)).size).toBe(2);
  });

  it("of two amounts on the same day are two series", () => {
    const found = findRecurring([...payments(), ...payments({ amountMinor: -300_000 }).map((row) => ({ ...row, id: `small ${row.id}` }))]);
    expect(found.map(({ usualMinor }) => usualMinor).toSorted((a, b) => a - b)).toEqual([-12_000_000, -300_000]);
  });

  it("leave a subscription standing out of other purchases", () => {
    const subscription = payments({ amountMinor: -99_000, payments: 24 });
    const purchases = unrelatedPayments(rent.party, 30, seededRandom(7)).map((row) => ({ ...row, id: `other ${row.id}` }));
    const found = findRecurring([...purchases, ...subscription]);
    expect(found).toHaveLength(1);
    expect(found[0]?.rowIds.filter((id) => !id.startsWith("other")).length).toBeGreaterThan(22);
  });

  it("in both directions and currencies are apart", () => {
    const rows = payments();
    const back = payments({ amountMinor: 500_000, anchor: 20 }).map((row) => ({ ...row, id: `in ${row.id}` }));
    const dollars = rows.map((row) => ({ ...row, id: `usd ${row.id}`, currency: "USD" }));
    expect(findRecurring([...rows, ...back, ...dollars]).map(({ direction, currency }) => `${direction} ${currency}`)).toEqual(["in RUB", "out RUB", "out USD"]);
  });
});

describe("who a payment is to", () => {
  const dates = ["2025-01-03", "2025-02-03", "2025-03-03", "2025-04-03", "2025-05-03", "2025-06-03"];
  const named = (names: readonly string[]) => dates.map((on, index) => plain(on, -5_000, { counterpartyName: names[index % names.length] ?? null }));

  it.each([
    ["a slip of a letter", ["Schneider Print", "Schnieder Print", "Schneider  Print GmbH"]],
    ["two scripts", ["Яндекс Директ", "YANDEX DIREKT"]],
    ["a name cut by the bank", ["Northern Coffee Roasters", "NORTHERN COFFEE ROA"]],
    ["numbers and months", ["Telecom 44-19 March", "Telecom 7712 april 2025"]],
  ])("%s", (_, names) => expect(only(named(names)).rowIds).toHaveLength(6));

  it("a tax number holds names together", () => {
    const rows = dates.map((on, index) => plain(on, -5_000, { counterpartyName: index % 2 ? "Alpha" : "Omega", counterpartyTaxId: "7707083893" }));
    expect(only(rows).rowIds).toHaveLength(6);
  });

  it("the wording stands for it where nobody is named", () => {
    const rows = dates.map((on) => plain(on, -5_000, { counterpartyName: null, description: `Аренда офиса за ${on}, договор 18/2` }));
    expect(only(rows).name).toContain("Аренда");
  });
});

it("finds nothing in a handful of rows or in none", () => {
  expect(findRecurring([])).toEqual([]);
  expect(findRecurring([plain("2025-01-03", -5_000), plain("2025-02-03", -5_000)])).toEqual([]);
  expect(findRecurring([plain("2025-01-03", 0), plain("2025-02-03", 0), plain("2025-03-03", 0)])).toEqual([]);
});
