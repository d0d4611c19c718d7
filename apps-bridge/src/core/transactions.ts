import { listAccounts, listCategories, narrowingOfRows, quickPage, listedTotals, type TransactionFilter } from "@saldo/client-core/reports";
import { readRows, type SqlReader } from "@saldo/client-core/store";
import { minor, SaldoError, selectionMax, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { Core } from "./core.ts";
import { readBooks, watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** Rows, their categories and accounts. */
export function transactionHandlers(core: Core): HandlersOf<"transactions" | "categories" | "category" | "accounts" | "account"> {
  const totalsOf = keptTotals(core);
  return {
    "transactions.list": ({ filter, cursor, limit }) =>
      readBooks(core, async ({ reader, workspaceId }) => {
        const { measure, rows, ...narrowing } = filter;
        const wanted = { ...withoutUndefined(narrowing), ...rowsOfMeasure(measure), ...(rows === undefined ? {} : narrowingOfRows(rows)), workspaceId };
        const page = await quickPage(reader, wanted, cursor, limit);
        const { count, totals } = await totalsOf(reader, wanted);
        return {
          rows: await shownRows(reader, workspaceId, page.rows),
          nextCursor: page.nextCursor,
          totalCount: count,
          totals: totals.map(({ currency, inMinor, outMinor, transferInMinor, transferOutMinor }) => ({ currency, inMinor, outMinor, transferInMinor, transferOutMinor })),
        };
      }),
    "transactions.watch": (_params, context) => {
      let version = 0;
      return Promise.resolve(watchBooks(core, ["transaction", "import", "category", "account"], () => Promise.resolve({ version: ++version }), context));
    },
    async "transactions.recategorise"({ ids, categoryId }) {
      const edits = [];
      for (let start = 0; start < ids.length; start += selectionMax) {
        edits.push({ name: "transaction.recategorise", args: { ids: ids.slice(start, start + selectionMax), categoryId } } as const);
      }
      return { changed: ids.length, undoId: await core.opened().books.history.record(edits) };
    },
    async "transactions.setKind"({ ids, kind }) {
      const edits = [];
      for (let start = 0; start < ids.length; start += selectionMax) edits.push({ name: "transaction.setKind", args: { ids: ids.slice(start, start + selectionMax), kind } } as const);
      return { changed: ids.length, undoId: await core.opened().books.history.record(edits) };
    },
    async "transactions.linkTransfer"({ ids }) {
      return { undoId: await core.opened().books.history.record([{ name: "transfer.link", args: { pairs: [ids], by: "person" } }]) };
    },
    "transactions.parts": ({ id }) =>
      readBooks(core, async ({ reader, workspaceId }) => {
        const [named] = await readRows(reader, "transaction", sql`where "workspace_id" = ${workspaceId} and "id" = ${id}`);
        const wholeId = named?.parentId ?? id;
        const [whole] = named?.parentId === null ? [named] : await readRows(reader, "transaction", sql`where "workspace_id" = ${workspaceId} and "id" = ${wholeId}`);
        if (whole === undefined) throw new SaldoError("mutation.row_missing", { table: "transaction" });
        const parts = await readRows(reader, "transaction", sql`where "workspace_id" = ${workspaceId} and "parent_id" = ${wholeId} order by "id"`);
        return { whole: shownRow(whole, new Map()), parts: parts.map(({ id: partId, amountMinor, categoryId, note }) => ({ id: partId, amountMinor, categoryId, note })) };
      }),
    async "transactions.split"({ id, parts }) {
      const { books } = core.opened();
      const createdAt = books.nowInstant();
      const named = parts.map(({ amountMinor, categoryId, note }) => ({ id: books.ids.next(), amountMinor: minor(amountMinor), categoryId, note }));
      const edit = named.length === 0 ? ({ name: "transaction.unsplit", args: { id } } as const) : ({ name: "transaction.split", args: { id, parts: named, createdAt } } as const);
      return { undoId: await books.history.record([edit]) };
    },
    "categories.list": () =>
      readBooks(core, async ({ reader, workspaceId }) => ({
        categories: (await listCategories(reader, workspaceId)).filter((row) => !row.archived).map(({ id, name, kind, slot }) => ({ id, name, kind, slot })),
      })),
    async "category.create"({ name, kind }) {
      const { books } = core.opened();
      const findIt = () =>
        readBooks(core, async ({ reader, workspaceId }) =>
          (await listCategories(reader, workspaceId)).find((row) => !row.archived && row.kind === kind && row.name.toLowerCase() === name.toLowerCase()),
        );
      if ((await findIt()) === undefined) await books.history.record([{ name: "category.create", args: { id: books.ids.next(), name, kind, createdAt: books.nowInstant() } }]);
      const row = await findIt();
      if (row === undefined) throw new SaldoError("bridge.internal");
      return { category: { id: row.id, name: row.name, kind: row.kind, slot: row.slot } };
    },
    "accounts.list": () =>
      readBooks(core, async ({ reader, workspaceId }) => ({
        accounts: (await listAccounts(reader, workspaceId))
          .filter((row) => !row.archived)
          .map(({ id, name, currency, balanceMinor, balanceAsOf }) => ({
            id,
            name,
            currency,
            balance: balanceMinor === null || balanceAsOf === null ? null : { minor: balanceMinor, asOf: balanceAsOf },
          })),
      })),
    async "account.setBalance"({ accountId, balanceMinor, asOf }) {
      return { undoId: await core.opened().books.history.record([{ name: "account.setBalance", args: { accountId, balanceMinor, asOf } }]) };
    },
  };
}

/** Rows as a list shows them, with the accounts at the other side of transfers. */
async function shownRows(reader: SqlReader, workspaceId: string, rows: readonly Row<"transaction">[]) {
  const others = rows.flatMap(({ transferId }) => transferId ?? []);
  const accounts = new Map(rows.map(({ id, accountId }) => [id, accountId]));
  const open = others.filter((id) => !accounts.has(id));
  const found = open.length === 0 ? [] : await readRows(reader, "transaction", sql`where "workspace_id" = ${workspaceId} and "id" in (${sql.join(open.map((id) => sql`${id}`), sql`, `)})`);
  for (const { id, accountId } of found) accounts.set(id, accountId);
  return rows.map((row) => shownRow(row, accounts));
}

/** A row as a list shows it; `accounts` by the id of the other side of a transfer. */
function shownRow(row: Row<"transaction">, accounts: ReadonlyMap<string, string>) {
  const { id, postedOn, amountMinor, currency, counterpartyName, description, categoryId, accountId, kind, transferId, parentId } = row;
  return { id, postedOn, amountMinor, currency, counterparty: counterpartyName ?? "", description, categoryId, accountId, kind, transferId, transferAccountId: accounts.get(transferId ?? "") ?? null, parentId };
}

type TotalsOf = typeof listedTotals;

/** Count and sums of the last filter, kept while nothing is committed: a list asks for them with every page, and some filters read every row. */
function keptTotals(core: Core): TotalsOf {
  let kept: { readonly key: string; readonly value: Awaited<ReturnType<TotalsOf>> } | undefined;
  let commits = 0;
  let stop = () => {};
  const forget = () => {
    kept = undefined;
    commits += 1;
  };
  const follow = () => {
    stop();
    forget();
    stop = core.session().signedIn ? core.opened().books.database.onCommit(forget) : () => {};
  };
  core.onOpened(follow);
  follow();
  return async (reader, filter) => {
    const key = JSON.stringify(filter);
    if (kept?.key === key) return kept.value;
    const asked = commits;
    const value = await listedTotals(reader, filter);
    if (asked === commits) kept = { key, value };
    return value;
  };
}

/** The rows a figure of the dashboard is made of. */
function rowsOfMeasure(measure: "revenue" | "expenses" | "profit" | undefined): Pick<TransactionFilter, "direction" | "excludeTransfers"> {
  if (measure === undefined) return {};
  if (measure === "profit") return { excludeTransfers: true };
  return { excludeTransfers: true, direction: measure === "revenue" ? "in" : "out" };
}

type Defined<Shape> = { [Key in keyof Shape]: Exclude<Shape[Key], undefined> };

/** The fields that were given: an absent filter and one that says nothing are the same. */
function withoutUndefined<Shape extends object>(shape: Shape): Partial<Defined<Shape>> {
  const given: Partial<Defined<Shape>> = {};
  for (const key in shape) {
    const value = shape[key];
    if (value !== undefined) Object.assign(given, { [key]: value });
  }
  return given;
}
