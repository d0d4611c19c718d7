import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { KnownTables } from "../catalog/known-tables.ts";
import type { OpenFiles } from "../log/open-files.ts";
import { ShapeLog } from "../log/shape-log.ts";
import { writeDurably } from "../replication/position-file.ts";
import { bindDefinition, Shape } from "../shape.ts";
import { SnapshotFile } from "../snapshot/snapshot-file.ts";
import { formatSnapshot, parseSnapshot, type SnapshotVisibility } from "../snapshot/visibility.ts";
import { readLastUseMs } from "./last-use.ts";

const decimal = z.string().regex(/^\d+$/);

/** The file that makes a shape survive a restart; written once, when its snapshot is complete. */
const shapeRecord = z.object({
  version: z.literal(2),
  handle: z.string(),
  definition: z.object({
    table: z.object({ schema: z.string(), name: z.string() }),
    where: z.string().nullable(),
    params: z.array(z.string()),
    columns: z.array(z.string()).nullable(),
    replica: z.enum(["default", "full"]),
    log: z.enum(["full", "changes_only"]),
  }),
  table: z.object({
    oid: z.number(),
    schema: z.string(),
    name: z.string(),
    columns: z.array(
      z.object({
        name: z.string(),
        typeOid: z.number(),
        typeMod: z.number(),
        typeName: z.string(),
        typeSql: z.string(),
        typeKind: z.enum(["base", "enum", "domain", "composite", "other"]),
        dims: z.number(),
        notNull: z.boolean(),
        pkIndex: z.number(),
        collationDeterministic: z.boolean(),
        collationBytewise: z.boolean(),
        domain: z.string().nullable(),
        collation: z.string().nullable(),
        collationCaseSimple: z.boolean(),
      }),
    ),
    unpublished: z.array(z.string()),
    partitioned: z.boolean(),
    relations: z.array(z.number()),
    publicationEntries: z.array(z.string()),
  }),
  constants: z.array(z.string().nullable()),
  snapshot: z.object({ text: z.string(), lsn: decimal, flushLsn: decimal, chunkEnds: z.array(z.number()), inline: z.string().optional() }),
});

type ShapeRecord = z.infer<typeof shapeRecord>;

/** Where the record of a shape lies. */
export function recordPath(dir: string): string {
  return join(dir, "shape.json");
}

function recordOf(shape: Shape, visibility: SnapshotVisibility): ShapeRecord {
  const { handle, definition, table, constants } = shape;
  const { chunkEnds, inline } = shape.snapshot;
  return {
    version: 2,
    handle,
    definition: { ...definition, params: [...definition.params], columns: definition.columns === null ? null : [...definition.columns] },
    table: { ...table, columns: [...table.columns], unpublished: [...table.unpublished], relations: [...shape.relations], publicationEntries: [...table.publicationEntries] },
    constants: [...constants],
    snapshot: { text: formatSnapshot(visibility), lsn: visibility.lsn.toString(), flushLsn: visibility.flushLsn.toString(), chunkEnds: [...chunkEnds], inline },
  };
}

/** Writes a shape's record durably: from here on the shape outlives the process. */
export function writeRecord(shape: Shape, visibility: SnapshotVisibility): Promise<void> {
  return writeDurably(recordPath(shape.dir), JSON.stringify(recordOf(shape, visibility)));
}

/** The shape whose files are in `dir`. Throws when they are not those of a complete shape. */
export async function restoreShape(dir: string, chunkBytesMin: number, files: OpenFiles, known: KnownTables): Promise<Shape> {
  const record = shapeRecord.parse(JSON.parse(await readFile(recordPath(dir), "utf8")));
  const { definition, handle, constants, snapshot } = record;
  const table = known.shared(record.table);
  const where = bindDefinition(definition, table);
  if (where !== undefined && where.constants.length !== constants.length) throw new Error("the clause is read otherwise than when the shape was made");
  // A shape that ended while its record was written may leave the record alone behind.
  const snapshotBytes = snapshot.inline === undefined ? (snapshot.chunkEnds.at(-1) ?? 0) : 0;
  if (snapshotBytes > 0 && (await stat(join(dir, "snapshot.json"))).size < snapshotBytes) throw new Error("the snapshot is not whole");
  const shape = new Shape({
    definition,
    handle,
    dir,
    table,
    where,
    constants,
    snapshot: SnapshotFile.complete(dir, snapshot.chunkEnds, snapshot.inline),
    log: await ShapeLog.open(dir, chunkBytesMin, files, true),
    lastUsedMs: await readLastUseMs(recordPath(dir)),
  });
  shape.sees(parseSnapshot(snapshot.text, BigInt(snapshot.lsn), BigInt(snapshot.flushLsn)));
  return shape;
}
