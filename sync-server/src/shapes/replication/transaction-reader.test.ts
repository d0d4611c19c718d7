import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Column, Table } from "../catalog/table.ts";
import { normaliseDefinition, type ShapeRequest } from "../definition.ts";
import { OpenFiles } from "../log/open-files.ts";
import { ShapeLog } from "../log/shape-log.ts";
import { ChangeRouter } from "../routing/change-router.ts";
import { bindDefinition, Shape } from "../shape.ts";
import { SnapshotFile } from "../snapshot/snapshot-file.ts";
import { tupleOf } from "../testing/tuple.ts";
import type { PgOutputMessage } from "./messages.ts";
import { RecentTransactions } from "./recent-transactions.ts";
import { TransactionReader } from "./transaction-reader.ts";

const column = (name: string, pkIndex: number): Column => ({
  name, typeName: "int8", typeOid: 20, typeMod: -1, typeSql: "pg_catalog.int8", typeKind: "base", domain: null, dims: 0, notNull: false, pkIndex, collationDeterministic: true, collationBytewise: false, collation: null, collationCaseSimple: false,
});
const table: Table = { oid: 7, schema: "public", name: "t", columns: [column("id", 0), column("n", -1)], unpublished: [], partitioned: false, relations: [7], publicationEntries: ["1"] };
const relation: PgOutputMessage = { kind: "relation", oid: 7, schema: "public", name: "t", replicaIdentity: "f", columns: table.columns };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "reader-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function shapeOf(request: ShapeRequest, xmax: bigint, lsn: bigint): Promise<Shape> {
  const definition = normaliseDefinition(request);
  const where = bindDefinition(definition, table);
  const log = await ShapeLog.open(dir, 1_000_000, new OpenFiles(8));
  const shape = new Shape({ definition, handle: "h", dir, table, where, constants: where?.constants.map((constant) => (constant.kind === "text" ? constant.text : null)) ?? [], snapshot: SnapshotFile.writing(dir, 1_000), log, lastUsedMs: 0 });
  shape.sees({ xmin: xmax, xmax, xip: [], lsn, flushLsn: lsn });
  return shape;
}

/** Puts transactions through a reader and answers the headers of what the shape logged. */
function run(shape: Shape, transactions: readonly { xid: number; lsn: bigint; changes: readonly PgOutputMessage[] }[]): unknown[] {
  const router = new ChangeRouter<Shape>();
  router.add(shape);
  const reader = new TransactionReader(router, new RecentTransactions(), () => expect.unreachable("rotated"), () => undefined);
  for (const { xid, lsn, changes } of transactions) {
    for (const message of [{ kind: "begin", commitLsn: lsn, xid } as const, relation, ...changes, { kind: "commit", commitLsn: lsn, endLsn: lsn + 8n } as const]) void reader.take(message);
  }
  shape.log.write();
  shape.log.publish();
  const text = readFileSync(shape.log.path, "utf8");
  const logged: unknown = JSON.parse(`[${text.replace(/,\s*$/, "")}]`);
  return Array.isArray(logged) ? logged : [];
}

type Values = (string | null | undefined)[];
const insert = (...row: Values): PgOutputMessage => ({ kind: "insert", oid: 7, row: tupleOf(...row) });
const update = (old: Values, row: Values): PgOutputMessage => ({ kind: "update", oid: 7, old: tupleOf(...old), row: tupleOf(...row) });

it("goes on across a wrap of transaction ids and of the lower half of the LSN", async () => {
  const shape = await shapeOf({ table: "t" }, (1n << 32n) - 2n, 0xffff_ff00n);
  const logged = run(shape, [
    { xid: 0xffff_fffd, lsn: 0xffff_fe00n, changes: [insert("1", "1")] },
    { xid: 0xffff_fffe, lsn: 0xffff_ff10n, changes: [insert("2", "2")] },
    { xid: 0xffff_ffff, lsn: 0xffff_fff8n, changes: [insert("3", "3")] },
    { xid: 3, lsn: 0x1_0000_0010n, changes: [insert("4", "4")] },
    { xid: 4, lsn: 0x20_0000_0000_0007n, changes: [insert("9007199254740993", "5"), insert("9007199254740992", "6")] },
  ]);
  expect(logged).toMatchObject([
    { key: '"public"."t"/"2"', headers: { txids: [4_294_967_294], lsn: "4294967056", op_position: 0, last: true } },
    { key: '"public"."t"/"3"', headers: { txids: [4_294_967_295], lsn: "4294967288", op_position: 0, last: true } },
    { key: '"public"."t"/"4"', headers: { txids: [3], lsn: "4294967312", op_position: 0, last: true } },
    { key: '"public"."t"/"9007199254740993"', headers: { txids: [4], lsn: "9007199254740999", op_position: 0 } },
    { key: '"public"."t"/"9007199254740992"', headers: { op_position: 1, last: true } },
  ]);
  expect(shape.lastOffset).toEqual({ tx: 0x20_0000_0000_0007n, op: 1 });
});

it("numbers operations by their place in the transaction and marks the last one of the shape", async () => {
  const shape = await shapeOf({ table: "t", where: "n > 9007199254740992" }, 10n, 10n);
  const logged = run(shape, [
    {
      xid: 20,
      lsn: 100n,
      changes: [
        insert("1", "9007199254740992"),
        insert("2", "9007199254740993"),
        update(["2", "9007199254740993"], ["3", "9007199254740993"]),
        update(["3", "9007199254740993"], ["3", "9007199254740993"]),
        update(["1", "9007199254740992"], ["1", "9007199254740994"]),
        insert("4", "0"),
        { kind: "delete", oid: 7, old: tupleOf("3", "9007199254740993") },
        insert("5", null),
      ],
    },
  ]);
  const headers = (operation: string, op_position: number, more: object = {}) => ({ headers: { operation, relation: ["public", "t"], txids: [20], lsn: "100", op_position, ...more } });
  expect(logged).toEqual([
    { key: '"public"."t"/"2"', value: { id: "2", n: "9007199254740993" }, ...headers("insert", 1) },
    { key: '"public"."t"/"2"', value: { id: "2" }, ...headers("delete", 2, { key_change_to: '"public"."t"/"3"' }) },
    { key: '"public"."t"/"3"', value: { id: "3", n: "9007199254740993" }, ...headers("insert", 3, { key_change_from: '"public"."t"/"2"' }) },
    { key: '"public"."t"/"1"', value: { id: "1", n: "9007199254740994" }, ...headers("insert", 5) },
    { key: '"public"."t"/"3"', value: { id: "3" }, ...headers("delete", 7, { last: true }) },
  ]);
});

it("gives a message again after the table was looked at, and looks once for each announcement", async () => {
  const router = new ChangeRouter<Shape>();
  const asked: number[] = [];
  const reader = new TransactionReader(router, new RecentTransactions(), () => undefined, (oid) => {
    asked.push(oid);
    return Promise.resolve();
  });
  void reader.take({ kind: "begin", commitLsn: 1n, xid: 1 });
  expect(reader.take(relation)).toBeInstanceOf(Promise);
  expect(reader.take(relation)).toBeUndefined();
  expect(reader.take({ ...relation })).toBeInstanceOf(Promise);
  reader.reset();
  expect(reader.take(relation)).toBeInstanceOf(Promise);
  expect(asked).toEqual([7, 7, 7]);
});
