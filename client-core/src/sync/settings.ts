import { sql } from "drizzle-orm";
import { z } from "zod";
import type { LocalTransaction, SqlReader } from "../store/local-database.ts";

/** The company this store holds, and, once it was signed in, whose and where. */
const workspaceSetting = z.object({
  workspaceId: z.string(),
  userId: z.string().nullable(),
  /** Null until the store was first bound to a server. */
  serverUrl: z.string().nullable(),
});

/** This store as the server knows it. `generation` is null until the server has answered the registration. */
const clientSetting = z.object({ clientId: z.string(), generation: z.string().nullable() });

/** The last checkpoint applied: a decimal LSN, and the instant by this device's clock. */
const checkpointSetting = z.object({ lsn: z.string(), appliedAt: z.string() });

/** When mutations were confirmed: through which number, at an instant by this device's clock; oldest first, one a day. */
const confirmedSetting = z.array(z.object({ throughSeq: z.number(), at: z.string() }));

/**
 * Mutations a restored server has lost after it had answered them, through this number: they are sent again, and until it has run them again no
 * checkpoint of it may be applied, for nothing here says any more what they do.
 */
const resentSetting = z.object({ throughSeq: z.number() });

/** When all stored rows were last compared with the server's database, and how many shapes were ever found to differ so. */
const verifiedSetting = z.object({
  at: z.string(),
  differences: z.number(),
  /** How many shapes the last comparison found the same, different, and could not tell of. */
  last: z.object({ same: z.number(), different: z.number(), unknown: z.number() }).exactOptional(),
});

/** The last comparison of sums at a checkpoint: at which LSN, and how many shapes were the same, different, or not counted yet. */
const comparedSetting = z.object({ at: z.string(), lsn: z.string(), same: z.number(), different: z.number(), unknown: z.number(), differencesEver: z.number() });

/** When all stored rows were last begun to be counted anew, and how many shapes were ever found damaged so. */
const recountedSetting = z.object({ at: z.string(), damagedEver: z.number() });

/** What last kept this store from syncing, newest first; the same again and again is noted once. */
const failuresSetting = z.array(z.object({ code: z.string(), at: z.string() }));

/** Settings sync keeps about this store. */
export interface SyncSettings {
  "sync.workspace": z.infer<typeof workspaceSetting>;
  "sync.client": z.infer<typeof clientSetting>;
  "sync.checkpoint": z.infer<typeof checkpointSetting>;
  "sync.verified": z.infer<typeof verifiedSetting>;
  "sync.compared": z.infer<typeof comparedSetting>;
  "sync.recounted": z.infer<typeof recountedSetting>;
  "sync.confirmed": z.infer<typeof confirmedSetting>;
  "sync.resent": z.infer<typeof resentSetting>;
  "sync.failures": z.infer<typeof failuresSetting>;
}

const settings: { readonly [Name in keyof SyncSettings]: z.ZodType<SyncSettings[Name]> } = {
  "sync.workspace": workspaceSetting,
  "sync.client": clientSetting,
  "sync.checkpoint": checkpointSetting,
  "sync.confirmed": confirmedSetting,
  "sync.resent": resentSetting,
  "sync.verified": verifiedSetting,
  "sync.compared": comparedSetting,
  "sync.recounted": recountedSetting,
  "sync.failures": failuresSetting,
};

/** Reads one setting; undefined when it was never written. */
export async function readSetting<Name extends keyof SyncSettings>(reader: SqlReader, name: Name): Promise<SyncSettings[Name] | undefined> {
  const [row] = await reader.query(sql`select "value" from "device_setting" where "name" = ${name}`);
  if (typeof row?.["value"] !== "string") return undefined;
  return settings[name].parse(JSON.parse(row["value"]));
}

/** Writes one setting inside the caller's transaction. */
export async function writeSetting<Name extends keyof SyncSettings>(transaction: LocalTransaction, name: Name, value: SyncSettings[Name]): Promise<void> {
  await transaction.insertRows("device_setting", ["name", "value"], [[name, JSON.stringify(value)]], "replace");
}

/** Forgets one setting inside the caller's transaction. */
export async function clearSetting(transaction: LocalTransaction, name: keyof SyncSettings): Promise<void> {
  await transaction.execute(sql`delete from "device_setting" where "name" = ${name}`, ["device_setting"]);
}
