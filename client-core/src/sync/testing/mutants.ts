import { pathToFileURL } from "node:url";
import { bundleForTest, type PlantedBug } from "../../../../deploy/testing/planted-bug.ts";
import type { runConvergence } from "./convergence/run.ts";

/** A planted bug. */
export interface Mutant extends PlantedBug {
  readonly name: string;
}

/** How one seed is run. */
export type ConvergenceRun = (seed: number) => Promise<void>;

/** Runs of one seed of a search at most. */
const runsMax = 500;

/** The convergence run with a mix of commands of its own for each seed, with a bug planted in the code it runs when asked. */
export async function bundledRun(name: string, mutant?: Mutant): Promise<ConvergenceRun> {
  const file = await bundleForTest("client-core/src/sync/testing/convergence/run.ts", name, ...(mutant === undefined ? [] : [mutant]));
  const module: { readonly runConvergence: typeof runConvergence } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  return (seed) => module.runConvergence(seed, { mix: "swarm" });
}

/** How many runs a seed's search takes until the bug is found; undefined when it is not within its 500. */
export async function runsUntilFound(run: ConvergenceRun, seed: number): Promise<number | undefined> {
  for (let runs = 1; runs <= runsMax; runs++) {
    const found = await run(seed * 1_000_003 + runs).then(() => false, () => true);
    if (found) return runs;
  }
  return undefined;
}

const sqlAtHand = 'const { sql } = await import("drizzle-orm");';

/** Bugs a device could have, each in one line of its source. A line that is gone fails the build: move the bug to where its work is done now. */
export const mutants: readonly Mutant[] = [
  {
    name: "what was sent is dropped from the outbox",
    file: "client-core/src/sync/upload.ts",
    line: "const body = encodeUpload({ ...who, mutations: batch });",
    becomes: `const body = encodeUpload({ ...who, mutations: batch }); ${sqlAtHand} await ports.database.transaction((transaction) => transaction.execute(sql\`delete from "sync_outbox" where "seq" > \${after} and "seq" < \${batch.at(-1).seq}\`, ["sync_outbox"]));`,
  },
  {
    name: "an answered upload takes its effects away before the checkpoint has its rows",
    file: "client-core/src/sync/upload.ts",
    line: "const throughSeq = batch.at(-1)?.seq ?? after;",
    becomes: `const throughSeq = batch.at(-1)?.seq ?? after; ${sqlAtHand} await ports.database.transaction((transaction) => transaction.execute(sql\`delete from "sync_effect" where "seq" <= \${throughSeq}\`, ["sync_effect"]));`,
  },
  {
    name: "one mutation in a batch is left out",
    file: "client-core/src/sync/outbox.ts",
    line: "batch.push(mutation);",
    becomes: "if (batch.length !== 1 || mutation.seq % 2 === 0) batch.push(mutation);",
  },
  {
    name: "the cursors are kept before the rows are applied",
    file: "client-core/src/sync/checkpoint.ts",
    line: "return database.transaction(async (transaction) => {",
    becomes:
      'await database.transaction((first) => first.insertRows("sync_shape", ["name", "handle", "offset", "lsn", "status"], checkpoint.shapes.filter((shape) => !shape.load).map((shape) => [shape.name, shape.handle, shape.offset, "0", "live"]), "replace")); return database.transaction(async (transaction) => {',
  },
  { name: "the commit at L itself is left out", file: "client-core/src/sync/shape-log.ts", line: "const beyond = log.messages.findIndex((message) => message.lsn > lsn);", becomes: "const beyond = log.messages.findIndex((message) => message.lsn >= lsn);" },
  { name: "a checkpoint applies what lies beyond it", file: "client-core/src/sync/shape-log.ts", line: "const messages = beyond < 0 ? log.messages : log.messages.slice(0, beyond);", becomes: "const messages = log.messages;" },
  { name: "what is put aside beyond a checkpoint is lost with a restart", file: "client-core/src/sync/checkpoint.ts", line: "offset: shape.complete ? shape.offset : offsetAfter(last, shape) };", becomes: "offset: shape.offset };" },
  { name: "what was put aside is forgotten", file: "client-core/src/sync/checkpoint.ts", line: "if (shape.stagedThrough !== null) {", becomes: "if (shape.stagedThrough !== null && shape.stagedThrough < 0) {" },
  { name: "a refused change is not rolled back", file: "client-core/src/sync/rebase.ts", line: 'if (isTableName(row["table_name"]) && typeof row["row_id"] === "string") touch(touched, row["table_name"], row["row_id"]);', becomes: "" },
  { name: "rows of a refused batch of an import stay", file: "client-core/src/sync/checkpoint.ts", line: 'if (bulk.length > 0) refetch.add("transaction");', becomes: "" },
  {
    name: "a change is folded once more after its confirmation",
    file: "client-core/src/sync/rebase.ts",
    line: 'if (rows.length > 0) await transaction.execute(sql`delete from "sync_effect" where "seq" <= ${throughSeq}`',
    becomes: 'if (rows.length > 0) await transaction.execute(sql`delete from "sync_effect" where "seq" < ${throughSeq}`',
  },
  {
    name: "a change keeps the whole row instead of the columns it changed",
    file: "client-core/src/mutations/device-rows.ts",
    line: 'await recorder.add({ table, rowId: idOf(row), kind: "patch", patch: image }, row);',
    becomes: 'await recorder.add({ table, rowId: idOf(row), kind: "patch", patch: { ...imageOfStored(tableCodec(tables[table]), row), ...image } }, row);',
  },
  { name: "the hidden server row is not kept", file: "client-core/src/mutations/device-rows.ts", line: 'await transaction.insertRows("sync_base", baseColumns, bases, "ignore");', becomes: "" },
  { name: "a later image hides the server's row", file: "client-core/src/mutations/device-rows.ts", line: 'await transaction.insertRows("sync_base", baseColumns, bases, "ignore");', becomes: 'await transaction.insertRows("sync_base", baseColumns, bases, "replace");' },
  { name: "server rows do not change beneath pending ones", file: "client-core/src/sync/rebase.ts", line: 'await transaction.insertRows("sync_base", ["table_name", "row_id", "row"], rows, "replace");', becomes: "" },
  { name: "deletes are passed over", file: "client-core/src/sync/net-change.ts", line: 'if (operation === "delete") changes.set(rowId, { kind: "delete", isNew });', becomes: 'if (operation === "delete") continue;' },
  { name: "an update is taken for a whole row", file: "client-core/src/sync/net-change.ts", line: 'if (before === undefined || before.kind === "delete") return { kind: "patch", value, isNew };', becomes: 'if (before === undefined || before.kind === "delete") return { kind: "row", value, isNew };' },
  { name: "a new snapshot only adds", file: "client-core/src/sync/load.ts", line: "let written = await removeAbsent(transaction, shape, loaded, leaving);", becomes: "let written = 0;" },
  { name: "a new snapshot takes rows of an import that is leaving", file: "client-core/src/sync/load.ts", line: "const leaving = await leavingImports(transaction, shape);", becomes: "const leaving = new Set();" },
  { name: "a snapshot is loaded and not put in place", file: "client-core/src/sync/checkpoint.ts", line: "written += await placeLoad(transaction, shape.name, shape.load.hasRows, touched);", becomes: "" },
  { name: "a checkpoint goes ahead of a shape that has not arrived", file: "client-core/src/sync/arrivals.ts", line: "if ([...announcement.shapes].some((shape) => !hasArrived(shape, announcement.lsn))) break;", becomes: "" },
  { name: "a checkpoint goes back behind a snapshot", file: "client-core/src/sync/arrivals.ts", line: "return lsn !== undefined && lsn < floor ? undefined : lsn;", becomes: "return lsn;" },
  { name: "numbers begin again when all is answered", file: "client-core/src/mutations/record.ts", line: 'select max("seq") as "seq" from "sync_outbox"`', becomes: "select max(\"seq\") as \"seq\" from \"sync_outbox\" where \"status\" = 'pending'`" },
  { name: "numbering anew loses a mutation", file: "client-core/src/sync/outbox.ts", line: 'const settled = serverWentBack ? sql`"seq" <= ${throughSeq}`', becomes: 'const settled = serverWentBack ? sql`"seq" <= ${throughSeq + 1}`' },
  { name: "numbering anew leaves effects under old numbers", file: "client-core/src/sync/outbox.ts", line: 'await transaction.execute(sql`update "sync_effect" set "seq" = ${next} where "seq" = ${seq}`, ["sync_effect"]);', becomes: "" },
  { name: "a restored server is not sent what it had confirmed", file: "client-core/src/sync/identity.ts", line: "(known?.generation ?? answer.generation) !== answer.generation || answer.lastSeq < outbox.lastConfirmed;", becomes: "false;" },
  { name: "an import counts before it is complete", file: "client-core/src/reports/counted-rows.ts", line: "\"import\".\"status\" = 'complete'", becomes: "\"import\".\"status\" <> 'undone'" },
  { name: "an undo takes back what another changed since", file: "schema/src/mutations/edit-revert.ts", line: "if (!isSame(current.get(column), valueOf(name, column, after[column] ?? null))) continue;", becomes: "" },
];
