import { keyColumns, type Table } from "../catalog/table.ts";
import { lengthAt, sameValue, startAt, type Tuple } from "../replication/tuple.ts";
import type { JsonWriter } from "./json-writer.ts";

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

const fragments = {
  key: Buffer.from('{"key":"'),
  value: Buffer.from('","value":'),
  oldValue: Buffer.from(',"old_value":'),
  headers: Buffer.from(',"headers":{"operation":"'),
  insert: Buffer.from("insert"),
  update: Buffer.from("update"),
  delete: Buffer.from("delete"),
  lsn: Buffer.from('],"lsn":"'),
  op: Buffer.from('","op_position":'),
  keyChangeFrom: Buffer.from(',"key_change_from":"'),
  keyChangeTo: Buffer.from(',"key_change_to":"'),
  keyOpen: Buffer.from('/\\"'),
  keyClose: Buffer.from('\\"'),
  keyNull: Buffer.from("/_"),
  open: Buffer.from("{"),
  close: Buffer.from("}"),
  comma: Buffer.from(","),
  quote: Buffer.from('"'),
  null: Buffer.from("null"),
};

/** Builds message JSON for the rows of one table and one choice of columns, from the bytes Postgres sent to the bytes clients get. */
export class RowEncoder {
  readonly #keyPrefix: Buffer;
  readonly #keyIndexes: readonly number[];
  readonly #hasPrimaryKey: boolean;
  readonly #selected: readonly number[];
  /** Selected columns of the key. */
  readonly #keySelected: readonly number[];
  /** `"name":` of each column. */
  readonly #names: readonly Buffer[];
  readonly #relation: Buffer;

  /** `selected` are indexes into the table's columns, in table order. */
  constructor(table: Table, selected: readonly number[]) {
    this.#keyPrefix = Buffer.from(JSON.stringify(keyPrefix(table)).slice(1, -1));
    this.#keyIndexes = keyColumns(table);
    this.#hasPrimaryKey = table.columns.some((column) => column.pkIndex >= 0);
    this.#selected = selected;
    this.#keySelected = selected.filter((index) => this.#keyIndexes.includes(index));
    this.#names = table.columns.map((column) => Buffer.from(`${JSON.stringify(column.name)}:`));
    this.#relation = Buffer.from(`","relation":${JSON.stringify([table.schema, table.name])},"txids":[`);
  }

  /** True when the two rows have different keys. */
  keyChanges(old: Tuple, row: Tuple): boolean {
    return this.#keyIndexes.some((index) => !sameValue(old, row, index));
  }

  /** True when a selected column differs. */
  changes(old: Tuple, row: Tuple): boolean {
    return this.#selected.some((index) => !sameValue(old, row, index));
  }

  /** An insert of the whole row; like all heads, its JSON without the two closing braces, gathered in `json`. */
  insert(json: JsonWriter, row: Tuple, position: MessagePosition, op: number, keyChangeFrom?: Tuple): JsonWriter {
    this.#begin(json, row);
    this.#object(json, row, this.#selected);
    return this.#headers(json, fragments.insert, position, op, fragments.keyChangeFrom, keyChangeFrom);
  }

  /** An update: key and changed columns, or with `full` the whole row and the old values of what changed. */
  update(json: JsonWriter, old: Tuple, row: Tuple, full: boolean, position: MessagePosition, op: number): JsonWriter {
    this.#begin(json, row);
    if (full) {
      this.#object(json, row, this.#selected);
      json.raw(fragments.oldValue);
      this.#object(json, old, this.#selected.filter((index) => !sameValue(old, row, index)));
    } else this.#object(json, row, this.#selected.filter((index) => this.#keySelected.includes(index) || !sameValue(old, row, index)));
    return this.#headers(json, fragments.update, position, op);
  }

  /** A delete: key columns, or with `full` (and for tables without a key) the whole old row. */
  delete(json: JsonWriter, old: Tuple, full: boolean, position: MessagePosition, op: number, keyChangeTo?: Tuple): JsonWriter {
    this.#begin(json, old);
    this.#object(json, old, full || !this.#hasPrimaryKey ? this.#selected : this.#keySelected);
    return this.#headers(json, fragments.delete, position, op, fragments.keyChangeTo, keyChangeTo);
  }

  #begin(json: JsonWriter, row: Tuple): void {
    this.#key(json.clear().raw(fragments.key), row);
    json.raw(fragments.value);
  }

  /** The row's key as a JSON string, without its quotes. */
  #key(json: JsonWriter, row: Tuple): void {
    json.raw(this.#keyPrefix);
    for (const index of this.#keyIndexes) {
      const length = lengthAt(row, index);
      if (length < 0) json.raw(fragments.keyNull);
      else json.raw(fragments.keyOpen).keyText(row.bytes, startAt(row, index), length).raw(fragments.keyClose);
    }
  }

  #object(json: JsonWriter, row: Tuple, indexes: readonly number[]): void {
    json.raw(fragments.open);
    let first = true;
    for (const index of indexes) {
      if (!first) json.raw(fragments.comma);
      first = false;
      json.raw(this.#names[index] ?? fragments.open);
      const length = lengthAt(row, index);
      if (length < 0) json.raw(fragments.null);
      else json.raw(fragments.quote).text(row.bytes, startAt(row, index), length).raw(fragments.quote);
    }
    json.raw(fragments.close);
  }

  #headers(json: JsonWriter, operation: Buffer, position: MessagePosition, op: number, keyChange?: Buffer, other?: Tuple): JsonWriter {
    json.raw(fragments.headers).raw(operation).raw(this.#relation).ascii(String(position.xid)).raw(fragments.lsn).ascii(position.lsn).raw(fragments.op).ascii(String(op));
    if (keyChange === undefined || other === undefined) return json;
    this.#key(json.raw(keyChange), other);
    return json.raw(fragments.quote);
  }
}
