import { idOfName, minor, searchTextOf, type Row } from "@saldo/schema";
import { insertTableRows, type LocalDatabase } from "../store/index.ts";
import { dateOf, type Ledger } from "./ledger.ts";

const createdAt = "2026-01-01T00:00:00.000Z";
const rowsAtATime = 50_000;

/** Writes a ledger as the books of a workspace: its rows by hand, with their categories, on one account. */
export async function storeLedger(database: LocalDatabase, workspaceId: string, ledger: Ledger): Promise<void> {
  await database.transaction(async (transaction) => {
    const currency = ledger.currencies[0] ?? "EUR";
    const accountId = `${workspaceId}-account`;
    await insertTableRows(transaction, "workspace", [{ id: workspaceId, name: "Books", currency, locale: "en", plan: "trial", createdAt, aiNames: false }], "fail");
    await insertTableRows(transaction, "account", [{ id: accountId, workspaceId, name: "Bank", currency, number: null, balanceMinor: null, balanceAsOf: null, archived: false, createdAt }], "fail");
    const categories = ledger.categories.map((name): Row<"category"> => ({ id: idOfName("category", name), workspaceId, name, kind: "expense", parentId: null, slot: 1, archived: false, createdAt, mergedIntoId: null, activity: "operating" }));
    await insertTableRows(transaction, "category", categories, "fail");
    for (let start = 0; start < ledger.count; start += rowsAtATime) {
      const rows: Row<"transaction">[] = [];
      for (let place = start; place < Math.min(ledger.count, start + rowsAtATime); place++) rows.push(transactionOf(ledger, place, workspaceId, accountId));
      await insertTableRows(transaction, "transaction", rows, "fail");
    }
  });
}

function transactionOf(ledger: Ledger, place: number, workspaceId: string, accountId: string): Row<"transaction"> {
  const counterpartyName = ledger.names[ledger.name[place] ?? 0] ?? "";
  const category = ledger.category[place] ?? -1;
  return {
    id: ledger.ids[place] ?? "",
    workspaceId,
    accountId,
    importId: null,
    importLine: null,
    postedOn: dateOf(ledger.day[place] ?? 0),
    amountMinor: minor(ledger.amountMinor[place] ?? 0),
    currency: ledger.currencies[ledger.currency[place] ?? 0] ?? "EUR",
    description: "",
    counterpartyName,
    counterpartyId: null,
    categoryId: category < 0 ? null : idOfName("category", ledger.categories[category] ?? ""),
    categorySource: category < 0 ? "none" : "file",
    parentId: null,
    isSplit: false,
    note: null,
    searchText: searchTextOf("", counterpartyName),
    createdAt,
    bankId: null,
    counterpartyAccount: null,
    counterpartyTaxId: null,
    kind: "ordinary",
    kindSource: "file",
    transferId: null,
    vatMinor: null,
    isDistinct: (ledger.isDistinct[place] ?? 0) === 1,
  };
}
