import type { FindingKind } from "@saldo/schema";
import type { LedgerRow } from "../ledger.ts";
import type { Random } from "./random.ts";

/** A row while it is made. */
export type MadeRow = { -readonly [Key in keyof LedgerRow]: LedgerRow[Key] };

/** The ledger anomalies are planted in. */
export interface PlantingGround {
  /** Middle of amounts in minor units. */
  readonly typicalMinor: number;
  /** Share of rows on weekends: where it is large, one more is no anomaly. */
  readonly weekendShare: number;
  /** How often anomalies of each kind are planted, of a thousand rows. */
  readonly plantedPermille: number;
}

/** Plants one anomaly: changes the row, or gives new ones. Returns the rows in question. */
type Plant = (row: MadeRow, ground: PlantingGround, random: Random, rows: MadeRow[]) => MadeRow[];

const dayMs = 86_400_000;
const later = (row: MadeRow, days: number) => dateOfDay(dayOf(row) + days);

const plants: Readonly<Partial<Record<FindingKind, Plant>>> = {
  duplicate_exact: (row, _ground, random, rows) => added(rows, [{ ...row, id: rowId(random, rows.length) }]),
  duplicate_near: (row, _ground, random, rows) => {
    const counterparty = random.chance(0.75) ? misspelled(row.counterparty, random) : row.counterparty;
    return added(rows, [{ ...row, id: rowId(random, rows.length), counterparty, postedOn: later(row, 1 + random.below(9)) }]);
  },
  amount_unlike_vendor(row, _ground, random) {
    row.amountMinor = Math.round(row.amountMinor * (5 + random() * 20));
    return [row];
  },
  round_amount(row, { typicalMinor }, random) {
    row.amountMinor = -random.pick([1, 2, 2.5, 3, 5, 10]) * 10 ** Math.round(Math.log10(typicalMinor * (5 + random() * 40)));
    return [row];
  },
  split_invoice(row, { typicalMinor }, random, rows) {
    const limit = random.pick([1, 2, 2.5, 5]) * 10 ** Math.round(Math.log10(typicalMinor * 6));
    const days = random.pick([0, 0, 0, 1, 2]);
    const part = (): MadeRow => ({ ...row, id: rowId(random, rows.length), amountMinor: -Math.round(limit * (0.9 + random() * 0.097)), postedOn: later(row, random.below(days + 1)) });
    return added(rows, Array.from({ length: 2 + random.below(4) }, part));
  },
  amount_unlike_category(row, _ground, random) {
    row.amountMinor = Math.round(row.amountMinor * (10 + random() * 30));
    return [row];
  },
  category_unlike_vendor(row, _ground, random, rows) {
    const { category } = random.pick(rows);
    if (category === row.category || category === null) return [];
    row.category = category;
    return [row];
  },
  new_vendor_large(row, ground, random, rows) {
    const name = `${random.pick(["alpha", "nova", "prime", "global"])}${random.below(900)} ${random.pick(["consulting", "trading", "services"])}`;
    const amountMinor = -Math.round(ground.typicalMinor * (20 + random() * 120));
    return added(rows, [{ ...row, id: rowId(random, rows.length), counterparty: name, amountMinor, postedOn: random.pick(rows).postedOn, category: random.pick(rows).category }]);
  },
  off_hours(row, ground) {
    if (ground.weekendShare > 0.05) return [];
    row.postedOn = later(row, 5 - ((dayOf(row) + 3) % 7));
    return [row];
  },
};

/** Counterparties with so many payments are known; those with so few are not. */
const knownPayments = 5;
const unknownPayments = 2;

/** Plants anomalies of every kind among payments; returns which row is what. */
export function plantAnomalies(rows: MadeRow[], ground: PlantingGround, random: Random): Map<string, FindingKind> {
  const labels = new Map<string, FindingKind>();
  const natural = rows.length;
  const perVendor = new Map<string, number>();
  for (const row of rows) perVendor.set(row.counterparty, (perVendor.get(row.counterparty) ?? 0) + 1);
  const wanted = Math.max(3, Math.round((natural * ground.plantedPermille) / 1_000));
  for (const kind of Object.keys(plants).filter(isPlanted)) {
    for (let tried = 0, made = 0; made < wanted && tried < 20 * wanted; tried++) {
      const row = rows[random.below(natural)];
      if (row === undefined || row.amountMinor >= 0 || labels.has(row.id)) continue;
      const payments = perVendor.get(row.counterparty) ?? 0;
      if (kind === "amount_unlike_category" ? payments > unknownPayments : payments < knownPayments) continue;
      const planted = plants[kind]?.(row, ground, random, rows) ?? [];
      for (const { id } of planted) labels.set(id, kind);
      if (planted.length > 0) made++;
    }
  }
  return labels;
}

function isPlanted(kind: string): kind is FindingKind {
  return Object.hasOwn(plants, kind);
}

function added(rows: MadeRow[], more: MadeRow[]): MadeRow[] {
  rows.push(...more);
  return more;
}

/** Another spelling: upper case, spaces lost, the end cut off, two letters swapped, a letter lost. */
function misspelled(name: string, random: Random): string {
  const at = 1 + random.below(Math.max(1, name.length - 2));
  return random.pick([
    name.toUpperCase(),
    name.replace(" ", ""),
    name.slice(0, -1 - random.below(2)),
    name.slice(0, at) + (name[at + 1] ?? "") + (name[at] ?? "") + name.slice(at + 2),
    name.slice(0, at) + name.slice(at + 1),
    `${name} `,
  ]);
}

/** Ids in no order, so that copies of a day come in none either. */
export function rowId(random: Random, number: number): string {
  return `${random.below(1_000_000).toString(36).padStart(4, "0")}-${number}`;
}

/** The date of a day since 1970. */
export function dateOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function dayOf({ postedOn }: MadeRow): number {
  return Date.parse(`${postedOn}T00:00:00Z`) / dayMs;
}
