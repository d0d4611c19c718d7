import { atLeast, shown, type Bench } from "../../../deploy/bench/bench.ts";
import { ledgerRecipes } from "../findings/fitting/ledger-recipe.ts";
import { plantedLedger } from "../findings/fitting/planted-ledger.ts";
import { trainCategoriser, type LabelledRow } from "./categoriser.ts";

const rowCount = 500_000;
/** Rows a workspace's categoriser learns from. */
const learnedCount = 5_000;
const runs = 3;

/** Categories for 500,000 rows, each with a purpose of its own, as an import asks for them. */
const bench: Bench = async (context) => {
  const [recipe] = ledgerRecipes(1, 1);
  if (recipe === undefined) throw new RangeError("no recipe");
  const { ledger } = plantedLedger({ ...recipe, rows: rowCount, vendors: 8_000, departments: 3, details: 0, days: 1_460, plantedPermille: 0.2 });
  const rows = Array.from({ length: ledger.count }, (_, place): LabelledRow => {
    const counterparty = ledger.names[ledger.name[place] ?? 0] ?? "";
    return { texts: [counterparty, `Payment of invoice ${10_000 + place} dated ${place % 28}.03.2024, no VAT`], codes: ["", "", ""], amount: ledger.amountMinor[place] ?? 0, label: ledger.categories[ledger.category[place] ?? 0] ?? "" };
  });
  const startedAt = context.now();
  const categoriser = await trainCategoriser(rows.slice(-learnedCount));
  const trained = context.now() - startedAt;
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const from = context.now();
    let given = 0;
    for (const row of rows) if (categoriser.categorise(row).isSure) given++;
    best = Math.min(best, context.now() - from);
    context.note(`${given} of ${rows.length} given a category`);
  }
  return [atLeast(`categories of ${rowCount} rows`, Math.round((1_000 * rows.length) / best), "rows/s", 400_000), shown(`learning ${learnedCount} rows`, trained, "ms")];
};

export default bench;
