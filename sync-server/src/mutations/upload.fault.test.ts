import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientAnswer, uploadAnswer, type UploadMutation } from "@saldo/schema";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";
import { frozen, newId, putClient, registerDevice, signUpPerson, someInstant, upload, type Device } from "../testing/person.ts";
import { bundleRelay, relayEnvironment, startRelayProcess, type RelayProcess } from "../testing/relay-process.ts";

const rowsInAll = 2_000;
const mutationsAtOnce = 100;

let database: TestDatabase;
let storageDir: string;
let file: string;
let pool: pg.Pool;
let relay: RelayProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(join(tmpdir(), "saldo-relay-fault-"));
  await chmod(storageDir, 0o711);
  file = await bundleRelay("upload-fault");
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on("error", () => undefined);
});
afterAll(async () => {
  await relay.kill();
  await pool.end();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
  await rm(file, { force: true });
});

/** All mutations of one import of `rowsInAll` rows, one row each: a lost or doubled one cannot hide. */
function importOfSingleRows(): readonly UploadMutation[] {
  const importId = newId();
  const begin = frozen(1, "import.begin", {
    importId,
    fileName: "bank.csv",
    fileSha256: "0".repeat(64),
    fileBytes: 1,
    format: "csv",
    understanding: {},
    accounts: [{ id: "account", name: "Счёт", currency: "RUB", number: null }],
    categories: [],
    createdAt: someInstant,
  });
  const adds = Array.from({ length: rowsInAll }, (_, line) =>
    frozen(line + 2, "import.addRows", {
      importId,
      currencies: ["RUB"],
      accounts: ["account"],
      categories: [],
      rowCurrencies: [],
      rows: [[newId(), line, "2026-01-31", -100, 0, -1, "Аренда", null]],
      createdAt: someInstant,
    }),
  );
  return [begin, ...adds, frozen(rowsInAll + 2, "import.complete", { importId, rowsAdded: rowsInAll, rowsRefused: 0, largestCategories: [], completedAt: someInstant })];
}

async function askUntil(text: string, values: readonly unknown[]): Promise<void> {
  while ((await pool.query(text, [...values])).rowCount === 0);
}

/** The moments a relay dies at: while its transaction is open, and when it has committed but its answer was not read. */
const moments: readonly ((device: Device, sentSeq: number) => Promise<void>)[] = [
  () => askUntil("select 1 from pg_stat_activity where datname = current_database() and application_name = 'saldo-relay' and backend_xid is not null", []),
  ({ clientId }, sentSeq) => askUntil("select 1 from client where id = $1 and last_seq >= $2", [clientId, sentSeq]),
];

it("a relay killed while 2,000 mutations go up loses none and applies none twice", async () => {
  const environment = relayEnvironment(database.url, storageDir, `slot_${database.name}`);
  relay = await startRelayProcess(file, environment);
  let device = await registerDevice(relay.url, await signUpPerson(relay.url));
  const all = importOfSingleRows();
  let lastSeq = 0;
  let kills = 0;
  for (let round = 0; lastSeq < all.length; round++) {
    const batch = all.slice(lastSeq, lastSeq + mutationsAtOnce);
    const sending = upload(device, batch);
    if (round % 4 === 3) {
      const lost = sending.then((answer) => answer.body?.cancel()).catch(() => undefined);
      await moments[kills % moments.length]?.(device, lastSeq + batch.length);
      await relay.kill();
      await lost;
      kills++;
      relay = await startRelayProcess(file, environment);
      device = { ...device, url: relay.url };
      const told = await putClient(device.url, device.person.token, device.clientId, device.person.workspaceId);
      lastSeq = clientAnswer.parse(await told.json()).lastSeq;
      // The device does not trust what it was told of a batch it got no answer for: it sends it again.
      const again = uploadAnswer.parse(await (await upload(device, batch)).json());
      expect(again.verdicts.every((verdict) => verdict.outcome === "applied")).toBe(true);
      lastSeq = again.lastSeq;
    } else {
      lastSeq = uploadAnswer.parse(await (await sending).json()).lastSeq;
    }
  }
  expect(kills).toBeGreaterThanOrEqual(5);
  const counts = await pool.query(
    `select (select count(*)::int from transaction) as rows, (select count(distinct import_line)::int from transaction) as lines,
            (select status from import) as status, (select count(*)::int from rejection) as rejections,
            (select count(*)::int from relay.applied_mutation) as ledger, (select last_seq::int from client) as last_seq`,
  );
  expect(counts.rows).toEqual([{ rows: rowsInAll, lines: rowsInAll, status: "complete", rejections: 0, ledger: all.length, last_seq: all.length }]);
  expect(await relay.stop()).toBe(0);
}, 180_000);

it("a relay with wrong settings says which, in a catalogue code, and ends with 1", async () => {
  const { SALDO_AUTH_SECRET: _left, ...rest } = relayEnvironment(database.url, storageDir, "unused");
  const start = startRelayProcess(file, { ...rest, SALDO_TOKEN_PRIVATE_KEY: "not a key" });
  await expect(start).rejects.toThrow(/^exit 1: relay\.invalid_config: settings: SALDO_AUTH_SECRET, SALDO_TOKEN_PRIVATE_KEY/);
  await expect(start).rejects.not.toThrow(/not a key/);
});

it("a relay without its database says so and ends with 1", async () => {
  const environment = { ...relayEnvironment("postgres://nobody@127.0.0.1:1/none", storageDir, "unused") };
  await expect(startRelayProcess(file, environment)).rejects.toThrow(/^exit 1: relay\.database_unusable/);
});
