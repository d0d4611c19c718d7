import { describe, expect, it } from "vitest";
import { comparisonsOf, periodOf } from "./period.ts";

const books = (first: string, last: string) => ({ range: { first, last } });
const long = books("2022-01-10", "2026-11-22");

describe("the days of a report", () => {
  it.each([
    ["month", "month", "2026-11-01", "2026-11-22", true],
    ["2026-10", "month", "2026-10-01", "2026-10-31", false],
    ["last_complete", "month", "2026-10-01", "2026-10-31", false],
    ["quarter", "quarter", "2026-10-01", "2026-11-22", true],
    ["2026-Q1", "quarter", "2026-01-01", "2026-03-31", false],
    ["ytd", "year_to_date", "2026-01-01", "2026-11-22", true],
    ["2024", "year", "2024-01-01", "2024-12-31", false],
    ["12m", "twelve_months", "2025-12-01", "2026-11-22", true],
    ["2026-01-15..2026-03-20", "custom", "2026-01-15", "2026-03-20", false],
    ["2026-11-01..2026-12-15", "custom", "2026-11-01", "2026-11-22", true],
    ["2027-02", "month", "2027-02-01", "2027-02-28", true],
    ["all", "all", "2022-01-10", "2026-11-22", true],
  ] as const)("of %s", (choice, kind, from, to, partial) => {
    expect(periodOf(long, choice, "2026-11-23")).toMatchObject({ kind, from, to, partial });
  });

  it("of books without rows are this month", () => {
    expect(periodOf({ range: null }, "12m", "2024-02-10")).toMatchObject({ from: "2023-03-01", to: "2024-02-29", partial: true, dataThrough: null });
  });

  it.each(["2026-13", "2026-Q5", "soon", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01"])("are refused for %s", (choice) => {
    expect(() => periodOf(long, choice, "2026-11-23")).toThrow(RangeError);
  });
});

describe("what a period is held against", () => {
  it("are the same days, of a month that is running", () => {
    const period = periodOf(long, "month", "2026-11-23");
    expect(comparisonsOf(long, period)).toEqual({
      previous: { from: "2026-10-01", to: "2026-10-22" },
      yearAgo: { from: "2025-11-01", to: "2025-11-22" },
      mean: [
        { from: "2026-10-01", to: "2026-10-22" },
        { from: "2026-09-01", to: "2026-09-22" },
        { from: "2026-08-01", to: "2026-08-22" },
      ],
    });
  });

  it.each([
    ["2024-02", "2024-01-01", "2024-01-31", "2023-02-01", "2023-02-28"],
    ["2025-02", "2025-01-01", "2025-01-31", "2024-02-01", "2024-02-29"],
    ["2024-03", "2024-02-01", "2024-02-29", "2023-03-01", "2023-03-31"],
    ["2024-Q1", "2023-10-01", "2023-12-31", "2023-01-01", "2023-03-31"],
    ["2024", "2023-01-01", "2023-12-31", "2023-01-01", "2023-12-31"],
    ["2024-12-20..2025-01-10", "2024-11-28", "2024-12-19", "2023-12-20", "2024-01-10"],
    ["2024-01-01..2024-02-29", "2023-11-01", "2023-12-31", "2023-01-01", "2023-02-28"],
  ])("of %s", (choice, from, to, yearFrom, yearTo) => {
    const { previous, yearAgo } = comparisonsOf(long, periodOf(long, choice, "2026-11-23"));
    expect([previous, yearAgo]).toEqual([{ from, to }, { from: yearFrom, to: yearTo }]);
  });

  it("is nothing where the books do not reach back", () => {
    const young = books("2026-09-14", "2026-11-30");
    expect(comparisonsOf(young, periodOf(young, "2026-11", "2026-12-05"))).toEqual({
      previous: { from: "2026-10-01", to: "2026-10-31" },
      yearAgo: null,
      mean: [{ from: "2026-10-01", to: "2026-10-31" }, { from: "2026-09-01", to: "2026-09-30" }],
    });
    expect(comparisonsOf(young, periodOf(young, "all", "2026-12-05"))).toEqual({ previous: null, yearAgo: null, mean: [] });
  });
});
