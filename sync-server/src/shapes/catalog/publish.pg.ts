import type { Pool } from "pg";
import { lockTimeoutSql } from "../connection-settings.ts";
import { quoteIdentifier, quoteTable, type TableName } from "../identifiers.ts";
import { notReady, RequestRefused } from "../refusal.ts";
import { generatedRefusal, type InspectedTable, inspectTable } from "./inspect.pg.ts";
import type { Table } from "./table.ts";

const lockedRetrySeconds = 5;
const misconfiguredRetrySeconds = 10;

/** The request is fine, the database is not set up for it: the client comes back until someone has put it right. */
function misconfigured(message: string): RequestRefused {
  return new RequestRefused(503, { message }, { retryAfterSeconds: misconfiguredRetrySeconds, knownError: true });
}

function isPublished(table: Table): boolean {
  return table.publicationEntries.length > 0;
}

/** What an owner of the table and of the publication runs so that the table has shapes. */
function ownersSql({ table, identityMissing }: InspectedTable, name: string): string {
  const statements = identityMissing.map((part) => `ALTER TABLE ${quoteTable(part)} REPLICA IDENTITY FULL;`);
  if (!isPublished(table)) statements.push(`ALTER PUBLICATION ${quoteIdentifier(name)} ADD TABLE ${quoteTable(table)};`);
  return statements.join(" ");
}

/** Refuses what the publication would hide of the table. */
function checkOwnPublication({ table, publication, inPartitionTree }: InspectedTable, name: string): void {
  const quoted = quoteIdentifier(name);
  if (publication === undefined) throw misconfigured(`Publication ${quoted} not found in the database`);
  if (!publication.complete) {
    throw misconfigured(`Publication ${quoted} does not publish all required operations: INSERT, UPDATE, DELETE, TRUNCATE. Run: ALTER PUBLICATION ${quoted} SET (publish = 'insert, update, delete, truncate');`);
  }
  if (publication.rowFilter || publication.columnList) {
    throw misconfigured(`Publication ${quoted} has a row filter or a column list for ${quoteTable(table)}, which hides changes. Drop the table from it and add it without.`);
  }
  if (publication.viaRoot && inPartitionTree) throw misconfigured(viaRootMessage(quoted));
}

/** Refuses a table whose updates Postgres would refuse everyone once its replica identity is full. */
function checkOtherPublications({ table, others, generatedNeedPublishing }: InspectedTable): void {
  for (const { name, needsIdentity, generated, columnList } of others) {
    if (!needsIdentity) continue;
    if (generatedNeedPublishing && !generated) throw generatedRefusal(table, [], name);
    if (columnList) {
      throw misconfigured(`Publication ${quoteIdentifier(name)} has a column list for ${quoteTable(table)}: with REPLICA IDENTITY FULL, which shapes need, Postgres would refuse updates of the table`);
    }
  }
}

function viaRootMessage(publication: string): string {
  return `Publication ${publication} sends the changes of partitions by way of their root, which hides the truncation of a partition. Run: ALTER PUBLICATION ${publication} SET (publish_via_partition_root = false);`;
}

/** True when the publication carries every change of the table with its whole old and new row. */
export function isFollowed(inspected: InspectedTable, publication: string): boolean {
  try {
    checkOwnPublication(inspected, publication);
  } catch {
    return false;
  }
  return isPublished(inspected.table);
}

/**
 * Makes the publication carry the whole old and new rows of a table, unless it does. Waits for writers of the table, so that no change
 * of a transaction in flight is missed. Throws `RequestRefused`: 400 for a table that cannot be replicated; 503 when the table stays
 * locked or someone with more rights must act first, the message says how.
 */
export async function publishTable(pool: Pool, inspected: InspectedTable, publication: string, manual: boolean): Promise<InspectedTable> {
  checkOwnPublication(inspected, publication);
  const { table, identityMissing } = inspected;
  if (isPublished(table) && identityMissing.length === 0) return inspected;
  const name = quoteTable(table);
  if (identityMissing.length > 0) checkOtherPublications(inspected);
  if (manual) {
    throw misconfigured(`Database table ${name} is not published with REPLICA IDENTITY FULL, and the ELECTRIC_MANUAL_TABLE_PUBLISHING setting prevents the service from doing it. Run: ${ownersSql(inspected, publication)}`);
  }
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; ${lockTimeoutSql}; LOCK TABLE ${name} IN SHARE ROW EXCLUSIVE MODE`);
    for (const part of identityMissing) await client.query(`ALTER TABLE ONLY ${quoteTable(part)} REPLICA IDENTITY FULL`);
    if (!isPublished(table)) await client.query(`ALTER PUBLICATION ${quoteIdentifier(publication)} ADD TABLE ONLY ${name}`);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    // Another request may have published it since it was looked at: what follows finds out.
    if (!isDuplicate(error)) throw explained(error, `${name}. Run as the owner of the table and of the publication: ${ownersSql(inspected, publication)}`);
  } finally {
    client.release();
  }
  const after = await inspectTable(pool, table, publication);
  if (after === undefined || !isPublished(after.table) || after.identityMissing.length > 0) throw notReady("The table changes", lockedRetrySeconds);
  return after;
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "42710";
}

function explained(error: unknown, owners: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "55P03" || code === "40P01") return notReady("The table is locked", lockedRetrySeconds);
  if (code === "42501") return misconfigured(`The service's database role may not publish ${owners}`);
  return error;
}

/** Takes a table out of the publication when it has an entry of its own there; nothing when the role may not. */
export async function unpublishTable(pool: Pool, table: TableName, publication: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; ${lockTimeoutSql}; ALTER PUBLICATION ${quoteIdentifier(publication)} DROP TABLE ${quoteTable(table)}; COMMIT`);
  } catch {
    await client.query("ROLLBACK");
  } finally {
    client.release();
  }
}
