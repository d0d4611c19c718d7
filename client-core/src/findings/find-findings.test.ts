import type { FindingKind } from "@saldo/schema";
import { describe, expect, test } from "vitest";
import { findFindings } from "./find-findings.ts";
import { seededRandom } from "./fitting/random.ts";
import { ledgerBuilder, type LedgerRow } from "./ledger.ts";

const dayMs = 86_400_000;
const date = (day: number) => new Date(Date.UTC(2025, 0, 1) + day * dayMs).toISOString().slice(0, 10);
const weekday = (day: number) => new Date(Date.UTC(2025, 0, 1) + day * dayMs).getUTCDay();
const workday = (day: number) => day + (weekday(day) === 6 ? 2 : weekday(day) === 0 ? 1 : 0);

interface Plain {
  readonly id: string;
  readonly day: number;
  readonly counterparty: string;
  readonly amountMinor: number;
  readonly category: string;
  readonly hand?: string;
}

/** Ordinary books of a year: eight counterparties, each in its category and at its level, rent on the fifth, a subscription on the twelfth. */
function ordinary(): Plain[] {
  const random = seededRandom(5);
  const parties = ["Milk Brothers", "Paper House", "Fuel One", "Office Chairs", "Green Print", "Fast Courier", "Tool Shed", "Tea Trade"];
  const rows: Plain[] = [];
  for (let number = 0; number < 1_200; number++) {
    const party = number % parties.length;
    const amountMinor = -Math.round((4_000 + 900 * party) * Math.exp(random.normal() * 0.25)) - 3;
    rows.push({ id: `r${number}`, day: workday(random.below(360)), counterparty: parties[party] ?? "", amountMinor, category: `category ${party % 5}`, hand: `card ${party}` });
  }
  for (let month = 0; month < 12; month++) {
    const start = Math.round((Date.UTC(2025, month, 1) - Date.UTC(2025, 0, 1)) / dayMs);
    rows.push({ id: `rent${month}`, day: start + 4, counterparty: "House Owners", amountMinor: -250_000, category: "rent" });
    rows.push({ id: `cloud${month}`, day: start + 11, counterparty: "Cloud Hosting", amountMinor: -4_900, category: "software" });
  }
  return rows;
}

function findingsOf(rows: readonly Plain[]) {
  const builder = ledgerBuilder(1);
  for (const { id, day, counterparty, amountMinor, category, hand } of rows) {
    const row: LedgerRow = { id, postedOn: date(day), minuteOfDay: null, amountMinor, currency: "EUR", counterparty, description: "", category, account: "a", details: [hand ?? "none"], isDistinct: false };
    builder.add(row);
  }
  return findFindings(builder.build()).findings;
}

const suspectsOf = (findings: ReturnType<typeof findingsOf>, kind: FindingKind) =>
  findings.filter((finding) => finding.kind === kind).flatMap(({ evidence }) => evidence.rows.filter(({ role }) => role === "suspect").map(({ transactionId }) => transactionId));

test("ordinary books give next to nothing", () => {
  const findings = findingsOf(ordinary());
  expect(findings.filter(({ kind }) => kind !== "benford").length).toBeLessThanOrEqual(3);
});

const row = (id: string, day: number, counterparty: string, amountMinor: number, category: string, hand = "card 1"): Plain => ({ id, day, counterparty, amountMinor, category, hand });

/** What is planted of each kind that puts rows in question, and which rows those are. */
const planted: readonly { readonly kind: FindingKind; readonly rows: readonly Plain[]; readonly suspects: readonly string[] }[] = [
  { kind: "duplicate_exact", rows: [row("x1", 100, "Paper House", -48_173, "category 1"), row("x2", 100, "Paper House", -48_173, "category 1")], suspects: ["x1", "x2"] },
  { kind: "duplicate_near", rows: [row("x1", 100, "Paper House", -48_173, "category 1"), row("x2", 103, "PaperHouse", -48_173, "category 1")], suspects: ["x2"] },
  { kind: "amount_unlike_vendor", rows: [row("x1", 101, "Tea Trade", -173_219, "category 2")], suspects: ["x1"] },
  { kind: "round_amount", rows: [...[9_137, 21_443, 78_361, 14_929, 93_811, 33_617, 88_253, 61_071].map((amount, part) => row(`w${part}`, 9 + 35 * part, "Wide Works", -amount, "category 4")), row("x1", 103, "Wide Works", -100_000, "category 4")], suspects: ["x1"] },
  { kind: "split_invoice", rows: [48_713, 49_120, 49_655, 48_975].map((amount, part) => row(`x${part}`, 104, "Tool Shed", -amount, "category 1")), suspects: ["x0", "x1", "x2", "x3"] },
  { kind: "category_unlike_vendor", rows: [row("x1", 106, "Milk Brothers", -4_123, "category 3", "card 0")], suspects: ["x1"] },
  { kind: "new_vendor_large", rows: [row("x1", 110, "Prime Consulting", -487_316, "category 3")], suspects: ["x1"] },
  { kind: "price_step", rows: [], suspects: ["cloud10"] },
];

describe("what is planted is found, and its rows named", () => {
  test.each(planted)("$kind", ({ kind, rows, suspects }) => {
    const books = ordinary().map((one) => (kind === "price_step" && ["cloud10", "cloud11"].includes(one.id) ? { ...one, amountMinor: -6_900 } : one));
    const before = suspectsOf(findingsOf(ordinary()), kind);
    expect(before.filter((id) => suspects.includes(id))).toEqual([]);
    expect(suspectsOf(findingsOf([...books, ...rows]), kind)).toEqual(expect.arrayContaining([...suspects]));
  });

  test("a regular payment that stays out", () => {
    const found = findingsOf(ordinary().filter(({ id, day }) => id !== "rent11" && day < 355)).filter(({ kind }) => kind === "recurring_missing");
    expect(found).toMatchObject([{ amountMinor: 250_000, evidence: { facts: { counterparty: "House Owners", expectedOn: "2025-12-05", lastOn: "2025-11-05", period: "month" } } }]);
    expect(findingsOf(ordinary()).filter(({ kind }) => kind === "recurring_missing")).toEqual([]);
  });

  test("a payment on a weekend where there are none, and one at night", () => {
    const sunday = Array.from({ length: 20 }, (_, day) => 150 + day).find((day) => weekday(day) === 0) ?? 0;
    expect(suspectsOf(findingsOf([...ordinary(), row("x1", sunday, "Office Chairs", -6_731, "category 3")]), "off_hours")).toEqual(["x1"]);
  });

  test("a category far above its trend", () => {
    const more = Array.from({ length: 25 }, (_, number) => row(`x${number}`, workday(338 + (number % 20)), "Fuel One", -5_900 - 37 * number, "category 2"));
    const found = findingsOf([...ordinary(), ...more]).filter(({ kind }) => kind === "category_pace");
    expect(found.map(({ evidence }) => evidence.facts)).toEqual([expect.objectContaining({ category: "category 2", month: "2025-12" })]);
  });

  test("a category that has a large month now and then is nothing new when it has another", () => {
    const large = (key: string, day: number, times: number) => Array.from({ length: 25 }, (_, number) => row(`${key}${number}`, workday(day + (number % 20)), "Fuel One", -Math.round(times * (5_900 + 37 * number)), "category 2"));
    const found = findingsOf([...ordinary(), ...large("a", 95, 1), ...large("b", 217, 1), ...large("x", 338, 1.1)]);
    expect(found.filter(({ kind }) => kind === "category_pace")).toEqual([]);
  });

  test("first digits that no books of this size have", () => {
    const random = seededRandom(8);
    const invented = Array.from({ length: 2_000 }, (_, number) => row(`x${number}`, workday(random.below(360)), `Party ${number % 50}`, -(5 + random.below(5)) * 10 ** (2 + random.below(4)), "category 0"));
    expect(findingsOf(invented).filter(({ kind }) => kind === "benford")).toHaveLength(1);
  });
});

test("an amount unlike its category, at a counterparty seen once before", () => {
  const found = findingsOf([...ordinary(), row("y1", 20, "Corner Shop", -5_120, "category 2"), row("x1", 120, "Corner Shop", -731_377, "category 2")]);
  expect(found.filter(({ evidence }) => evidence.rows.some(({ transactionId }) => transactionId === "x1"))).toMatchObject([{ kind: "amount_unlike_category" }]);
});

test("rows without a counterparty are not payments to one", () => {
  const nameless = Array.from({ length: 60 }, (_, number) => row(`x${number}`, workday(number * 5), "", -1_000 * (1 + (number % 3)), ""));
  expect(findingsOf([...ordinary(), ...nameless]).filter(({ evidence }) => evidence.rows.some(({ transactionId }) => transactionId.startsWith("x")))).toEqual([]);
});

test("empty and tiny books give nothing", () => {
  expect(findingsOf([])).toEqual([]);
  expect(findingsOf([row("x1", 3, "Milk Brothers", -1, "c")])).toEqual([]);
});
