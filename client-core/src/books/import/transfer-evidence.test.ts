import { searchTextOf } from "@saldo/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownAccounts } from "./own-accounts.ts";
import { evidenceOf, transferStrength } from "./transfer-evidence.ts";

const own = ownAccounts([
  { id: "main", name: "Main account", number: "40702810900000001111" },
  { id: "savings", name: "Savings", number: "40702810900000002222" },
  { id: "reserve", name: "Резерв", number: null },
]);

interface Said {
  readonly text: string;
  readonly party?: string;
  readonly kind?: string;
  readonly number?: string;
}

const side = (accountId: string, { text, party, kind, number }: Said) =>
  evidenceOf({ accountId, kind: kind ?? "ordinary", searchText: searchTextOf(text, party ?? null), counterpartyName: party ?? null, counterpartyAccount: number ?? null }, own);
const strength = (one: Said, other: Said) => transferStrength(side("main", one), side("savings", other));

describe("what two rows of opposite amounts say together", () => {
  it.each<[Said, Said, number]>([
    [{ text: "To savings" }, { text: "From main account" }, 3],
    [{ text: "x", number: "40702810900000002222", kind: "transfer" }, { text: "x", number: "40702810900000001111", kind: "transfer" }, 3],
    [{ text: "To savings" }, { text: "Top up" }, 2],
    [{ text: "Transfer to savings" }, { text: "Credit" }, 2],
    [{ text: "Transfer", party: "Savings" }, { text: "Credit", party: "ACME" }, 2],
    [{ text: "Перевод собственных средств", kind: "transfer" }, { text: "Поступление" }, 2],
    [{ text: "Перевод собственных средств", kind: "transfer", party: "АО Один Банк" }, { text: "Перевод собственных средств", kind: "transfer", party: "ПАО Другой Банк" }, 2],
    [{ text: "Выдача" }, { text: "Перевод" }, 1],
    [{ text: "Перевод", party: "ИП Петров" }, { text: "Пополнение", party: "ИП Петров П. П." }, 1],
    [{ text: "To savings" }, { text: "Bright Ltd, invoice 118" }, 0],
    [{ text: "Savings Bank Ltd" }, { text: "Bright Ltd" }, 0],
    [{ text: "Перевод на резерв" }, { text: "Пополнение" }, 0],
    [{ text: "Перевод", party: "ООО Поставщик" }, { text: "Перевод", party: "ООО Покупатель" }, 0],
    [{ text: "Перевод собственных средств", kind: "transfer", party: "ООО Мы" }, { text: "Оплата", party: "ООО Покупатель" }, 0],
    [{ text: "Coffee" }, { text: "Invoice 7" }, 0],
  ])("%j and %j: %i", (one, other, expected) => {
    expect(strength(one, other)).toBe(expected);
  });

  it("is nothing for two parties that are strangers, whatever else they say but that it is between own accounts", () => {
    const words = fc.constantFrom("оплата", "перевод", "invoice", "transfer", "top up", "savings bank ltd", "main street ltd", "7", "резервный парашют ооо");
    fc.assert(
      fc.property(fc.array(words), fc.array(words), (one, other) => {
        expect(strength({ text: one.join(" "), party: "Alpha GmbH" }, { text: other.join(" "), party: "Beta AG" })).toBe(0);
      }),
    );
  });

  it("is the same the other way round", () => {
    const said = fc.record({ text: fc.constantFrom("to savings", "from main account", "в резерв", "transfer", "coffee"), kind: fc.constantFrom("ordinary", "transfer") });
    fc.assert(
      fc.property(said, said, (one, other) => {
        expect(transferStrength(side("main", one), side("savings", other))).toBe(transferStrength(side("savings", other), side("main", one)));
      }),
    );
  });
});
