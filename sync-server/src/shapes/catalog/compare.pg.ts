import type { Pool } from "pg";
import { z } from "zod";
import type { TableName } from "../identifiers.ts";
import { RequestRefused } from "../refusal.ts";
import { originRow, partitionOriginsQuery } from "./catalogue-queries.ts";
import { type InspectedTable, inspectTable } from "./inspect.pg.ts";
import { isFollowed } from "./publish.pg.ts";
import { type Table, tableSignature } from "./table.ts";

/** What a shape was made of, as far as the catalogue can contradict it. */
export interface ComparedShape {
  readonly table: Table;
  /** The table's own relations, and partitions it got since. */
  readonly relations: ReadonlySet<number>;
}

/** What the catalogue says of the shapes of one table. */
export interface Comparison<Shape> {
  /** Shapes that cannot be continued. */
  readonly changed: readonly Shape[];
  /** Shapes whose table got partitions that were empty when they became its own, with these. */
  readonly extended: readonly (readonly [Shape, readonly number[]])[];
  /** Partitions whose replica identity is not full yet, with what is to be published; `undefined` when there are none. */
  readonly unfinished: InspectedTable | undefined;
}

async function inspectIfAllowed(pool: Pool, name: TableName, publication: string): Promise<InspectedTable | undefined> {
  try {
    return await inspectTable(pool, name, publication);
  } catch (error) {
    if (error instanceof RequestRefused) return undefined;
    throw error;
  }
}

/** The partitions among `parts` that were made as parts of the table rather than attached to it. */
async function bornInside(pool: Pool, table: Table, parts: readonly number[]): Promise<ReadonlySet<number>> {
  if (parts.length === 0) return new Set();
  const rows = z.array(originRow).parse((await pool.query(partitionOriginsQuery, [parts])).rows);
  return new Set(rows.filter(({ ancestor, born }) => ancestor === table.oid && born).map(({ part }) => part));
}

/**
 * Compares the shapes of one table with the catalogue. A table that is not quite the one a shape was made from (its columns, key,
 * publication, partitions) ends the shape, unless nothing can have been missed.
 */
export async function compareWithCatalogue<Shape extends ComparedShape>(pool: Pool, publication: string, name: TableName, shapes: readonly Shape[]): Promise<Comparison<Shape>> {
  const inspected = await inspectIfAllowed(pool, name, publication);
  if (inspected === undefined || !isFollowed(inspected, publication)) return { changed: shapes, extended: [], unfinished: undefined };
  const { table, identityMissing } = inspected;
  const signature = tableSignature(table);
  const now = new Set(table.relations);
  const knownRelations = [...new Set(shapes.map(({ relations }) => relations))];
  const born = await bornInside(pool, table, table.relations.filter((oid) => knownRelations.some((relations) => !relations.has(oid))));
  /** Partitions to add; `undefined` when a shape of these cannot be continued. */
  const addedTo = (known: Table, relations: ReadonlySet<number>): readonly number[] | undefined => {
    const added = table.relations.filter((oid) => !relations.has(oid));
    const same =
      table.oid === known.oid &&
      signature === tableSignature(known) &&
      known.publicationEntries.some((entry) => table.publicationEntries.includes(entry)) &&
      (table.partitioned || identityMissing.length === 0) &&
      [...relations].every((oid) => now.has(oid)) &&
      added.every((oid) => born.has(oid));
    return same ? added : undefined;
  };
  const changed: Shape[] = [];
  const extended: (readonly [Shape, readonly number[]])[] = [];
  // Thousands of shapes share their description and their relations.
  let last: { readonly table: Table; readonly relations: ReadonlySet<number>; readonly added: readonly number[] | undefined } | undefined;
  for (const shape of shapes) {
    if (last?.table !== shape.table || last.relations !== shape.relations) last = { table: shape.table, relations: shape.relations, added: addedTo(shape.table, shape.relations) };
    if (last.added === undefined) changed.push(shape);
    else if (last.added.length > 0) extended.push([shape, last.added]);
  }
  return { changed, extended, unfinished: identityMissing.length > 0 ? inspected : undefined };
}
