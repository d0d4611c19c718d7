import { searchTextOf } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { ownAccounts } from "./own-accounts.ts";

const accounts = [
  { id: "main", name: "Main account", number: null },
  { id: "savings", name: "Savings", number: null },
  { id: "savings-eur", name: "Savings EUR", number: null },
  { id: "base", name: "Основной счёт", number: "40702810900000001111" },
  { id: "till", name: "Касса", number: null },
  { id: "reserve", name: "Сбережения", number: null },
  { id: "iban", name: "Geschäftskonto", number: "DE89 3704 0044 0532 0130 07" },
  { id: "card", name: "Карта *4321", number: "*4321" },
] as const;

describe("an own account in the words of a row", () => {
  const own = ownAccounts(accounts);
  it.each([
    ["To savings", ["savings"]],
    ["FROM MAIN ACCOUNT", ["main"]],
    ["Move to Savings EUR", ["savings-eur"]],
    ["Saving's top up", ["savings"]],
    ["С основного счёта", ["base"]],
    ["На основной счет", ["base"]],
    ["Сдано в кассу", ["till"]],
    ["Из кассы", ["till"]],
    ["Со сбережений в кассу", ["reserve", "till"]],
    ["Зачисление со счёта 40702810900000001111", ["base"]],
    ["Со счета *1111", ["base"]],
    ["account ending in 3007", ["iban"]],
    ["DE89370400440532013007", ["iban"]],
    ["на карту 4321", ["card"]],
    ["Kontostand Geschäftskonto", ["iban"]],
    ["Supplier 1111, invoice 4321", []],
    ["Lifesavings shop", []],
    ["Savings Bank Ltd", []],
    ["Кассация: госпошлина", []],
    ["ООО «Касса»", []],
    ["Order 140702810900000001111", []],
  ])("%s names %j", (text, ids) => {
    expect([...own.namedIn(searchTextOf(text, null), "")].toSorted()).toEqual(ids.toSorted());
  });

  it("is another than the row's own, whatever its currency; one account alone names none", () => {
    const two = ownAccounts([{ id: "rub", name: "Main", number: null }]);
    expect(two.namedIn("from main", "")).toEqual([]);
    two.add({ id: "usd", name: "Main", number: null });
    expect(two.namedIn("from main", "rub")).toEqual([]);
    expect(two.namedIn("from main", "other")).toEqual(["rub", "usd"]);
  });
});
