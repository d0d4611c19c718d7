import path from "node:path";
import type { ImportRow, UploadMutation } from "@saldo/schema";
import { shown, type Bench, type Figure } from "../../../deploy/bench/bench.ts";
import { startPostgres } from "../../../deploy/postgres/index.ts";
import { openRelay } from "../testing/open-relay.ts";
import { frozen, newId, registerDevice, signUpPerson, someInstant, upload, type Device } from "../testing/person.ts";

const uploadsInAll = 20;
const batchesAtOnce = 4;
const batchRows = 5_000;
const rowsPerSecondMin = 40_000;
const smallMutationsAtOnce = 500;

/** A bulk import through the upload endpoint, over a socket, into Postgres: frozen bodies to the answered verdicts. */
const bench: Bench = async ({ now, note, folder }) => {
  const postgres = await startPostgres({ dataDir: path.join(folder, "postgres") });
  const relay = await openRelay({ databaseUrl: postgres.url, storageDir: path.join(folder, "shapes"), replicationSlot: "bench_upload" }, { logLevel: "silent" });
  try {
    const device = await registerDevice(relay.url, await signUpPerson(relay.url));
    const { begin, batches } = bulkImport();
    await send(device, [begin]);
    note(`uploading ${uploadsInAll * batchesAtOnce * batchRows} rows`);
    const bulkMs = await timed(now, device, batches);
    const small = Array.from({ length: smallMutationsAtOnce }, (_, index) => frozen(2 + uploadsInAll * batchesAtOnce + index, "account.rename", { accountId: "account", name: `n${index}` }));
    const smallMs = await timed(now, device, [small]);
    const rowsPerSecond = (uploadsInAll * batchesAtOnce * batchRows * 1000) / bulkMs;
    const bulk: Figure = {
      name: "imported rows",
      value: Math.round(rowsPerSecond),
      unit: "rows/s",
      reference: null,
      hold: `>= ${rowsPerSecondMin} rows/s`,
      ok: rowsPerSecond >= rowsPerSecondMin,
    };
    return [bulk, shown("small mutations", Math.round((smallMutationsAtOnce * 1000) / smallMs), "mutations/s")];
  } finally {
    await relay.close();
    await postgres.stop();
  }
};

export default bench;

async function timed(now: () => number, device: Device, uploads: readonly (readonly UploadMutation[])[]): Promise<number> {
  const startedMs = now();
  for (const mutations of uploads) await send(device, mutations);
  return now() - startedMs;
}

async function send(device: Device, mutations: readonly UploadMutation[]): Promise<void> {
  const answer = await upload(device, mutations);
  const text = await answer.text();
  if (!answer.ok || text.includes("rejected")) throw new Error(`the upload was refused with ${answer.status}`);
}

const words = ["Оплата по счёту", "Аренда офиса", "Payment for invoice", 'ООО "Ромашка"', "Зарплата", "Комиссия банка"];

function bulkImport(): { readonly begin: UploadMutation; readonly batches: readonly (readonly UploadMutation[])[] } {
  const importId = newId();
  const begin = frozen(1, "import.begin", {
    importId,
    fileName: "bank.csv",
    fileSha256: "0".repeat(64),
    fileBytes: 1,
    format: "csv",
    understanding: {},
    accounts: [{ id: "account", name: "Счёт", currency: "RUB", number: null }],
    categories: [{ id: "category", name: "Прочее", kind: "expense" }],
    createdAt: someInstant,
  });
  const row = (line: number): ImportRow => [
    newId(),
    line,
    `2025-0${1 + (line % 9)}-1${line % 10}`,
    -((line * 7919) % 1_000_000),
    0,
    line % 3 === 0 ? -1 : 0,
    `${words[line % words.length]} № ${line} от ${line % 28}.03.2025`,
    `${words[(line + 1) % words.length]} ${line % 500}`,
  ];
  const batch = (number: number) =>
    frozen(2 + number, "import.addRows", {
      importId,
      currencies: ["RUB"],
      accounts: ["account"],
      categories: ["category"],
      rowCurrencies: [],
      rows: Array.from({ length: batchRows }, (_, index) => [...row(number * batchRows + index)]),
      createdAt: someInstant,
    });
  const batches = Array.from({ length: uploadsInAll }, (_, at) => Array.from({ length: batchesAtOnce }, (_unused, index) => batch(at * batchesAtOnce + index)));
  return { begin, batches };
}
