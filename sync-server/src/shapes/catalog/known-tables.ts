import { quoteTable } from "../identifiers.ts";
import type { Table } from "./table.ts";

/** The newest description of each table. Shapes made from equal ones share it, and with it all that is kept by description. */
export class KnownTables {
  readonly #newest = new Map<string, { readonly text: string; readonly table: Table }>();

  /** The description to use in place of this one, equal to it in everything. */
  shared(table: Table): Table {
    const name = quoteTable(table);
    const text = JSON.stringify(table);
    const known = this.#newest.get(name);
    if (known?.text === text) return known.table;
    this.#newest.set(name, { text, table });
    return table;
  }
}
