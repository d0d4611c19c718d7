import path from "node:path";
import { atMost, shown, type Bench } from "../../../deploy/bench/bench.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore } from "../store/index.ts";
import { examineLedger, tellFindings } from "./find-findings.ts";
import { ledgerRecipes } from "./fitting/ledger-recipe.ts";
import { plantedLedger } from "./fitting/planted-ledger.ts";
import { readLedger } from "./stored-ledger.ts";
import { storeLedger } from "./testing.ts";

const rowCount = 500_000;
const runs = 3;

/** Findings of 500,000 rows in a store: reading them, looking through them, and telling again after a verdict. */
const bench: Bench = async (context) => {
  const [recipe] = ledgerRecipes(1, 1);
  if (recipe === undefined) throw new RangeError("no recipe");
  const { ledger: made } = plantedLedger({ ...recipe, rows: rowCount, vendors: 8_000, departments: 3, details: 0, days: 1_460, plantedPermille: 0.2 });
  const database = await openStore(openBetterSqlite3({ path: path.join(context.folder, "books.sqlite") }));
  try {
    context.note(`writing ${made.count} rows`);
    await storeLedger(database, "w", made);
    const times = { read: Infinity, look: Infinity, tell: Infinity, all: Infinity };
    for (let run = 0; run < runs; run++) {
      const startedAt = context.now();
      const ledger = await readLedger(database, "w");
      const readAt = context.now();
      const examined = examineLedger(ledger);
      const lookedAt = context.now();
      const { findings } = tellFindings(examined, { shift: () => 0, judged: new Set() });
      const toldAt = context.now();
      context.note(`${findings.length} findings in ${Math.round(toldAt - startedAt)} ms`);
      times.read = Math.min(times.read, readAt - startedAt);
      times.look = Math.min(times.look, lookedAt - readAt);
      times.tell = Math.min(times.tell, toldAt - lookedAt);
      times.all = Math.min(times.all, toldAt - startedAt);
    }
    return [
      atMost(`findings of ${rowCount} rows, read from SQLite`, times.all, "ms", 4_000),
      shown("reading the rows", times.read, "ms"),
      shown("looking through them", times.look, "ms"),
      shown("telling again after a verdict", times.tell, "ms"),
    ];
  } finally {
    await database.close();
  }
};

export default bench;
