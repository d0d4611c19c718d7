import { statSync } from "node:fs";
import path from "node:path";
import { xlsxFigures } from "@saldo/client-core/import/bench";
import { atMost, shown, withinTimes, type Bench } from "../bench/bench.ts";
import { withDevice } from "./bench-device.ts";
import { exchangeFigures } from "./exchange-figures.ts";
import { importInto, ledgerRows, makeLedger } from "./ledger.ts";
import { plainInsert } from "./plain-insert.ts";

const rounds = 3;

/**
 * 500,000 rows from bytes to committed rows with indexes and outbox, beside the least anyone must do: `udsv` parses the text and a
 * prepared statement inserts the same columns of the same table, ids of the same length, with the same indexes, in one transaction. Beside
 * it, shown, an insert of the file's six columns alone. Medians of interleaved rounds.
 */
const bench: Bench = async ({ now, note, folder, repository }) => {
  const file = makeLedger(repository, folder);
  const ours: number[] = [];
  const whole: number[] = [];
  const lean: number[] = [];
  let storeBytes = 0;
  for (let round = 0; round < rounds; round++) {
    note(`round ${round + 1} of ${rounds}`);
    const store = path.join(folder, `ours-${round}.db`);
    ours.push(await timed(now, () => importInto(store, file)));
    storeBytes = statSync(store).size;
    whole.push(await timed(now, () => plainInsert(path.join(folder, `whole-${round}.db`), file, "all")));
    lean.push(await timed(now, () => plainInsert(path.join(folder, `lean-${round}.db`), file, "file")));
  }
  const alone = await withDevice({ repository, note }, (device) => device("import", path.join(folder, "alone.db"), file));
  return [
    withinTimes("import 500,000 rows, same columns", median(ours), "s", median(whole), 2.5),
    shown("insert of the file's six columns alone, two indexes", median(lean), "s"),
    shown("rows per second", Math.round(ledgerRows / median(ours)), "rows/s"),
    shown("database with outbox", Math.round(storeBytes / 1e6), "MB"),
    atMost("peak memory of an import, in a process of its own", alone.peakMegabytes, "MB", 300),
    ...(await exchangeFigures(now, note)),
    ...(await xlsxFigures({ now, note, folder })),
  ];
};

export default bench;

async function timed(now: () => number, work: () => Promise<void> | void): Promise<number> {
  const from = now();
  await work();
  return (now() - from) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(3));
}
