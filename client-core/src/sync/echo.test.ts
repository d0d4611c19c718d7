import { canonicalText, tableCodec, tableNames, tables, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { recordMutation } from "../mutations/record.ts";
import { logicalValue } from "../mutations/row-image.ts";
import { contractWorkspaceId, transactionRow } from "../store/contract-rows.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { insertTableRows, openStore, readRows, type LocalDatabase } from "../store/index.ts";
import { createCheckpointer, type Checkpointer } from "./checkpointer.ts";
import type { CheckpointResult } from "./checkpoint.ts";
import { jsonSlices } from "./json-slices.ts";
import { readSum } from "./kept-sums.ts";
import { beginCounting, countSlice } from "./recount.ts";

const instant = "2026-01-01T00:00:00.000Z";
const rowCount = 1_200;
const open: LocalDatabase[] = [];

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});

const openSqlite = async () => openBetterSqlite3({ path: ":memory:" });

const kinds: Readonly<Record<string, { readonly openKind: () => Promise<LocalDatabase>; readonly asText: boolean }>> = {
  "better-sqlite3": { openKind: openSqlite, asText: false },
  "better-sqlite3, as text": { openKind: openSqlite, asText: true },
  PGlite: { openKind: async () => openPglite(await emptyPglite()), asText: false },
};

const ownRows = Array.from({ length: rowCount }, (_, index) => transactionRow(`t${String(index).padStart(5, "0")}`, { importId: "import-1", isSplit: index % 2 === 0 }));

const upToDate = (lsn: bigint) => ({ headers: { control: "up-to-date", global_last_seen_lsn: String(lsn) } });
const headers = (operation: string, lsn: bigint, position: number) => ({ operation, lsn: String(lsn), op_position: position });

/** A row as the server tells it: Postgres text. */
function inserted(row: Row<"transaction">, lsn: bigint, position: number) {
  const columns = tableCodec(tables.transaction).columns.map(({ key, sql: name, declaration: { type } }) => {
    const value = logicalValue(Object.entries(row).find(([column]) => column === key)?.[1]);
    return [name, type === "boolean" ? (value === true ? "t" : "f") : canonicalText(type, value)];
  });
  return { key: "k", value: Object.fromEntries(columns), headers: headers("insert", lsn, position) };
}

describe.each(Object.entries(kinds))("rows of an own import that come back, on %s", (_kind, { openKind, asText }) => {
  /** A store at L = 100 whose transactions are counted, and then an import of its own. */
  async function storeWithImport() {
    const database = await openStore(await openKind());
    open.push(database);
    const reached: CheckpointResult[] = [];
    const checkpointer = await createCheckpointer({ database, clientId: "me", now: () => instant, askForCheck: () => undefined, restart: () => undefined, reached: (result) => reached.push(result) });
    for (const name of tableNames) await checkpointer.batch(name, [upToDate(100n)], { handle: `h-${name}`, offset: "0_inf" });
    checkpointer.arrivals.check(100n);
    await checkpointer.advance();
    await count(database);
    await database.transaction((transaction) => insertTableRows(transaction, "transaction", ownRows, "fail"));
    const changed = new Set<string>();
    database.onCommit((tablesOfCommit) => tablesOfCommit.forEach((name) => changed.add(name)));
    return { database, checkpointer, reached, changed };
  }

  async function count(database: LocalDatabase): Promise<string> {
    await database.transaction((transaction) => beginCounting(transaction, true));
    for (;;) {
      const outcome = await countSlice(database, "transaction", instant);
      if (outcome !== "more") return outcome;
    }
  }

  async function arrive(checkpointer: Checkpointer, prev: bigint, lsn: bigint, messages: readonly object[]): Promise<void> {
    checkpointer.arrivals.advance(prev, lsn, ["transaction"]);
    await bring(checkpointer, lsn, messages);
    await checkpointer.advance();
  }

  /** Messages through an LSN, in slices as the wire brings them or in one batch. Returns how many were taken in unread. */
  async function bring(checkpointer: Checkpointer, lsn: bigint, messages: readonly object[]): Promise<number> {
    const cursor = { handle: "h-transaction", offset: `${lsn}_9999` };
    let unread = 0;
    if (asText) {
      for await (const slice of jsonSlices(new Response(`[${messages.map((message) => JSON.stringify(message)).join(",\n")}]`))) {
        const taken = await checkpointer.text("transaction", slice, cursor);
        unread += taken ?? 0;
        if (taken === undefined) await checkpointer.batch("transaction", slice.messages(), cursor);
      }
    }
    await checkpointer.batch("transaction", [...(asText ? [] : messages), upToDate(lsn)], cursor);
    return unread;
  }

  const offsetOf = async (database: LocalDatabase) => (await database.query(sql`select "offset" from "sync_shape" where "name" = 'transaction'`))[0]?.["offset"];

  it("write nothing, wait nowhere, and are the server's from then on", async () => {
    const { database, checkpointer, reached, changed } = await storeWithImport();
    checkpointer.arrivals.advance(100n, 110n, ["transaction"]);
    expect(await bring(checkpointer, 110n, ownRows.map((row, index) => inserted(row, 110n, index)))).toBe(asText ? rowCount - 1 : 0); // The last comes alone, and is read.
    await checkpointer.advance();
    expect(reached.at(-1)?.rowsWritten).toBe(0);
    expect([changed.has("transaction"), changed.has("sync_staged")]).toEqual([false, false]);
    expect(await offsetOf(database)).toBe("110_9999");
    expect((await readSum(database, "transaction"))?.kept?.rows).toBe(rowCount);
    expect(await count(database)).toBe("counted");
  });

  it("are told apart from those that came back otherwise, and a later commit waits its turn", async () => {
    const { database, checkpointer, reached } = await storeWithImport();
    const messages = ownRows.map((row, index) => inserted(index === 7 ? { ...row, note: "от сервера" } : row, index < 600 ? 110n : 120n, index));
    checkpointer.arrivals.advance(100n, 110n, ["transaction"]);
    await bring(checkpointer, 120n, messages);
    await checkpointer.advance();
    expect(reached.at(-1)?.rowsWritten).toBe(1);
    expect(await offsetOf(database)).toBe("110_599");
    expect((await readSum(database, "transaction"))?.kept?.rows).toBe(600);
    expect((await readRows(database, "transaction", sql`where "note" is not null`)).map(({ id }) => id)).toEqual(["t00007"]);
    checkpointer.arrivals.advance(110n, 120n, ["transaction"]);
    await checkpointer.advance();
    expect(await offsetOf(database)).toBe("120_9999");
    expect(await count(database)).toBe("counted");
  });

  it("keep what was changed here meanwhile, and give way when that is refused", async () => {
    const { database, checkpointer } = await storeWithImport();
    const context = { workspaceId: contractWorkspaceId, userId: "u", recordedAt: instant };
    await recordMutation(database, "transaction.setNote", { id: "t00003", note: "мой" }, context);
    await arrive(checkpointer, 100n, 110n, ownRows.map((row, index) => inserted(row, 110n, index)));
    const notes = async () => (await readRows(database, "transaction", sql`where "id" = 't00003'`)).map(({ note }) => note);
    expect(await notes()).toEqual(["мой"]);
    checkpointer.arrivals.advance(110n, 120n, ["client"]);
    await checkpointer.batch("client", [{ key: "k", value: { id: "me", workspace_id: contractWorkspaceId, user_id: "u", last_seq: "1", created_at: instant }, headers: headers("insert", 120n, 0) }, upToDate(120n)], { handle: "h-client", offset: "120_0" });
    await checkpointer.advance();
    expect(await notes()).toEqual([null]);
  });

  it("come back once more after a deletion that had yet to be applied", async () => {
    const { database, checkpointer } = await storeWithImport();
    const [first] = ownRows;
    if (!first) throw new Error("no rows");
    const arrivals = [
      ownRows.map((row, index) => inserted(row, 110n, index)),
      [{ key: "k", value: { id: first.id }, headers: headers("delete", 120n, 0) }],
      [inserted(first, 130n, 0)],
    ];
    for (const [index, messages] of arrivals.entries()) {
      const lsn = BigInt(110 + index * 10);
      checkpointer.arrivals.advance(lsn - 10n, lsn, ["transaction"]);
      await bring(checkpointer, lsn, messages);
    }
    await checkpointer.advance();
    expect(await readRows(database, "transaction", sql`where "id" = ${first.id}`)).toEqual([first]);
    expect((await readSum(database, "transaction"))?.kept?.rows).toBe(rowCount);
    expect(await count(database)).toBe("counted");
  });
});
