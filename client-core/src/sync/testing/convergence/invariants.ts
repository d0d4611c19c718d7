import { canonicalJson, compareBytewise, tableNames, type JsonValue } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { countedRows } from "../../../reports/counted-rows.ts";
import { linesOfRollups, linesOfRows } from "../../../rollups/testing/as-rows.ts";
import { shapesToCount } from "../../recount.ts";
import { readSetting } from "../../settings.ts";
import type { RelayModel } from "../relay-model.ts";
import type { Actor } from "./actor.ts";
import { demand, demandSame, InvariantError } from "./check.ts";
import { demandProbe, demandWholePair, textOf } from "./probe.ts";

/** What must hold after every command, whatever has happened: for one device. */
export interface Watch {
  look(): Promise<void>;
}

/** Watches one device: the probe, whole transactions, whole imports, its own workspace only, rollups as the rows are, checkpoints that only grow. */
export function watchActor(model: RelayModel, { database, workspaceId, probeEdits }: Actor): Watch {
  let seen: { readonly clientId: string; readonly lsn: bigint } | undefined;
  // What a store holds is judged once for each time it was written to: nothing else changes what is asked of it.
  let isWritten = true;
  database.onCommit(() => (isWritten = true));
  return {
    async look() {
      if (!isWritten) return;
      isWritten = false;
      const client = await readSetting(database, "sync.client");
      const checkpoint = await readSetting(database, "sync.checkpoint");
      if (client && checkpoint) {
        const lsn = BigInt(checkpoint.lsn);
        demand(seen === undefined || seen.clientId !== client.clientId || lsn >= seen.lsn, `the checkpoint went back from ${seen?.lsn} to ${lsn}`);
        seen = { clientId: client.clientId, lsn };
        // What a server that went back once said, nobody can tell any more; the device follows as soon as it hears of it.
        if (client.generation === model.generation) await demandProbe(model, database, workspaceId, probeEdits);
      }
      await demandWholePair(database, workspaceId);
      await demandWholeImports(model, database, workspaceId);
      await demandOwnRows(database, workspaceId);
      await demandRollups({ database, workspaceId });
    },
  };
}

/** An import counts whole or not at all. One of which the server has refused a part is left out until all of that has arrived. */
async function demandWholeImports(model: RelayModel, database: Actor["database"], workspaceId: string): Promise<void> {
  const refused = new Set(model.executions.flatMap(({ code, args }) => (code !== null && typeof args === "object" && args !== null && "importId" in args ? [String(args.importId)] : [])));
  const imports = await database.query(
    sql`select "id", case when "status" = 'complete' then "rows_added" else 0 end as "declared",
      (select count(*) from "transaction" where "import_id" = "import"."id" and ${countedRows(workspaceId)}) as "rows" from "import"`,
  );
  for (const { id, rows, declared } of imports) if (!refused.has(String(id))) demandSame(Number(rows), Number(declared), `rows that count of import ${String(id)}`);
}

async function demandOwnRows(database: Actor["database"], workspaceId: string): Promise<void> {
  const [foreign] = await database.query(
    sql`select (select count(*) from "category" where "workspace_id" <> ${workspaceId}) + (select count(*) from "transaction" where "workspace_id" <> ${workspaceId})
      + (select count(*) from "account" where "workspace_id" <> ${workspaceId}) as "rows"`,
  );
  demandSame(Number(foreign?.["rows"]), 0, "rows of another workspace");
}

/** Rollups say what the rows say, whatever was written since they were last refreshed. */
async function demandRollups({ database, workspaceId }: Pick<Actor, "database" | "workspaceId">): Promise<void> {
  const { found, plain } = await database.snapshot(async (reader) => ({ found: await linesOfRollups(reader, workspaceId), plain: await linesOfRows(reader, workspaceId) }));
  demandSame([...found.sums, ...found.rows], [...plain.sums, ...plain.rows], "rollups");
}

/** Once all is quiet: a device has the server's rows, the same sums, and nothing left to send, to fold or to apply. */
export async function demandConverged(model: RelayModel, { device, database }: Actor): Promise<void> {
  for (const table of tableNames) {
    const server = model.rowsFor(device.clientId, table);
    const local = [...(await device.rows(table)).values()];
    const [is, should] = [local, server].map((rows) => rows.map((row) => canonicalJson(comparable(row))).toSorted(compareBytewise));
    demandSame(is ?? [], should ?? [], `rows of ${table}`);
  }
  const [left] = await database.query(
    sql`select (select count(*) from "sync_effect") as "effects", (select count(*) from "sync_base") as "bases",
      (select count(*) from "sync_outbox" where "status" = 'pending') as "pending", (select count(*) from "sync_staged") as "staged"`,
  );
  demandSame(Object.fromEntries(Object.entries(left ?? {}).map(([key, value]) => [key, Number(value)])), { effects: 0, bases: 0, pending: 0, staged: 0 }, "left behind");
}

/** No sum of a device was ever another one than the server's, and in the end each is known and the same. */
export async function demandSameSums({ device, database }: Actor): Promise<void> {
  while ((await shapesToCount(database)).length > 0) demandSame([...(await device.count(tableNames.length))], [], "damaged");
  demandSame([...(await device.count(tableNames.length, true))], [], "damaged");
  await device.begin();
  await device.settle(2);
  demandSame(device.compared.different, [], "sums that differ");
  const same = await database.query(sql`select "name" from "sync_sum" where "same_lsn" is not null order by "name"`);
  demandSame(same.map(({ name }) => String(name)), tableNames.toSorted(), "shapes with the server's sum");
}

/** Every mutation of the devices that could still send was run once; of one whose membership ended, once or not at all. */
export function demandOnce(model: RelayModel, actors: readonly Actor[]): void {
  const runs = countOf(model.executions.map(({ sha256 }) => sha256));
  const recorded = countOf(actors.flatMap((actor) => actor.recorded));
  const mustRun = countOf(actors.filter(({ device }) => !device.isRefused).flatMap((actor) => actor.recorded));
  for (const [sha256, count] of runs) if (count > (recorded.get(sha256) ?? 0)) throw new InvariantError(`run ${count} times, recorded ${recorded.get(sha256) ?? 0} times: ${nameOf(model, sha256)}`);
  for (const [sha256, count] of mustRun) if ((runs.get(sha256) ?? 0) < count) throw new InvariantError(`recorded ${count} times, run ${runs.get(sha256) ?? 0} times`);
}

/** Taking an edit back leaves alone what others changed since. */
export function demandOthersKept(model: RelayModel): void {
  for (const { name, args, changes, code } of model.executions) {
    if (name !== "edit.revert" || code !== null) continue;
    for (const { id, column, after } of revertedColumns(args)) {
      const change = changes.find((each) => each.id === id);
      if (change && change.after?.[column] !== change.before?.[column]) demandSame(textOf(change.before?.[column]), textOf(after), `what an undo took back of ${id}`);
    }
  }
}

function revertedColumns(args: unknown): { readonly id: string; readonly column: string; readonly after: JsonValue }[] {
  if (typeof args !== "object" || args === null || !("changes" in args) || !Array.isArray(args.changes)) return [];
  const changes: readonly unknown[] = args.changes;
  return changes.flatMap((change) => {
    if (typeof change !== "object" || change === null || !("id" in change) || !("after" in change)) return [];
    return Object.entries(Object(change.after)).map(([column, after]) => ({ id: String(change.id), column, after: typeof after === "string" ? after : null }));
  });
}

function nameOf(model: RelayModel, sha256: string): string {
  return model.executions.find((execution) => execution.sha256 === sha256)?.name ?? "";
}

function countOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Values of a row in either notation, without key spelling: JSON columns are texts on the device and values on the server. */
function comparable(row: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replaceAll("_", "").toLowerCase(),
      typeof value === "boolean" ? String(Number(value)) : typeof value === "object" && value !== null ? canonicalJson(Object(value)) : String(value),
    ]),
  );
}
