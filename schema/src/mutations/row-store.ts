import type { Row, TableName } from "../tables/index.ts";

/** Changed columns of a row: a new value, or `{ add }` for a number, which merges with what others added. */
export type Patch<Name extends TableName> = {
  [Key in keyof Row<Name>]?: Row<Name>[Key] | (Row<Name>[Key] extends number | null ? { readonly add: number } : never);
};

/** Columns a set of rows is chosen by; the leading ones must be indexed. */
export type Where<Name extends TableName> = Partial<Row<Name>>;

/**
 * The rows of one workspace as a mutation sees them: the same interface over SQLite, PGlite and Postgres. A row of another workspace does
 * not exist here, whatever its id. Every method works inside the caller's transaction.
 *
 * Throws `SaldoError`: `mutation.row_missing` (patch of a row that is not there), `mutation.row_exists` (insert of an id that is).
 */
export interface RowStore {
  get<Name extends TableName>(table: Name, id: string): Promise<Row<Name> | undefined>;
  list<Name extends TableName>(table: Name, where: Where<Name>): Promise<Row<Name>[]>;
  /** The different values of a column among matching rows, in any order. */
  distinct(table: "transaction", column: "accountId" | "categoryId" | "transferId", where: Where<"transaction">): Promise<(string | null)[]>;
  count<Name extends TableName>(table: Name, where: Where<Name>): Promise<number>;
  insert<Name extends TableName>(table: Name, row: Row<Name>): Promise<void>;
  /** Inserts rows that belong to the import named in them; on a device they are pending by import, without a mark for each row. */
  insertMany<Name extends TableName>(table: Name, rows: readonly Row<Name>[]): Promise<void>;
  patch<Name extends TableName>(table: Name, id: string, patch: Patch<Name>): Promise<void>;
  patchMany<Name extends TableName>(table: Name, where: Where<Name>, patch: Patch<Name>): Promise<void>;
  /** Removes a row; removing one that is not there does nothing. */
  remove<Name extends TableName>(table: Name, id: string): Promise<void>;
  removeMany<Name extends TableName>(table: Name, where: Where<Name>): Promise<void>;
}
