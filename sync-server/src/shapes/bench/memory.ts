import { atMost, type Figure } from "../../../../deploy/bench/bench.ts";
import type { BenchGround } from "./ground.ts";
import { answers } from "./parts.ts";
import { insertSql, rowId, runSql, workspaceId } from "./rows.ts";
import { residentMb } from "./service-process.ts";

const rows = 1_000_000;
const largeRowBytes = 10_000_000;
const residentMbMax = 256;

/** The most memory the service ever takes with a snapshot of a million rows, a transaction of a million rows, a row of 10 MB. */
export async function measureMemory(ground: BenchGround): Promise<readonly Figure[]> {
  const peakOf = async (work: (shape: string, table: string) => Promise<void>): Promise<number> => {
    const service = await ground.service();
    const table = await ground.table();
    await work(`${service.url}?table=${table}`, table);
    return residentMb(service.pid).peak;
  };
  const drain = (shape: string): Promise<null> => ground.run("drainShape", { shape }, answers.nothing);
  const marked = async (shape: string, ...statements: readonly string[]): Promise<void> => {
    const mark = ground.unique("mark");
    const part = await ground.start("awaitMark", { shape: shape.replace(/table=.*$/, "table=marks"), mark }, answers.seen);
    await Promise.all([part.go(), runSql(ground.databaseUrl, ...statements, `INSERT INTO marks VALUES ('${mark}')`)]);
    await part.stop();
    await drain(shape);
  };
  const snapshot = await peakOf(async (shape, table) => {
    await runSql(ground.databaseUrl, insertSql(table, 1, rows + 1, 1));
    await drain(shape);
  });
  const transaction = await peakOf(async (shape, table) => {
    await drain(shape);
    await marked(shape, insertSql(table, 1, rows + 1, 1));
  });
  const row = await peakOf(async (shape, table) => {
    await drain(shape);
    const values = `'${rowId(1)}', '${workspaceId(1)}', 'account', '2026-01-02', 1, 'EUR', repeat('ten bytes ', ${largeRowBytes / 10}), 'someone', 'now'`;
    await marked(shape, `INSERT INTO ${table} VALUES (${values})`, `UPDATE ${table} SET amount_minor = 2`);
  });
  return [
    atMost("peak memory, snapshot of 1,000,000 rows", snapshot, "MB", residentMbMax),
    atMost("peak memory, transaction of 1,000,000 rows", transaction, "MB", residentMbMax),
    atMost("peak memory, row of 10 MB written and changed", row, "MB", residentMbMax),
  ];
}
