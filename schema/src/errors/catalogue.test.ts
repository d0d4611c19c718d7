import { describe, expect, it } from "vitest";
import { errorCatalogue, isErrorCode } from "./catalogue.ts";
import { errorBody, SaldoError } from "./saldo-error.ts";

describe("the error catalogue", () => {
  it.each(Object.entries(errorCatalogue))("%s says meaning, cause and remedy in both languages", (code, entry) => {
    expect(code).toMatch(/^[a-z]+\.[a-z0-9_]+$/);
    for (const text of [entry.meaning, entry.cause, entry.remedy]) {
      expect(text.en).toMatch(/^[A-Z0-9].*\.$/s);
      expect(text.ru).toMatch(/^[А-ЯЁA-Z0-9«].*\.$/s);
    }
    expect(entry.httpStatus).toBeGreaterThanOrEqual(400);
  });

  it("tells its own codes from other texts", () => {
    expect(isErrorCode("auth.required")).toBe(true);
    expect(isErrorCode("toString")).toBe(false);
  });

  it("answers with words and safe detail only", () => {
    expect(errorBody(new SaldoError("relay.invalid_upload", { part: "header" }, { cause: new Error("secret") }))).toEqual({
      code: "relay.invalid_upload",
      message: "The changes arrived damaged; nothing was applied. Nothing to do: the device sends them again.",
      detail: { part: "header" },
    });
  });
});
