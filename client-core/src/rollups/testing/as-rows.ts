import { tables, type Month } from "@saldo/schema";
import { readRows, type SqlReader } from "../../store/index.ts";
import { readRollups, type Rollups } from "../rollups.ts";

/** What rollups say, in a form two of them can be compared in: sorted lines of sums, of counterparties and of rows. */
export interface RollupLines {
  readonly sums: readonly string[];
  readonly counterparties: readonly string[];
  readonly rows: readonly string[];
}

/** What a workspace's rollups say, with what is stale rolled up on the way. */
export async function linesOfRollups(reader: SqlReader, workspaceId: string): Promise<RollupLines> {
  const rollups = await readRollups(reader, workspaceId);
  return { sums: sumLines(rollups), counterparties: await counterpartyLines(rollups), rows: await rowLines(rollups) };
}

function sumLines({ sums }: Rollups): string[] {
  return sums
    .flatMap(({ month, names, groups: { length, column } }) =>
      Array.from({ length }, (_, at) => {
        const place = [month, names.currencies[column.currency[at] ?? 0], names.accounts[column.account[at] ?? 0], names.categories[column.category[at] ?? 0], names.kinds[column.kind[at] ?? 0]];
        return JSON.stringify([...place, column.inMinor[at], column.outMinor[at], column.count[at], column.countIn[at], column.countOut[at], column.firstDay[at], column.lastDay[at]]);
      }),
    )
    .toSorted();
}

async function counterpartyLines(rollups: Rollups): Promise<string[]> {
  const months = await rollups.readCounterparties(rollups.sums.map(({ month }) => month));
  return months
    .flatMap(({ month, names, counterparties, sums: { length, column } }) =>
      Array.from({ length }, (_, at) =>
        JSON.stringify([month, names.currencies[column.currency[at] ?? 0], counterparties[column.counterparty[at] ?? 0], column.inMinor[at], column.outMinor[at], column.count[at], column.countIn[at], column.countOut[at]]),
      ),
    )
    .toSorted();
}

async function rowLines(rollups: Rollups): Promise<string[]> {
  const months = await rollups.readEntries(rollups.sums.map(({ month }) => month));
  return months
    .flatMap(({ month, names, counterparties, entries: { length, column } }) =>
      Array.from({ length }, (_, at) => {
        const place = [month, column.day[at], names.currencies[column.currency[at] ?? 0], names.accounts[column.account[at] ?? 0], names.categories[column.category[at] ?? 0], names.kinds[column.kind[at] ?? 0]];
        return JSON.stringify([...place, counterparties[column.counterparty[at] ?? 0], column.amountMinor[at]]);
      }),
    )
    .toSorted();
}

/** The same from the rows themselves, by plain loops. */
export async function linesOfRows(reader: SqlReader, workspaceId: string): Promise<RollupLines> {
  const complete = new Set<string>();
  for (const each of await readRows(reader, tables.import.name)) if (each.status === "complete" && each.workspaceId === workspaceId) complete.add(each.id);
  const sums = new Map<string, { place: (string | null)[]; sums: PlainSums; first: number; last: number }>();
  const parties = new Map<string, { place: (string | null)[]; sums: PlainSums }>();
  const transfers = new Set<string>();
  for (const each of await readRows(reader, tables.category.name)) if (each.kind === "transfer" && each.workspaceId === workspaceId) transfers.add(each.id);
  const rows: string[] = [];
  for (const row of await readRows(reader, tables.transaction.name)) {
    if (row.workspaceId !== workspaceId || row.isSplit || (row.importId !== null && !complete.has(row.importId))) continue;
    const month: Month = row.postedOn.slice(0, 7);
    const day = Number(row.postedOn.slice(8));
    const categoryId = row.categoryId === "" ? null : row.categoryId;
    const name = row.counterpartyName === "" ? null : row.counterpartyName;
    rows.push(JSON.stringify([month, day, row.currency, row.accountId, categoryId, row.kind, name, row.amountMinor]));
    const place = [month, row.currency, row.accountId, categoryId, row.kind];
    const sum = sums.get(place.join(" ")) ?? { place, sums: nothing(), first: 31, last: 1 };
    sums.set(place.join(" "), sum);
    count(sum.sums, row.amountMinor);
    if (day < sum.first) sum.first = day;
    if (day > sum.last) sum.last = day;
    if (row.kind === "transfer" || transfers.has(categoryId ?? "")) continue;
    const party = parties.get(`${month} ${row.currency} ${name ?? ""}`) ?? { place: [month, row.currency, name], sums: nothing() };
    parties.set(`${month} ${row.currency} ${name ?? ""}`, party);
    count(party.sums, row.amountMinor);
  }
  const named = [...parties.values()].map((party) => JSON.stringify([...party.place, ...party.sums]));
  const lines = [...sums.values()].map(({ place, sums: numbers, first, last }) => JSON.stringify([...place, ...numbers, first, last]));
  return { sums: lines.toSorted(), counterparties: named.toSorted(), rows: rows.toSorted() };
}

/** In, out, and how many rows: all, in, out. */
type PlainSums = [number, number, number, number, number];

function nothing(): PlainSums {
  return [0, 0, 0, 0, 0];
}

function count(sums: PlainSums, amountMinor: number): void {
  sums[2]++;
  if (amountMinor > 0) [sums[0], sums[3]] = [sums[0] + amountMinor, sums[3] + 1];
  if (amountMinor < 0) [sums[1], sums[4]] = [sums[1] - amountMinor, sums[4] + 1];
}
