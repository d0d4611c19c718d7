import type { ColumnRole, UnderstoodColumn } from "../import/index.ts";

/** Columns that hold what someone said of the rows: the answers, which no examination may read. */
const answerNames = /label|anomal|fraud|outlier|ground[\s_-]*truth|injected|suspicious|^(class|target|y|flag|flagged|is[\s_-]*flagged)$|аномал|мошен|метка/iu;

/** True when a column's name says that it holds answers. */
export function isAnswerColumn({ name }: Pick<UnderstoodColumn, "name">): boolean {
  return answerNames.test(name.trim());
}

/** Roles whose columns tell no rows apart beyond what is read of them. */
const readRoles: ReadonlySet<ColumnRole> = new Set(["date", "otherDate", "amount", "debit", "credit", "direction", "balance", "fee", "currency", "counterparty", "payer", "payee"]);

/** Whether the cells of a column may serve as a category or as a detail. */
export function isFurtherColumn(column: UnderstoodColumn): boolean {
  return !readRoles.has(column.role) && !isAnswerColumn(column);
}

/** What an account of a ledger or a category of spending is called, beyond what bank statements call it. */
const categoryNames =
  /categor|account|nominal|subjective|ledger|expense|spend.*(type|area)|type.*(spend|expense)|cost[\s_-]*element|purpose|\bgl\b|g\/l|class|kategor|konto|статья|счет|счёт|категор|вид|назначение/iu;

/** The cells of one column, of all rows. */
export interface FileColumn {
  readonly name: string;
  readonly role: ColumnRole;
  readonly cells: readonly string[];
}

/** Which columns are the category and the details of a ledger; indexes into the list given. */
export interface ColumnChoice {
  readonly category: number | null;
  readonly details: readonly number[];
}

/** A detail occurs in this many rows on the average at least; what is rarer is text or a number of its own. */
const rowsPerValueMin = 4;
/** A column with one value in more of the rows tells nothing. */
const oneValueShareMax = 0.9;
const detailsMax = 4;
/** How much better a column must foretell by counterparty than another one whose name speaks for it. */
const nameCounts = 0.15;
/** A column that counterparties foretell less than this is no category. */
const foretoldMin = 0.2;

/** Chooses by what the cells do, not only by names: a category is what the counterparty foretells best, a detail is what repeats. */
export function chooseColumns(columns: readonly FileColumn[], vendors: readonly string[]): ColumnChoice {
  const usable = columns.map(({ cells }, index) => ({ index, isUsable: doesTellApart(cells) })).flatMap(({ index, isUsable }) => (isUsable ? [index] : []));
  const ranked = usable
    .map((index) => {
      const column = columns[index];
      if (column === undefined) return { index, rank: 0 };
      const foretold = foretoldBy(vendors, column.cells);
      return { index, rank: foretold < foretoldMin ? 0 : foretold + (column.role === "category" || categoryNames.test(column.name) ? nameCounts : 0) };
    })
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank || a.index - b.index);
  const category = ranked[0]?.index ?? null;
  return { category, details: usable.filter((index) => index !== category).slice(0, detailsMax) };
}

function doesTellApart(cells: readonly string[]): boolean {
  const counts = new Map<string, number>();
  let decimals = 0;
  for (const cell of cells) {
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
    if (/^-?\d+[.,]\d+$/u.test(cell)) decimals++;
  }
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return counts.size >= 2 && cells.length / counts.size >= rowsPerValueMin && most / cells.length <= oneValueShareMax && decimals / cells.length < 0.5;
}

/** The share of the uncertainty about a column that the counterparty takes away, the row itself left out: 0 to 1. */
function foretoldBy(vendors: readonly string[], cells: readonly string[]): number {
  const byVendor = new Map<string, Map<string, number>>();
  const overall = new Map<string, number>();
  for (const [row, cell] of cells.entries()) {
    const vendor = vendors[row] ?? "";
    let own = byVendor.get(vendor);
    if (own === undefined) byVendor.set(vendor, (own = new Map<string, number>()));
    own.set(cell, (own.get(cell) ?? 0) + 1);
    overall.set(cell, (overall.get(cell) ?? 0) + 1);
  }
  let [alone, given] = [0, 0];
  for (const own of byVendor.values()) {
    const rows = [...own.values()].reduce((sum, count) => sum + count, 0);
    if (rows < 2) continue;
    for (const [cell, count] of own) {
      const prior = ((overall.get(cell) ?? 1) - 0.5) / cells.length;
      alone -= count * Math.log(prior);
      given -= count * Math.log((count - 1 + 2 * prior) / (rows - 1 + 2));
    }
  }
  return alone === 0 ? 0 : Math.max(0, 1 - given / alone);
}
