import { chartCategoryId, type ChartKey, type Row } from "@saldo/schema";

/** Merchant category codes (ISO 18245) by ranges of the chart's categories. */
const merchantRanges: readonly (readonly [from: number, to: number, key: ChartKey])[] = [
  [3000, 3299, "travel"], [3300, 3499, "vehicles"], [3500, 3999, "travel"], [4011, 4112, "travel"], [4121, 4121, "vehicles"], [4131, 4131, "travel"],
  [4214, 4215, "delivery"], [4225, 4225, "rent"], [4411, 4722, "travel"], [4784, 4789, "vehicles"], [4812, 4821, "telecoms"], [4899, 4899, "telecoms"],
  [4900, 4900, "utilities"], [5013, 5013, "vehicles"], [5021, 5021, "equipment"], [5039, 5039, "materials"], [5044, 5046, "equipment"], [5047, 5047, "materials"],
  [5051, 5051, "materials"], [5065, 5074, "materials"], [5111, 5111, "supplies"], [5169, 5169, "materials"], [5172, 5172, "fuel"], [5198, 5198, "materials"],
  [5200, 5271, "repairs"], [5511, 5533, "vehicles"], [5541, 5542, "fuel"], [5552, 5552, "fuel"], [5571, 5599, "vehicles"], [5732, 5732, "equipment"],
  [5734, 5734, "software"], [5811, 5814, "meals"], [5815, 5818, "software"], [5943, 5943, "supplies"], [5960, 5960, "insurance"], [5978, 5978, "equipment"],
  [5983, 5983, "fuel"], [6010, 6011, "cash"], [6300, 6381, "insurance"], [6399, 6399, "insurance"], [6513, 6513, "rent"], [7011, 7012, "travel"],
  [7210, 7217, "repairs"], [7311, 7311, "advertising"], [7333, 7338, "supplies"], [7349, 7349, "repairs"], [7361, 7361, "people"], [7372, 7372, "software"],
  [7375, 7375, "software"], [7379, 7379, "repairs"], [7512, 7549, "vehicles"], [7622, 7699, "repairs"], [8111, 8111, "legal"], [8211, 8299, "training"],
  [8931, 8931, "accounting"], [9211, 9223, "duties"], [9311, 9311, "taxes"], [9399, 9399, "duties"], [9402, 9402, "delivery"],
];

/** Words purposes name what is paid by, outgoing money only. Russian stems and English words at their beginning. */
const words: readonly (readonly [ChartKey, RegExp])[] = [
  ["payrollTaxes", /страхов\S* взнос|ндфл|травматизм|\bpaye\b|payroll tax|national insurance/],
  ["valueAddedTax", /(?:уплата|перечисление|оплата) ндс|vat (?:payment|return)/],
  ["incomeTax", /налог на прибыль|(?:^| )усн(?: |$)|единый налог|патент|corporation tax|income tax/],
  ["duties", /госпошлин|государственн\S* пошлин|штраф|пени(?: |$)|customs dut|\bfine\b/],
  ["rent", /аренд(?!\S* (?:авто|машин))|субаренд|\brent\b|\blease of (?:office|premises)/],
  ["utilities", /коммунальн|электроэнерг|водоснабж|теплоснабж|отоплен|electricity|water rates|gas supply/],
  ["telecoms", /услуги связи|интернет|телефон|мобильн\S* связ|\bbroadband\b|\bmobile phone|\btelephone\b/],
  ["software", /лиценз|хостинг|домен|программн\S* обеспеч|\bsoftware\b|\bhosting\b|\bsaas\b|\blicen[cs]e fee/],
  ["advertising", /реклам|продвижени|\badvertis|\bgoogle ads\b|\bfacebook ads\b/],
  ["salaries", /зарплат|заработн\S* плат|аванс за|отпускн|\bsalar(?:y|ies)\b|\bwages\b/],
  ["fuel", /топлив|бензин|\bазс\b|дизел|\bpetrol\b|\bdiesel\b/],
  ["delivery", /доставк|транспортн\S* услуг|грузоперевоз|экспедир|\bcourier\b|\bfreight\b|\bshipping\b/],
  ["insurance", /страхов(?!\S* взнос)|осаго|каско|\binsurance\b/],
  ["accounting", /бухгалтерск|аудит|\baccountan|\bbookkeeping\b|\baudit\b/],
  ["legal", /юридическ|нотариус|адвокат|\bsolicitor|\blegal (?:fee|service)/],
  ["supplies", /канцтовар|канцеляр|хозтовар|\bstationery\b|office supplies/],
  ["interestPaid", /(?:уплата|погашение) процент|проценты по кредит|interest (?:paid|on loan)/],
  ["bankFees", /комисси|рко(?: |$)|обслуживание (?:расчетного )?счет|ведение счет|bank charge|account fee/],
];

const byKind: Partial<Record<Row<"transaction">["kind"], ChartKey>> = { fee: "bankFees", tax: "taxes", payroll: "salaries", transfer: "ownTransfers" };

/** What is known of a row before anything was learned. */
export interface KnownRow {
  readonly searchText: string;
  readonly kind: Row<"transaction">["kind"];
  readonly isOut: boolean;
}

/** A category of the chart a row speaks for by itself. */
export interface Known {
  readonly key: ChartKey;
  /** What told it: the merchant code, the nature of the row, or a word. */
  readonly by: "merchant_code" | "kind" | "word";
  /** The code or the word. */
  readonly told: string;
}

/** The merchant code a text carries, as banks write it; empty when it has none. */
export function merchantCode(searchText: string): string {
  if (!searchText.includes("mcc")) return "";
  return /(?:^|[^a-zа-я])mcc[: ]*(\d{4})(?!\d)/.exec(searchText)?.[1] ?? "";
}

/** What a row speaks for by itself: its merchant code, its nature, a word of its purpose. Null when nothing is known. */
export function knownCategory({ searchText, kind, isOut }: KnownRow): Known | null {
  const code = merchantCode(searchText);
  const range = code === "" || !isOut ? undefined : merchantRanges.find(([from, to]) => Number(code) >= from && Number(code) <= to);
  if (range !== undefined) return { key: range[2], by: "merchant_code", told: code };
  const word = isOut ? words.flatMap(([key, pattern]) => { const found = pattern.exec(searchText); return found === null ? [] : [{ key, by: "word" as const, told: found[0].trim() }]; })[0] : undefined;
  const ofKind = byKind[kind];
  // A word is finer than the nature of the row: an insurance contribution is a tax too.
  if (word !== undefined && (ofKind === undefined || kind !== "fee")) return word;
  return ofKind === undefined ? null : { key: ofKind, by: "kind", told: kind };
}

/** The workspace's category for one of the chart, in whichever language its chart is; null when it has none in use. */
export function categoryOfChart(key: ChartKey, categories: ReadonlyMap<string, Row<"category">>): string | null {
  for (const locale of ["ru", "en"] as const) {
    const found = categories.get(chartCategoryId(key, locale));
    if (found === undefined) continue;
    if (!found.archived) return found.id;
    if (found.mergedIntoId !== null && categories.get(found.mergedIntoId)?.archived === false) return found.mergedIntoId;
  }
  return null;
}

/** The workspace's category for a row whose merchant code tells it beyond doubt; null for none. Quick: it is asked of each row of a file. */
export function codeCategory(row: KnownRow, categories: ReadonlyMap<string, Row<"category">>): string | null {
  // Words of a purpose are suggestions: only a merchant code is believed without asking.
  if (merchantCode(row.searchText) === "") return null;
  const found = knownCategory(row);
  return found?.by === "merchant_code" ? categoryOfChart(found.key, categories) : null;
}
