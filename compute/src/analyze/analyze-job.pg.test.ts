import { openPostgres } from "@saldo/client-core/store/postgres";
import { addMonths, analysisWords, dashboardReport, finding, firstDay, forecastReport, idOfFinding, storedRecommendation } from "@saldo/schema";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startDesk } from "../ai/testing/desk-on-wires.ts";
import type { WireAnswer, WireRequest } from "../ai/testing/model-wire.ts";
import { jobHandlers } from "../jobs/handlers.ts";
import { runHere } from "../jobs/job-work.ts";
import { runEntry } from "../jobs/run-job.ts";
import { analyzeJob } from "./analyze-job.ts";
import { addBooks, addTransaction, addWorkspace, createServerDatabase, jobState, requestJob, testNowMs, type ServerDatabase } from "../testing/books.ts";

const parameters = { title: "Апрель", period: "last_complete", horizonMonths: 6 };
let server: ServerDatabase;
beforeEach(async () => {
  server = await createServerDatabase();
  await addWorkspace(server.pool, "w1");
  await addBooks(server.pool, "w1");
  for (const id of ["twice-1", "twice-2"]) {
    await addTransaction(server.pool, "w1", id, { postedOn: "2026-03-12", amountMinor: -123_456_789, counterpartyName: "ООО Вектор" });
  }
});
afterEach(() => server.drop());

const rowsOf = async (table: string) => (await server.pool.query<Record<string, string>>(`select *, xmin::text as written_by from "${table}" where "workspace_id" = 'w1' order by "id"`)).rows;

async function analyze(jobId: string): Promise<void> {
  await requestJob(server.pool, "w1", jobId, { kind: "analyze_report", parameters });
  const runner = runHere(jobHandlers, openPostgres(server.pool));
  const entry = { workspaceId: "w1", jobId, attempt: 1, kind: "analyze_report" };
  expect(await runEntry({ pool: server.pool, runner, nowMs: () => testNowMs, log: pino({ level: "silent" }) }, entry, false)).toEqual({ outcome: "settled" });
  expect(await jobState(server.pool, jobId)).toMatchObject({ status: "done", progressPermille: 1000 });
}

it("keeps a report with its results and the findings of the books", async () => {
  await analyze("j1");
  expect(await rowsOf("report")).toMatchObject([{ id: "j1", title: "Апрель", created_by: null }]);
  const results = await rowsOf("report_result");
  expect(results.map(({ kind, report_id, job_id }) => ({ kind, report_id, job_id })).toSorted((a, b) => (String(a.kind) < String(b.kind) ? -1 : 1))).toMatchObject([
    { kind: "dashboard", report_id: "j1", job_id: "j1" },
    { kind: "forecast", report_id: "j1", job_id: "j1" },
    { kind: "recommendations", report_id: "j1", job_id: "j1" },
  ]);
  const resultOf = (kind: string) => JSON.parse(results.find((row) => row["kind"] === kind)?.["result"] ?? "null");
  expect(dashboardReport.parse(resultOf("dashboard")).period).toMatchObject({ from: "2026-03-01", to: "2026-03-31" });
  expect(forecastReport.parse(resultOf("forecast"))).toMatchObject({ outcome: "ok", asOfMonth: "2026-03", horizonMonths: 6 });
  const [found] = await rowsOf("finding");
  expect(found).toMatchObject({ kind: "duplicate_exact", status: "open", amount_minor: "123456789", currency: "RUB" });
  expect(found?.["id"]).toBe(idOfFinding(found?.["stable_key"] ?? ""));
  expect(finding.shape.evidence.parse(JSON.parse(found?.["evidence"] ?? "null")).rows.map((row) => row.transactionId)).toEqual(["twice-1", "twice-2"]);
});

it("writes no row of a finding that says the same as before, and takes away open ones that are found no more", async () => {
  await analyze("j1");
  const before = await rowsOf("finding");
  await analyze("j2");
  expect(await rowsOf("finding")).toEqual(before);
  await server.pool.query(`delete from "transaction" where "id" = 'twice-2'`);
  await analyze("j3");
  expect(await rowsOf("finding")).toEqual([]);
});

it("leaves findings as people judged them", async () => {
  await analyze("j1");
  await server.pool.query(`update "finding" set "status" = 'expected'`);
  const judged = await rowsOf("finding");
  await analyze("j2");
  await server.pool.query(`delete from "transaction" where "id" = 'twice-2'`);
  await analyze("j3");
  expect(await rowsOf("finding")).toEqual(judged);
});

it("keeps advice as rows, as it was decided on where somebody has", async () => {
  for (let index = 0; index < 24; index++) {
    const month = addMonths("2024-04", index);
    await addTransaction(server.pool, "w1", `rent-${index}`, { postedOn: firstDay(month), amountMinor: index < 18 ? -4_000_000 : -6_000_000, counterpartyName: "ООО Аренда" });
  }
  await analyze("j1");
  const given = await rowsOf("recommendation");
  expect(given.map(({ code, status, report_id }) => ({ code, status, report_id }))).toContainEqual({ code: "renegotiate_vendor", status: "open", report_id: "j1" });
  for (const row of given) expect(storedRecommendation.parse(JSON.parse(row["parameters"] ?? "null"))).toMatchObject({ decidedAt: null, item: { key: row["stable_key"] } });
  await analyze("j2");
  expect(await rowsOf("recommendation")).toEqual(given);
  await server.pool.query(`update "recommendation" set "status" = 'done', "parameters" = replace("parameters", '"decidedAt":null', '"decidedAt":"2026-04-15T10:00:00.000Z"') where "code" = 'renegotiate_vendor'`);
  const decided = (await rowsOf("recommendation")).filter(({ code }) => code === "renegotiate_vendor");
  await server.pool.query(`delete from "transaction" where "counterparty_name" = 'ООО Аренда'`);
  await analyze("j3");
  expect((await rowsOf("recommendation")).filter(({ code }) => code === "renegotiate_vendor")).toEqual(decided);
});

it("asks models where there is a key, and keeps the rules' advice whatever they do", async () => {
  const wires = await startDesk({ pool: server.pool, answers: { openai: () => ({ kind: "status", status: 500 }), anthropic: () => ({ kind: "text", text: "no JSON" }) } });
  try {
    const task = { kind: "analyze_report", workspaceId: "w1", jobId: "j1", parameters, nowMs: testNowMs } as const;
    const parts = { database: openPostgres(server.pool), clockMs: () => testNowMs, inPlace: <Result>(compute: () => Promise<Result>) => compute(), computed: () => undefined, signal: new AbortController().signal, progress: () => Promise.resolve() };
    const alone = await analyzeJob({ ...task, ...parts, desk: null });
    const told: number[] = [];
    const progress = (permille: number) => Promise.resolve(void told.push(permille));
    expect(await analyzeJob({ ...task, ...parts, desk: wires.desk, progress })).toEqual(alone);
    expect([wires.wires.openai?.requests.length, wires.wires.anthropic?.requests.length]).not.toContain(0);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  } finally {
    await wires.close();
  }
});

it("keeps what models put into words beside the report, with texts of rows only where the company allows names", async () => {
  for (const [id, name, kind] of [["c-office", "Офис", "expense"], ["c-sales", "Продажи", "income"]]) {
    await server.pool.query(`insert into "category" ("id", "workspace_id", "name", "kind", "slot", "archived", "created_at") values ($1, 'w1', $2, $3, 0, false, '2024-01-01T00:00:00.000Z')`, [id, name, kind]);
  }
  const answers = ({ instructions }: WireRequest): WireAnswer => {
    if (instructions.includes("warnings")) return { kind: "json", value: { titles: [{ finding: 1, title: "[v1] мог получить эту сумму и раньше." }] } };
    if (instructions.includes("bank rows")) return { kind: "json", value: { placements: [{ text: 1, category: "c1" }, { text: 2, category: "c1" }] } };
    if (instructions.includes("explain")) return { kind: "json", value: { sentences: ["[c1] изменились сильнее всего.", "Сумма 12 345 ₽ не наша."] } };
    return { kind: "json", value: { proposals: [] } };
  };
  const wires = await startDesk({ pool: server.pool, answers: { openai: answers } });
  try {
    const wordsOf = async (jobId: string) => {
      const task = { kind: "analyze_report", workspaceId: "w1", jobId, parameters, nowMs: testNowMs, database: openPostgres(server.pool), clockMs: () => testNowMs, desk: wires.desk } as const;
      const { results } = await analyzeJob({ ...task, inPlace: (compute) => compute(), computed: () => undefined, signal: new AbortController().signal, progress: () => Promise.resolve() });
      return analysisWords.parse(results.find(({ kind }) => kind === "words")?.result);
    };
    const words = await wordsOf("j1");
    expect(words).toMatchObject({ locale: "ru", currency: "RUB", suggestions: [] });
    expect(words.findings).toMatchObject([{ title: "«ООО Вектор» мог получить эту сумму и раньше." }]);
    expect(words.changes).toContainEqual(expect.objectContaining({ figure: { side: "expenses" }, sentences: ["«Расходы» изменились сильнее всего."] }));
    for (const { body } of wires.wires.openai?.requests ?? []) expect(body).not.toContain("Вектор");
    await server.pool.query(`update "workspace" set "ai_names" = true`);
    expect((await wordsOf("j2")).suggestions).toContainEqual({ rowId: "twice-1", categoryId: "c-office", check: "unchecked" });
  } finally {
    await wires.close();
  }
});
