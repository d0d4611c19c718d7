import { readRows, understandFile } from "../../import/index.ts";
import { planted, type PlantedLedger } from "./planted-ledger.ts";
import { rowId, type MadeRow } from "./plant-anomalies.ts";
import { seededRandom } from "./random.ts";

/** A body whose ledger is too short shows nothing. */
const rowsMin = 3_000;
/** Of every kind, of a thousand rows. */
const plantedPermille = 1.4;

/** Every other public body, by name, is fitted to; the rest is kept apart. */
export function isFitted({ place }: PublicLedger): boolean {
  return place % 2 === 0;
}

/** A public body's ledger with anomalies planted in it. */
export interface PublicLedger {
  readonly source: string;
  /** Its place among all by name. */
  readonly place: number;
  readonly planted: PlantedLedger;
}

/**
 * The ledgers of public bodies in a file of payments (columns `source`, `supplier`, `department`, `label_coarse`, a date and an amount), each with
 * anomalies planted in it: real payments of another kind than those the weights were fitted to.
 */
export async function publicSpendLedgers(bytes: Uint8Array): Promise<PublicLedger[]> {
  const understanding = await understandFile(bytes, { fileName: "spend.csv", defaultCurrency: "GBP" });
  const names = ["source", "supplier", "department", "label_coarse"];
  const cellsOf = names.map((name) => understanding.columns.find((column) => column.name === name)?.index ?? -1);
  const bySource = new Map<string, MadeRow[]>();
  const random = seededRandom(7);
  for await (const { rows } of readRows(bytes, understanding, { cellsOf })) {
    for (const { line, postedOn, amountMinor, currency, cells } of rows) {
      const [source = "", counterparty = "", department = "", category = ""] = cells ?? [];
      const own = bySource.get(source) ?? [];
      bySource.set(source, own);
      own.push({ id: rowId(random, line), postedOn, minuteOfDay: null, amountMinor: -Math.abs(amountMinor), currency, counterparty, description: "", category, account: null, details: [department], isDistinct: false });
    }
  }
  const bodies = [...bySource].filter(([, rows]) => rows.length >= rowsMin).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return bodies.map(([source, rows], place) => {
    const typicalMinor = rows.map(({ amountMinor }) => -amountMinor).toSorted((a, b) => a - b)[Math.floor(rows.length / 2)] ?? 1;
    const onWeekends = rows.filter(({ postedOn }) => [0, 6].includes(new Date(`${postedOn}T00:00:00Z`).getUTCDay())).length;
    return { source, place, planted: planted(rows, { typicalMinor, weekendShare: onWeekends / rows.length, plantedPermille }, random) };
  });
}
