import { canonicalText, isTableName, rowSchema, SaldoError, tables, type LogicalValue, type Row, type RowStore, type TableName } from "@saldo/schema";
import { logicalValue } from "../../mutations/row-image.ts";

/** A row of the model: by declaration key. */
export type ModelRow = Readonly<Record<string, unknown>>;

/** One row before and after a commit. */
export interface ModelChange {
  readonly table: TableName;
  readonly id: string;
  before: ModelRow | undefined;
  after: ModelRow | undefined;
}

/** Tables of the model, and a way to change them that can be taken back. */
export class ModelTables {
  readonly rows = new Map<TableName, Map<string, ModelRow>>();
  private journal = new Map<string, ModelChange>();

  table(name: TableName): Map<string, ModelRow> {
    let rows = this.rows.get(name);
    if (!rows) this.rows.set(name, (rows = new Map()));
    return rows;
  }

  write(table: TableName, id: string, after: ModelRow | undefined): void {
    const rows = this.table(table);
    const key = `${table} ${id}`;
    const known = this.journal.get(key);
    if (known) known.after = after;
    else this.journal.set(key, { table, id, before: rows.get(id), after });
    if (after) rows.set(id, after);
    else rows.delete(id);
  }

  /** A copy of all rows, as a backup holds them. */
  copy(): ReadonlyMap<TableName, ReadonlyMap<string, ModelRow>> {
    return new Map([...this.rows].map(([name, table]) => [name, new Map(table)]));
  }

  /** Puts a copy in the place of all rows. */
  restore(copy: ReturnType<ModelTables["copy"]>): void {
    this.rows.clear();
    for (const [name, table] of copy) this.rows.set(name, new Map(table));
    this.journal = new Map();
  }

  /** Ends a transaction: what it changed, in order of first touch. */
  commit(): ModelChange[] {
    const changes = [...this.journal.values()].filter(({ before, after }) => before !== after);
    this.journal = new Map();
    return changes;
  }

  /** Runs work that may be refused: what it wrote is taken back when it throws. */
  async savepoint(work: () => Promise<void>): Promise<void> {
    const journal = new Map([...this.journal].map(([key, change]) => [key, { ...change }]));
    const rows = new Map([...this.rows].map(([name, table]) => [name, new Map(table)]));
    try {
      await work();
    } catch (error) {
      this.journal = journal;
      this.rows.clear();
      for (const [name, table] of rows) this.rows.set(name, table);
      throw error;
    }
  }
}

/** The row interface of mutations over one workspace of the model; rows of another do not exist in it. */
export function modelRowStore(model: ModelTables, workspaceId: string): RowStore {
  const isOwn = (table: TableName, row: ModelRow) => {
    const column = table === "workspace" ? "id" : "workspaceId";
    return !(column in tables[table].columns) || row[column] === workspaceId;
  };
  const matching = (table: TableName, where: object) =>
    [...model.table(table).values()].filter((row) => isOwn(table, row) && Object.entries(where).every(([key, value]) => row[key] === value));
  const find = (table: TableName, id: string) => {
    const row = model.table(table).get(id);
    return row && isOwn(table, row) ? row : undefined;
  };
  const typed = <Name extends TableName>(table: Name, row: ModelRow): Row<Name> => rowSchema(table).parse(row);
  const patched = (row: ModelRow, patch: object): ModelRow => {
    const next: Record<string, unknown> = { ...row };
    for (const [key, value] of Object.entries(patch)) {
      const isAdd = typeof value === "object" && value !== null && "add" in value;
      const current = next[key];
      next[key] = !isAdd ? value : typeof current === "number" ? current + Number(value.add) : null;
    }
    return next;
  };
  const idOf = (row: object) => String("id" in row ? row.id : "");
  return {
    async get(table, id) {
      const row = find(table, id);
      return row && typed(table, row);
    },
    async list(table, where) {
      return matching(table, where).map((row) => typed(table, row));
    },
    async count(table, where) {
      return matching(table, where).length;
    },
    async distinct(table, key, where) {
      return [...new Set(matching(table, where).map((row) => typed(table, row)[key]))];
    },
    async insert(table, row) {
      if (model.table(table).has(idOf(row))) throw new SaldoError("mutation.row_exists");
      model.write(table, idOf(row), { ...row });
    },
    async insertMany(table, rows) {
      for (const row of rows) {
        if (model.table(table).has(idOf(row))) throw new SaldoError("mutation.row_exists");
        model.write(table, idOf(row), { ...row });
      }
    },
    async patch(table, id, patch) {
      const row = find(table, id);
      if (!row) throw new SaldoError("mutation.row_missing");
      model.write(table, id, patched(row, patch));
    },
    async patchMany(table, where, patch) {
      for (const row of matching(table, where)) model.write(table, idOf(row), patched(row, patch));
    },
    async remove(table, id) {
      if (find(table, id)) model.write(table, id, undefined);
    },
    async removeMany(table, where) {
      for (const row of matching(table, where)) model.write(table, idOf(row), undefined);
    },
  };
}

/** A row as the wire carries it: SQL names, Postgres text. */
export function wireOf(table: TableName, row: ModelRow, columns: readonly { key: string; sql: string }[]): Record<string, string | null> {
  if (!isTableName(table)) throw new TypeError("no such table");
  const declared: Readonly<Record<string, { readonly type: Parameters<typeof canonicalText>[0] }>> = tables[table].columns;
  return Object.fromEntries(
    columns.map(({ key, sql }) => {
      const value: LogicalValue = logicalValue(row[key]);
      const type = declared[key]?.type ?? "text";
      const text = canonicalText(type, value);
      return [sql, text !== null && type === "bytes" ? `\\x${text}` : text];
    }),
  );
}
