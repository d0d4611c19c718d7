import { emptySum, rowHasher, runningSum, tableCodec, tables, type BoundValue, type Hash64, type RowsSum, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { boundOfImage, type RowImage } from "../mutations/row-image.ts";
import type { LocalTransaction, SqlReader, SqlRow } from "../store/local-database.ts";
import type { Echo } from "./echo.ts";

/**
 * The sum of a shape's rows as the server has them, kept up to date by every checkpoint in its own transaction: what is stored goes out, what is
 * written comes in. Beside it the same rows may be counted anew, slice by slice in the order of their ids (see `recount.ts`); a change of a row
 * the count has passed changes it too, one further on is still to be read.
 *
 *     first load, refetch ─► counting (no sum) ─► sum ─► counting (sum kept) ─► the same: sum; another one: the shape is fetched again
 */
export interface KeptSum {
  /** Null until the rows were first counted. */
  readonly kept: RowsSum | null;
  /** Null when nothing is being counted. */
  readonly count: { readonly through: string; readonly read: RowsSum } | null;
  readonly differed: number;
  readonly sameLsn: string | null;
  readonly readAt: string | null;
}

/** What a shape begins with: nothing counted. `differed` is how often in a row its sum was not the server's. */
export const uncounted = (differed = 0): KeptSum => ({ kept: null, count: { through: "", read: emptySum }, differed, sameLsn: null, readAt: null });

const columns = ["name", "rows", "sum", "through", "read_rows", "read_sum", "read_at", "same_lsn", "differed"];

/** The sum of one shape; undefined when it was never begun. */
export async function readSum(reader: SqlReader, shape: TableName): Promise<KeptSum | undefined> {
  return (await readSums(reader, sql`"name" = ${shape}`)).get(shape);
}

/** The sums of the shapes that match. */
export async function readSums(reader: SqlReader, where = sql`true`): Promise<Map<string, KeptSum>> {
  const rows = await reader.query(sql`select * from "sync_sum" where ${where}`);
  return new Map(rows.map((row) => [String(row["name"]), sumOfRow(row)]));
}

function sumOfRow(row: SqlRow): KeptSum {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const [sum, through] = [text(row["sum"]), text(row["through"])];
  return {
    kept: sum === null ? null : { rows: Number(row["rows"]), sum },
    count: through === null ? null : { through, read: { rows: Number(row["read_rows"]), sum: String(row["read_sum"]) } },
    differed: Number(row["differed"]),
    sameLsn: text(row["same_lsn"]),
    readAt: text(row["read_at"]),
  };
}

/** Writes the sum of one shape inside the caller's transaction. */
export async function writeSum(transaction: LocalTransaction, shape: TableName, { kept, count, differed, sameLsn, readAt }: KeptSum): Promise<void> {
  const read = count?.read ?? emptySum;
  const row = [shape, kept?.rows ?? null, kept?.sum ?? null, count?.through ?? null, read.rows, read.sum, readAt, sameLsn, differed];
  await transaction.insertRows("sync_sum", columns, [row], "replace");
}

/** Tells the sums of a shape which of the server's rows came and went. */
export interface SumChanges {
  came(id: string, values: readonly BoundValue[]): void;
  gone(id: string, stored: SqlRow): void;
  imageCame(id: string, image: RowImage): void;
  imageGone(id: string, image: RowImage): void;
  /** Rows that were here already are the server's now. */
  echoCame(echo: Echo): void;
  /** Writes what they come to. */
  save(): Promise<void>;
}

/** Follows the changes a checkpoint makes to a shape's rows. */
export async function followChanges(transaction: LocalTransaction, shape: TableName): Promise<SumChanges> {
  const before = (await readSum(transaction, shape)) ?? uncounted();
  const hasher = rowHasher(tables[shape]);
  const codec = tableCodec(tables[shape]);
  const kept = before.kept && runningSum(before.kept);
  let count = before.count && { through: before.count.through, read: runningSum(before.count.read) };
  let isChanged = false;
  const move = (id: string, way: "add" | "remove", hashOf: () => Hash64) => {
    const read = count !== null && id <= count.through ? count.read : null;
    if (!kept && !read) return;
    isChanged = true;
    const hash = hashOf();
    kept?.[way](hash);
    read?.[way](hash);
  };
  const ofImage = (image: RowImage) => hasher.ofValues(boundOfImage(codec, image, transaction.dialect));
  return {
    came: (id, values) => move(id, "add", () => hasher.ofValues(values)),
    gone: (id, stored) => move(id, "remove", () => hasher.ofRow(stored)),
    imageCame: (id, image) => move(id, "add", () => ofImage(image)),
    imageGone: (id, image) => move(id, "remove", () => ofImage(image)),
    echoCame({ firstId, lastId, sum }) {
      isChanged ||= kept !== null || count !== null;
      kept?.addSum(sum);
      if (count === null || count.through < firstId) return;
      if (count.through >= lastId) return count.read.addSum(sum);
      // Part of them is passed: which part is not told, so the count begins anew.
      count = { through: "", read: runningSum() };
    },
    async save() {
      if (!isChanged) return;
      await writeSum(transaction, shape, { ...before, kept: kept && kept.value(), count: count && { through: count.through, read: count.read.value() } });
    },
  };
}
