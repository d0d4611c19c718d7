import { minor, mutations, recommendationsReport, searchTextOf, type FigureRows, type MutationArgs, type Row } from "@saldo/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { recordMutation } from "../mutations/index.ts";
import { totalTransactions } from "../reports/index.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { insertTableRows, openStore, type LocalDatabase } from "../store/index.ts";
import { advise } from "./advise.ts";
import { booksOf, dayOfMonth, generatedCategories, healthyPostings, lastMonths, type Posting } from "./generated-ledger.ts";
import { adviseWorkspace, withDecisions } from "./workspace-advice.ts";

const workspaceId = "w";
const today = "2026-11-03";
const now = "2026-11-03T10:00:00.000Z";
const createdAt = "2024-08-01T00:00:00.000Z";
const context = { workspaceId, userId: "u", recordedAt: now };

/** A company with much to do: a raised rent, a client behind half of the revenue, penalties, a doubled service, dearer advertising. */
function busyPostings(): Posting[] {
  const healthy = healthyPostings(7).map((posting) => {
    if (posting.category === "Аренда" && posting.on >= "2026-07") return { ...posting, amountMinor: posting.amountMinor * 1.2 };
    return posting.category === "Реклама" && posting.on >= "2026-08" ? { ...posting, amountMinor: posting.amountMinor * 2.5 } : posting;
  });
  const months = lastMonths(12);
  const service = healthy.filter(({ party, on }) => party === "Yandex Cloud" && on >= "2026-08").map((posting) => ({ ...posting, on: dayOfMonth(posting.on.slice(0, 7), 23) }));
  const client = months.map((month): Posting => ({ on: dayOfMonth(month, 16), amountMinor: 900_000_000, party: "ПАО «Главный»", category: "Продажи" }));
  const penalties = months.slice(-4).map((month): Posting => ({ on: dayOfMonth(month, 20), amountMinor: -900_000, party: "ФНС России", category: "Комиссии банка", description: "Пени за просрочку" }));
  return [...healthy, ...service, ...client, ...penalties];
}

const books = booksOf(busyPostings());

async function filled(database: LocalDatabase): Promise<LocalDatabase> {
  const own = { workspaceId, createdAt };
  const account: Row<"account"> = { ...own, id: "a", name: "Счёт", currency: "RUB", number: null, balanceMinor: null, balanceAsOf: null, archived: false };
  const row = { ...own, accountId: "a", importId: null, importLine: null, categorySource: "file", parentId: null, isSplit: false, bankId: null, counterpartyAccount: null, kindSource: "file", transferId: null, vatMinor: null, isDistinct: false, note: null } as const;
  await database.transaction(async (transaction) => {
    await insertTableRows(transaction, "workspace", [{ id: workspaceId, name: "Фирма", currency: "RUB", locale: "ru", plan: "trial", aiNames: true, createdAt }], "fail");
    await insertTableRows(transaction, "account", [account], "fail");
    await insertTableRows(transaction, "category", generatedCategories.map(({ id, name, kind }, slot) => ({ ...own, id, name, kind, parentId: null, slot: slot % 9, archived: false, mergedIntoId: null, activity: "operating" as const })), "fail");
    const rows = books.rows.map((one): Row<"transaction"> => ({ ...row, ...one, searchText: searchTextOf(one.description, one.counterpartyName) }));
    // Own transfers and split parents are none of it.
    const apart = { ...row, postedOn: "2026-10-05", currency: "RUB", description: "", counterpartyName: "Свой счёт", counterpartyId: null, counterpartyTaxId: null, categoryId: null, searchText: "" };
    rows.push({ ...apart, id: "t", amountMinor: minor(-999_999_999), kind: "transfer" }, { ...apart, id: "s", amountMinor: minor(-999_999_999), kind: "ordinary", isSplit: true });
    await insertTableRows(transaction, "transaction", rows, "fail");
  });
  return database;
}

describe.each([
  ["SQLite", async () => openBetterSqlite3({ path: ":memory:" })],
  ["PGlite", async () => openPglite(await emptyPglite())],
])("advice from a store on %s", (_name, open) => {
  let database: LocalDatabase;
  beforeAll(async () => {
    database = await filled(await openStore(await open()));
  });
  afterAll(() => database.close());
  const adviceNow = () => database.snapshot((reader) => adviseWorkspace(reader, { workspaceId, today }));
  const standing = async (at = now) => {
    const advice = await adviceNow();
    return database.snapshot((reader) => withDecisions(reader, workspaceId, advice, at));
  };
  const decide = async (key: string, decision: MutationArgs<"recommendation.decide">["decision"], decidedAt = now) => {
    const { report } = await adviceNow();
    const item = report.items.find((one) => one.key === key);
    if (item === undefined) throw new Error("no such advice");
    await recordMutation(database, "recommendation.decide", mutations["recommendation.decide"].args.parse({ item, currency: report.currency, decision, decidedAt }), context);
  };

  it("is the advice of the same rows in memory", async () => {
    const { report } = await adviceNow();
    expect(recommendationsReport.parse(report)).toEqual(advise(books));
    expect(report.items.map(({ code }) => code).toSorted()).toEqual(["avoid_penalties", "cancel_duplicate", "reduce_category", "renegotiate_vendor", "widen_clients"]);
  });

  it("leads from each figure to rows that add up to it", async () => {
    const { report } = await adviceNow();
    const figures = report.items.flatMap((item) => item.figures);
    expect(figures.filter(({ rows }) => rows !== null).length).toBeGreaterThan(8);
    for (const { value, rows } of figures) {
      if (rows === null) continue;
      expect(value).toBe(Math.round(rows.totalMinor / rows.dividedBy));
      expect(await sumBehind(database, rows, report.currency)).toEqual({ totalMinor: rows.totalMinor, count: rows.count });
    }
  });

  it("does not come back when it was not relevant, and does when its sleep is over", async () => {
    const [rent] = (await standing()).filter(({ item }) => item.code === "renegotiate_vendor");
    const [fee] = (await standing()).filter(({ item }) => item.code === "avoid_penalties");
    if (rent === undefined || fee === undefined) throw new Error("no advice");
    await decide(rent.item.key, { status: "not_relevant" });
    await decide(fee.item.key, { status: "snoozed", snoozedUntil: "2026-12-01T00:00:00.000Z" });
    const statusOf = async (key: string, at?: string) => (await standing(at)).filter(({ item }) => item.key === key).map(({ status }) => status);
    expect(await statusOf(rent.item.key)).toEqual(["not_relevant"]);
    expect(await statusOf(fee.item.key)).toEqual(["snoozed"]);
    expect(await statusOf(fee.item.key, "2026-12-01T00:00:00.000Z")).toEqual(["open"]);
    expect(await statusOf(rent.item.key, "2028-12-01T00:00:00.000Z")).toEqual(["not_relevant"]);
    await decide(rent.item.key, { status: "open" });
    expect(await statusOf(rent.item.key)).toEqual(["open"]);
  });

  it("is measured by the months after it was done, and open again when it is true much later", async () => {
    const [rent] = (await standing()).filter(({ item }) => item.code === "renegotiate_vendor");
    if (rent === undefined) throw new Error("no advice");
    // Decided in July, when the rent rose; in the months after it stayed, so nothing came of it.
    await decide(rent.item.key, { status: "done" }, "2026-07-20T10:00:00.000Z");
    const found = async (at: string) => (await standing(at)).find(({ item }) => item.key === rent.item.key);
    expect((await found("2026-11-03T10:00:00.000Z"))?.measured).toEqual({ from: "2026-08-01", to: "2026-10-31", per: "month", amountMinor: 0 });
    expect((await found("2026-11-30T10:00:00.000Z"))?.status).toBe("open");
  });

  it("has what the cloud's models add, for sixty days", async () => {
    const { report } = await adviceNow();
    const [first] = report.items;
    if (first === undefined) throw new Error("no advice");
    const item = { ...first, key: "reduce_category/of a model", source: "model" as const };
    const result: Row<"report_result"> = { id: "r", workspaceId, reportId: null, jobId: "j", kind: "recommendations", version: 1, computedBy: "cloud", computedAt: "2026-11-01T00:00:00.000Z", result: z.json().parse({ ...report, items: [...report.items, item] }) };
    await database.transaction((transaction) => insertTableRows(transaction, "report_result", [result], "fail"));
    const ofModel = async (at: string) => (await standing(at)).filter(({ item: { key } }) => key === item.key).map(({ status }) => status);
    expect(await ofModel("2026-11-03T10:00:00.000Z")).toEqual(["open"]);
    expect(await ofModel("2027-02-01T10:00:00.000Z")).toEqual([]);
    expect(new Set((await standing()).map(({ item: { key } }) => key)).size).toBe((await standing()).length);
  });

  it("of an earlier day knows nothing of later rows", async () => {
    const { report } = await database.snapshot((reader) => adviseWorkspace(reader, { workspaceId, today, through: "2026-06-30" }));
    expect(report.months?.last).toBe("2026-06");
    expect(report.items.filter(({ code }) => code === "renegotiate_vendor")).toEqual([]);
  });
});

async function sumBehind(database: LocalDatabase, { from, to, direction, categoryId, counterpartyNames, ids }: FigureRows, currency: string): Promise<{ totalMinor: number; count: number }> {
  const narrowing = { ...(direction === undefined ? {} : { direction }), ...(categoryId === undefined ? {} : { categoryId }), ...(counterpartyNames === undefined ? {} : { counterpartyNames }), ...(ids === undefined ? {} : { ids }) };
  const { count, totals } = await totalTransactions(database, { workspaceId, currency, from, to, excludeTransfers: true, ...narrowing });
  return { totalMinor: Math.abs((totals[0]?.inMinor ?? 0) - (totals[0]?.outMinor ?? 0)), count };
}
