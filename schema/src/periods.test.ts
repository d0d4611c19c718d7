import { describe, expect, it } from "vitest";
import { addMonths, daysInMonth, firstDay, lastDay, monthOf, monthRange } from "./periods.ts";

describe("months", () => {
  it("steps over year ends in both directions", () => {
    expect([addMonths("2026-12", 1), addMonths("2026-01", -1), addMonths("2026-05", -17), addMonths("2024-02", 12)]).toEqual([
      "2027-01",
      "2025-12",
      "2024-12",
      "2025-02",
    ]);
  });

  it("knows leap years", () => {
    expect([daysInMonth("2024-02"), daysInMonth("2025-02"), daysInMonth("2000-02"), daysInMonth("1900-02")]).toEqual([29, 28, 29, 28]);
  });

  it("names first and last day, and the month of a date", () => {
    expect([firstDay("2026-11"), lastDay("2026-11"), monthOf("2026-11-23")]).toEqual(["2026-11-01", "2026-11-30", "2026-11"]);
  });

  it("lists a range with both ends, and nothing backwards", () => {
    expect(monthRange("2025-11", "2026-02")).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
    expect(monthRange("2026-02", "2026-01")).toEqual([]);
  });

  it("refuses what is not a month", () => {
    expect(() => addMonths("2026-1", 1)).toThrow(RangeError);
  });
});
