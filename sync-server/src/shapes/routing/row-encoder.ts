import { keyColumns, type Table } from "../catalog/table.ts";
import type { Row } from "../where/row.ts";

/** What the headers of a logged message say about its transaction. */
export interface MessagePosition {
  /** 32-bit transaction id. */
  readonly xid: number;
  /** Commit LSN, decimal. */
  readonly lsn: string;
}

function keySection(name: string): string {
  return `"${name.replaceAll("/", "//").replaceAll(".", "..")}"`;
}

/** The part of a message key that names the table. */
export function keyPrefix(table: Table): string {
  return `${keySection(table.schema)}.${keySection(table.name)}`;
}

/** Builds message JSON for the rows of one table and one choice of columns. */
export class RowEncoder {
  readonly #keyPrefix: string;
  readonly #keyIndexes: readonly number[];
  readonly #hasPrimaryKey: boolean;
  readonly #selected: readonly number[];
  readonly #names: readonly string[];
  readonly #relation: string;
  #cachedRow: Row | undefined;
  #cachedJson = "";

  /** `selected` are indexes into the table's columns, in table order. */
  constructor(table: Table, selected: readonly number[]) {
    this.#keyPrefix = keyPrefix(table);
    this.#keyIndexes = keyColumns(table);
    this.#hasPrimaryKey = table.columns.some((column) => column.pkIndex >= 0);
    this.#selected = selected;
    this.#names = table.columns.map((column) => `${JSON.stringify(column.name)}:`);
    this.#relation = JSON.stringify([table.schema, table.name]);
  }

  /** The row's key. */
  key(row: Row): string {
    let key = this.#keyPrefix;
    for (const index of this.#keyIndexes) {
      const text = row[index] ?? null;
      key += text === null ? "/_" : `/"${text.includes("/") ? text.replaceAll("/", "//") : text}"`;
    }
    return key;
  }

  /** True when the two rows have different keys. */
  keyChanges(old: Row, row: Row): boolean {
    return this.#keyIndexes.some((index) => old[index] !== row[index]);
  }

  /** True when a selected column differs. */
  changes(old: Row, row: Row): boolean {
    return this.#selected.some((index) => old[index] !== row[index]);
  }

  /** An insert of the whole row; like all heads, its JSON without the two closing braces. */
  insert(row: Row, position: MessagePosition, op: number, keyChangeFrom?: string): string {
    return this.#head(this.key(row), this.#whole(row), "", "insert", position, op, keyChangeFrom === undefined ? "" : `,"key_change_from":${JSON.stringify(keyChangeFrom)}`);
  }

  /** An update: key and changed columns, or with `full` the whole row and the old values of what changed. */
  update(old: Row, row: Row, full: boolean, position: MessagePosition, op: number): string {
    const changed = this.#selected.filter((index) => old[index] !== row[index]);
    if (full) return this.#head(this.key(row), this.#whole(row), `,"old_value":${this.#object(old, changed)}`, "update", position, op, "");
    const shown = this.#selected.filter((index) => this.#keyIndexes.includes(index) || old[index] !== row[index]);
    return this.#head(this.key(row), this.#object(row, shown), "", "update", position, op, "");
  }

  /** A delete: key columns, or with `full` (and for tables without a key) the whole old row. */
  delete(old: Row, full: boolean, position: MessagePosition, op: number, keyChangeTo?: string): string {
    const value = full || !this.#hasPrimaryKey ? this.#whole(old) : this.#object(old, this.#selected.filter((index) => this.#keyIndexes.includes(index)));
    return this.#head(this.key(old), value, "", "delete", position, op, keyChangeTo === undefined ? "" : `,"key_change_to":${JSON.stringify(keyChangeTo)}`);
  }

  #head(key: string, value: string, oldValue: string, operation: string, position: MessagePosition, op: number, keyChange: string): string {
    const headers = `{"operation":"${operation}","relation":${this.#relation},"txids":[${position.xid}],"lsn":"${position.lsn}","op_position":${op}${keyChange}`;
    return `{"key":${JSON.stringify(key)},"value":${value}${oldValue},"headers":${headers}`;
  }

  /** The whole row is rendered once, however many shapes it goes to. */
  #whole(row: Row): string {
    if (this.#cachedRow !== row) {
      this.#cachedJson = this.#object(row, this.#selected);
      this.#cachedRow = row;
    }
    return this.#cachedJson;
  }

  #object(row: Row, indexes: readonly number[]): string {
    let json = "{";
    for (const index of indexes) {
      const text = row[index] ?? null;
      json += `${json.length === 1 ? "" : ","}${this.#names[index] ?? ""}${text === null ? "null" : JSON.stringify(text)}`;
    }
    return `${json}}`;
  }
}
