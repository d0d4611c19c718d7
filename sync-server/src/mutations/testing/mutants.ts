import type { PlantedBug } from "../../../../deploy/testing/planted-bug.ts";

/** Bugs at one or two places of the relay that a run of faulty uploads must find. */
export interface Mutant {
  readonly name: string;
  readonly bugs: readonly PlantedBug[];
}

const upload = "sync-server/src/mutations/apply-upload.ts";
const one = "sync-server/src/mutations/apply-one.ts";
const ledger = "sync-server/src/mutations/ledger.pg.ts";
const body = "sync-server/src/mutations/body.ts";

/** The number of the last mutation stays what it was. */
const numberStays: PlantedBug = { file: upload, line: "set last_seq = last_seq + $2 where id = $1 returning", becomes: "set last_seq = last_seq + 0 * $2 where id = $1 returning" };
const ledgerKeepsTheFirst: PlantedBug = { file: ledger, line: "from unnest($2::bigint[], $3::text[], $4::text[]) as entry (seq, sha256, code)`", becomes: "from unnest($2::bigint[], $3::text[], $4::text[]) as entry (seq, sha256, code) on conflict do nothing`" };

/** Bugs the apply path of the relay could have. A line that is gone fails the build: move the bug to where its work is done now. */
export const mutants: readonly Mutant[] = [
  {
    name: "what comes again is applied again",
    bugs: [
      ledgerKeepsTheFirst,
      { file: upload, line: "const fresh = upload.mutations.filter((mutation) => mutation.seq > lastSeq);", becomes: "const fresh = upload.mutations;" },
    ],
  },
  {
    name: "rows are committed before the ledger",
    bugs: [{ file: upload, line: "await writeRejections(connection, context, clientId, rejections,", becomes: 'await connection.query("commit; begin; select pg_sleep(0.05)"); await writeRejections(connection, context, clientId, rejections,' }],
  },
  {
    name: "the ledger is committed before the rows",
    bugs: [
      { file: upload, line: "connection.query<{ txid: string }>(counted), writeLedger(connection, clientId, entries)", becomes: "connection.query<{ txid: string }>(counted)" },
      numberStays,
      { file: upload, line: "for await (const group of groupsOf(readAhead(fresh))) {", becomes: 'await writeLedger(connection, clientId, fresh.map(({ seq, sha256 }) => ({ seq, sha256, rejectionCode: null }))); await connection.query("update client set last_seq = last_seq + $2 where id = $1", [clientId, fresh.length]); await connection.query("commit; begin; select pg_sleep(0.05)"); for await (const group of groupsOf(readAhead(fresh))) {' },
    ],
  },
  { name: "a gap is passed over", bugs: [{ file: upload, line: 'if (firstSeq > lastSeq + 1) throw new SaldoError("relay.sequence_gap", { expected: lastSeq + 1 });', becomes: "" }] },
  { name: "the last number is not kept", bugs: [numberStays] },
  { name: "uploads of one device do not wait for each other", bugs: [ledgerKeepsTheFirst, { file: upload, line: "and user_id = $3 for no key update\"", becomes: "and user_id = $3\"" }] },
  { name: "a refused change leaves what it had written", bugs: [{ file: one, line: 'await connection.query("rollback to savepoint mutation");', becomes: "" }] },
  { name: "another body under a known number passes for the first", bugs: [{ file: ledger, line: 'if (entry.sha256 !== sha256) throw new SaldoError("relay.sequence_reused", { seq });', becomes: "" }] },
  { name: "a damaged body is taken", bugs: [{ file: body, line: 'if (actual !== mutation.sha256) throw new SaldoError("relay.invalid_upload", { part: "hash", seq: mutation.seq });', becomes: "" }] },
];
