import { minor, searchTextOf, seededIds, type Row } from "@saldo/schema";
import type { PlainBooks } from "./recomputed.ts";

/** Workspace the generated books belong to; a second one lies in the same tables. */
export const generatedWorkspaceId = "0197f000-0000-7000-8000-00000000000a";
const foreignWorkspaceId = "0197f000-0000-7000-8000-00000000000b";
const createdAt = "2025-01-01T00:00:00.000Z";

/** Repeatable numbers from 0 up to 1 (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const names = ["Продажи", "Услуги", "Аренда", "Зарплата", "Реклама", "Между счетами", "Налоги", "аренда склада"] as const;
const kinds = ["income", "income", "expense", "expense", "expense", "transfer", "expense", "expense"] as const;
const counterparties = ["ООО «Ромашка»", "ИП Ёлкин", "АО «Север»", "Мёд и воск", "", null] as const;

/** What makes the books. Dates run from `from` over `days` days. */
export interface BooksRecipe {
  readonly seed: number;
  readonly from: string;
  readonly days: number;
  readonly rows: number;
}

/**
 * Books with everything the reports have to tell apart: refunds, transfers, splits with their children, three currencies, months without a
 * row, the 29th of February, rows by hand, imports that are loading or undone, missing categories, another workspace's rows.
 */
export function generatedBooks({ seed, from, days, rows }: BooksRecipe): PlainBooks {
  const random = seededRandom(seed);
  const ids = seededIds(seed, () => 1_735_689_600_000);
  const pick = <Value>(values: readonly [Value, ...Value[]]): Value => values[Math.floor(random() * values.length)] ?? values[0];
  const workspaces = [generatedWorkspaceId, foreignWorkspaceId].map((id) => ({ id, name: "Фирма", currency: "RUB", locale: "ru" as const, plan: "trial" as const, createdAt, aiNames: false }));
  const categories = names.map((name, index) => ({ id: ids.next(), workspaceId: generatedWorkspaceId, name, kind: kinds[index] ?? "expense", parentId: null, slot: index % 9, archived: false, createdAt, mergedIntoId: null, activity: "operating" as const }));
  const accounts = ["RUB", "RUB", "RUB", "USD", "JPY"].map((currency, index) => account(ids.next(), currency, { index, random, from, days }));
  const imports = (["complete", "complete", "loading", "undone"] as const).map((status) => importRow(ids.next(), status));
  const categoryIds = [null, "0197f000-0000-7000-8000-0000000000ff", ...categories.map(({ id }) => id)] as const;
  const transactions: Row<"transaction">[] = [];
  for (let index = 0; index < rows; index++) {
    const day = new Date(Date.parse(from) + Math.floor(random() * days) * 86_400_000).toISOString().slice(0, 10);
    // One month in seven stays empty.
    if (Number(day.slice(5, 7)) === 1 + (seed % 7)) continue;
    const home = pick([accounts[0], accounts[1], accounts[2], accounts[3], accounts[4], accounts[0]]);
    if (home === undefined) continue;
    const description = `Оплата № ${index} за ${pick(["мёд", "аренду", "РЕКЛАМУ", "товар 100%"])}`;
    const counterpartyName = pick(counterparties);
    const row: Row<"transaction"> = {
      id: ids.next(),
      workspaceId: random() < 0.03 ? foreignWorkspaceId : generatedWorkspaceId,
      accountId: home.id,
      importId: pick([null, ...imports.map(({ id }) => id)]),
      importLine: null,
      postedOn: day,
      amountMinor: minor(Math.round((random() - 0.55) * 10_000_000)),
      currency: home.currency,
      description,
      counterpartyName,
      counterpartyId: null,
      categoryId: pick(categoryIds),
      categorySource: "file",
      parentId: null,
      isSplit: false,
      bankId: null,
      counterpartyAccount: null,
      counterpartyTaxId: null,
      kind: pick(["ordinary", "ordinary", "ordinary", "refund", "fee", "tax", "payroll", "transfer"]),
      kindSource: "file",
      transferId: null,
      vatMinor: null,
      isDistinct: false,
      note: null,
      searchText: searchTextOf(description, counterpartyName),
      createdAt,
    };
    transactions.push(...(random() < 0.05 ? split(row, ids.next(), ids.next(), pick(categoryIds)) : [row]));
  }
  return { workspaces, accounts, categories, imports, transactions };
}

/** A parent that stands outside all sums, and two children that add up to it. */
function split(row: Row<"transaction">, firstId: string, secondId: string, categoryId: string | null): Row<"transaction">[] {
  const part = minor(Math.trunc(row.amountMinor / 3));
  const rest = minor(row.amountMinor - part);
  return [
    { ...row, isSplit: true },
    { ...row, id: firstId, parentId: row.id, amountMinor: part, categoryId },
    { ...row, id: secondId, parentId: row.id, amountMinor: rest },
  ];
}

interface AccountParts {
  readonly index: number;
  readonly random: () => number;
  readonly from: string;
  readonly days: number;
}

function account(id: string, currency: string, { index, random, from, days }: AccountParts): Row<"account"> {
  const known = index !== 1;
  const asOf = new Date(Date.parse(from) + Math.floor(random() * (days + 20)) * 86_400_000).toISOString().slice(0, 10);
  return {
    id,
    workspaceId: generatedWorkspaceId,
    name: `Счёт ${["б", "а", "Ё", "$", "¥"][index] ?? ""}`,
    currency,
    number: null,
    balanceMinor: known ? minor(Math.round(random() * 50_000_000) - 1_000_000) : null,
    balanceAsOf: known && index !== 2 ? asOf : null,
    archived: false,
    createdAt,
  };
}

function importRow(id: string, status: Row<"import">["status"]): Row<"import"> {
  return {
    id,
    workspaceId: generatedWorkspaceId,
    fileName: "выписка.csv",
    fileSha256: "0".repeat(64),
    fileBytes: 1,
    format: "csv",
    understanding: {},
    rowsDeclared: 0,
    rowsAdded: 0,
    rowsThere: 0,
    rowsLeftOut: 0,
    rowsRefused: 0,
    firstOn: null,
    lastOn: null,
    statements: [],
    comparedWith: [],
    status,
    createdBy: null,
    createdAt,
    completedAt: null,
  };
}
