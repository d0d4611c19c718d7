import { minor, searchTextOf } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import type { ReadRow } from "../../import/index.ts";
import { createRowJudge, digitsOf } from "./row-kind.ts";

const blank: ReadRow = {
  line: 1, postedOn: "2026-10-01", amountMinor: minor(-1_200_000), currency: "RUB", description: "", counterparty: null, account: "40702810000000001111", category: null,
  bankId: null, counterpartyAccount: null, counterpartyTaxId: null, kind: null, statement: 0, parts: null,
};
const judge = createRowJudge(() => new Set([digitsOf("40702 810 0 0000 000 2222")]));
const judged = (over: Partial<ReadRow>) => {
  const row = { ...blank, ...over };
  return judge(row, searchTextOf(row.description, row.counterparty));
};

describe("what a row is by its words", () => {
  it.each([
    ["Перевод собственных средств", -1, "transfer"],
    ["Перевод между своими счетами", 1, "transfer"],
    ["Transfer to own account", -1, "transfer"],
    ["Возврат оплаты по счёту 12 от 01.10.2026", 1, "refund"],
    ["REFUND order 77", 1, "refund"],
    ["Оплата по договору займа, возврат займа", -1, "ordinary"],
    ["Комиссия за обслуживание счёта", -1, "fee"],
    ["Плата за ведение счёта за октябрь", -1, "fee"],
    ["Monthly fee", -1, "fee"],
    ["Единый налоговый платёж", -1, "tax"],
    ["НДФЛ за октябрь", -1, "tax"],
    ["Страховые взносы на травматизм", -1, "tax"],
    ["Уплата НДС за 3 квартал", -1, "tax"],
    ["Income tax payment", -1, "tax"],
    ["Заработная плата за октябрь по реестру 41", -1, "payroll"],
    ["Аванс за октябрь 2026", -1, "payroll"],
    ["Salary October", -1, "payroll"],
    ["Оплата по счёту 902, молоко. НДС не облагается", -1, "ordinary"],
    ["Оплата за товар. В том числе НДС 20% - 2000.00", -1, "ordinary"],
    ["Возмещение по операциям 31.10", 1, "ordinary"],
    ["Аванс по договору поставки 7", -1, "ordinary"],
    ["Salary refund from tax office", 1, "refund"],
    ["Комиссия возвращена", 1, "ordinary"],
    ["Taxi to the airport", -1, "ordinary"],
  ])("%s (%i) is %s", (description, sign, kind) => {
    expect(judged({ description, amountMinor: minor(sign * 1_200_000) }).kind).toBe(kind);
  });

  it("an own account on the other side is a transfer, whatever the words; what the file says goes before words", () => {
    expect(judged({ description: "Пополнение", counterpartyAccount: "40702810000000002222" }).kind).toBe("transfer");
    expect(judged({ description: "Оплата", counterpartyAccount: "40702810000000009999" }).kind).toBe("ordinary");
    expect(judged({ description: "Salary", kind: "tax" }).kind).toBe("tax");
  });

  it.each([
    ["Оплата по счёту 12. В т.ч. НДС 20% 2000-00 руб.", 200_000],
    ["Оплата за услуги, в том числе НДС (20%) - 2 000.00", 200_000],
    ["Сумма 12000-00. В том числе НДС 18 % - 1830.51", 183_051],
    ["НДС 333,33", 33_333],
    ["Без НДС", null],
    ["НДС не облагается", null],
    ["Без налога (НДС)", null],
    ["В т.ч. НДС 20%", null],
    ["НДС 20% 99999999.00", null],
    ["Invoice 7, VAT 20% 2000.00", 200_000],
  ])("%s holds VAT of %s", (description, vatMinor) => {
    expect(judged({ description }).vatMinor).toBe(vatMinor);
  });
});
