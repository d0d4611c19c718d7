import { minor, searchTextOf, type Row } from "@saldo/schema";

/** Workspace of the rows below. */
export const contractWorkspaceId = "0197f000-0000-7000-8000-000000000001";

/** A transaction with everything said that the test does not care about. */
export function transactionRow(id: string, over: Partial<Row<"transaction">> = {}): Row<"transaction"> {
  const description = over.description ?? "Оплата по счёту № 17";
  const counterpartyName = over.counterpartyName === undefined ? "ООО «Ромашка»" : over.counterpartyName;
  return {
    id,
    workspaceId: contractWorkspaceId,
    accountId: "account-1",
    importId: null,
    importLine: null,
    postedOn: "2026-02-28",
    amountMinor: minor(-125_050),
    currency: "RUB",
    description,
    counterpartyName,
    counterpartyId: null,
    categoryId: null,
    categorySource: "none",
    parentId: null,
    isSplit: false,
    bankId: null,
    counterpartyAccount: null,
    counterpartyTaxId: null,
    kind: "ordinary",
    kindSource: "file",
    transferId: null,
    vatMinor: null,
    isDistinct: false,
    note: null,
    searchText: searchTextOf(description, counterpartyName),
    createdAt: "2026-03-01T10:00:00.000Z",
    ...over,
  };
}

/** A planned item: the table with a real number. */
export function plannedRow(id: string, over: Partial<Row<"planned_item">> = {}): Row<"planned_item"> {
  return {
    id,
    workspaceId: contractWorkspaceId,
    name: "Аренда",
    amountMinor: minor(-9_007_199_254_740_991),
    currency: "RUB",
    categoryId: null,
    firstOn: "2024-02-29",
    repeat: "month",
    lastOn: null,
    likelihood: 0.1,
    createdAt: "2026-03-01T10:00:00.000Z",
    ...over,
  };
}

/** A rule: the table with a JSON value and a boolean. */
export function ruleRow(id: string, over: Partial<Row<"rule">> = {}): Row<"rule"> {
  return {
    id,
    workspaceId: contractWorkspaceId,
    position: 1,
    conditions: { текст: ["аренда", 'кавычка " и \\', null, true, 1.5], ж: { вложено: "да" } },
    categoryId: "c1",
    enabled: true,
    createdAt: "2026-03-01T10:00:00.000Z",
    ...over,
  };
}
