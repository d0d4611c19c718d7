import { seededIds, type Finding, type FindingVerdict } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, describe, expect, test } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { recordMutation } from "../mutations/index.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { readFileLedger } from "./file-ledger.ts";
import { findFindings } from "./find-findings.ts";
import { ledgerRecipes } from "./fitting/ledger-recipe.ts";
import { plantedLedger } from "./fitting/planted-ledger.ts";
import { qualityOfCounts } from "./judged.ts";
import { storeLedger } from "./testing.ts";
import { examineWorkspace, withVerdicts } from "./workspace-findings.ts";

const workspaceId = "w";
const [recipe] = ledgerRecipes(4_000, 1);
if (recipe === undefined) throw new RangeError("no recipe");
const { ledger, labels } = plantedLedger({ ...recipe, rows: 2_500, details: 0, plantedPermille: 2.5 });
const opened: LocalDatabase[] = [];
afterAll(async () => {
  for (const database of opened) await database.close();
});

async function books(database: LocalDatabase): Promise<LocalDatabase> {
  opened.push(await openStore(database));
  await storeLedger(database, workspaceId, ledger);
  return database;
}

const told = async (database: LocalDatabase) => withVerdicts(database, workspaceId, await examineWorkspace(database, workspaceId));

async function judge(database: LocalDatabase, findings: readonly Finding[], verdictOf: (finding: Finding) => FindingVerdict): Promise<void> {
  const ids = seededIds(findings.length, () => 1_767_225_600_000);
  const createdAt = "2026-01-01T00:00:00.000Z";
  for (const finding of findings) {
    const args = { finding, verdict: verdictOf(finding), comment: null, feedbackId: ids.next(), createdAt };
    await recordMutation(database, "finding.judge", args, { workspaceId, userId: "u", recordedAt: createdAt });
  }
}

test("SQLite and PGlite give the same findings", async () => {
  const sqlite = await told(await books(openBetterSqlite3({ path: ":memory:" })));
  const pglite = await told(await books(openPglite(await emptyPglite())));
  expect(sqlite.open.length).toBeGreaterThan(5);
  expect(pglite).toEqual(sqlite);
});

test("names with the signs that divide rows on their way from the database are read one by one", async () => {
  const database = await books(openBetterSqlite3({ path: ":memory:" }));
  const before = await told(database);
  await database.transaction((transaction) => transaction.execute(sql`update "transaction" set "counterparty_name" = ${"Two\u001fparts\u001ehere"} where "id" = ${ledger.ids[0] ?? ""}`, ["transaction"]));
  const after = await told(database);
  expect(after.rows).toBe(before.rows);
  expect(after.open.length).toBeGreaterThan(before.open.length / 2);
});

describe("verdicts change the next run", () => {
  test("a kind that was wrong again and again is told of less, and what was judged is not told again", async () => {
    const database = await books(openBetterSqlite3({ path: ":memory:" }));
    const first = await told(database);
    const counts = first.open.map(({ kind }) => ({ kind, count: first.open.filter((one) => one.kind === kind).length }));
    const kind = counts.toSorted((a, b) => b.count - a.count)[0]?.kind;
    const ofKind = first.open.filter((one) => one.kind === kind);
    const judged = ofKind.slice(0, Math.ceil(ofKind.length / 2));
    await judge(database, judged, () => "wrong");
    const next = await told(database);
    const keys = new Set(judged.map(({ stableKey }) => stableKey));
    expect(next.open.filter(({ stableKey }) => keys.has(stableKey))).toEqual([]);
    const scores = new Map(next.open.map(({ stableKey, scorePermille }) => [stableKey, scorePermille]));
    for (const { stableKey, scorePermille } of ofKind.slice(judged.length)) expect(scores.get(stableKey) ?? 0).toBeLessThan(scorePermille);
    expect(next.open.filter((one) => one.kind === kind).length).toBeLessThanOrEqual(ofKind.length - judged.length);
    expect(next.quality).toMatchObject({ precision: 0 });
  });
});

test("quality by the counts of rows, and nothing where there is nothing to divide by", () => {
  expect(qualityOfCounts(6, 2, 4, 88)).toEqual({ accuracy: 0.94, precision: 0.75, recall: 0.6, f1Score: 12 / 18, falsePositiveRate: 2 / 90 });
  expect(qualityOfCounts(0, 0, 0, 0)).toEqual({ accuracy: null, precision: null, recall: null, f1Score: null, falsePositiveRate: null });
});

test("a column of answers changes nothing, whatever it is called and says; the category and details are found by their cells", async () => {
  const head = ["booked", "supplier", "amount", "nominal", "team"];
  const rows = Array.from({ length: ledger.count }, (_, place) => {
    const day = new Date((ledger.day[place] ?? 0) * 86_400_000).toISOString().slice(0, 10);
    return [day, ledger.names[ledger.name[place] ?? 0] ?? "", String(-(ledger.amountMinor[place] ?? 0) / 100), ledger.categories[ledger.category[place] ?? 0] ?? "", `team ${place % 9}`];
  });
  const csv = (answer: string | null) =>
    new TextEncoder().encode([head, ...rows].map((cells, line) => [...cells, ...(answer === null ? [] : [line === 0 ? answer : labels.has(ledger.ids[line - 1] ?? "") ? "fraud" : ""])].join(",")).join("\n"));
  const plain = await readFileLedger(csv(null), { defaultCurrency: "GBP" });
  expect(plain).toMatchObject({ category: "nominal", details: ["team"], leftOut: [] });
  for (const answer of ["label", "is_fraud", "anomaly_type"]) {
    const labelled = await readFileLedger(csv(answer), { defaultCurrency: "GBP" });
    expect(labelled.leftOut).toEqual([answer]);
    expect(findFindings(labelled.ledger)).toEqual(findFindings(plain.ledger));
  }
});
