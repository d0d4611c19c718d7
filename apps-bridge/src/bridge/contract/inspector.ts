import { z } from "zod";
import { read, write } from "../methods.ts";
import { instant, none } from "./money.ts";

const count = z.number().nonnegative();

const compared = z.object({ at: instant, same: count, different: count, unknown: count });

/** What this device keeps and how far sync has come; never a value of a row. */
const inspection = z.object({
  versions: z.object({ schema: count, dialect: z.enum(["sqlite", "postgres"]), migrationsApplied: count, migrationsKnown: count }),
  identity: z.object({
    server: z.string().nullable(),
    workspaceId: z.string().nullable(),
    userId: z.string().nullable(),
    clientId: z.string().nullable(),
    generation: z.string().nullable(),
  }),
  checkpoint: z.object({ lsn: z.string(), appliedAt: instant }).nullable(),
  shapes: z.array(z.object({ name: z.string(), handle: z.string().nullable(), offset: z.string(), lsn: z.string(), status: z.string() })),
  staged: count,
  outbox: z.object({ pending: count, confirmed: count, rejected: count, oldestPendingAt: instant.nullable(), pendingBytes: count, bytes: count, lastSeq: count }),
  failures: z.array(z.object({ code: z.string(), at: instant })),
  rejections: z.array(z.object({ code: z.string(), mutation: z.string(), status: z.string(), at: instant })),
  tables: z.array(z.object({ name: z.string(), rows: count, pending: count })),
  checksums: z.object({
    atCheckpoint: compared.extend({ lsn: z.string() }).nullable(),
    recountedAt: instant.nullable(),
    asked: compared.nullable(),
    differencesEver: count,
    shapes: z.array(z.object({ name: z.string(), rows: count.nullable(), sum: z.string().nullable(), countedAt: instant.nullable(), sameLsn: z.string().nullable() })),
  }),
  storeBytes: count,
});
/** See {@link inspectorMethods}. */
export type Inspection = z.output<typeof inspection>;

/** The store of this device, from within. */
export const inspectorMethods = {
  "inspector.read": read(none, inspection),
  /** Reads all rows again and compares them with the server's; shapes that differ are fetched again. Throws `sync.unreachable`. */
  "inspector.verify": write(none, z.object({ same: count, different: z.array(z.string()), unknown: count })),
};
