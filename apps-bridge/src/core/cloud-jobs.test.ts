import { systemEnvironment } from "@saldo/client-core/books";
import { insertTableRows } from "@saldo/client-core/store";
import { analysisWords, chartCategoryId, type AnalysisWords, type JsonValue } from "@saldo/schema";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../bridge/client.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { ParamsIn, ValueOut, WatchName } from "../bridge/methods.ts";
import type { Core } from "./core.ts";
import { resumedCore, screenOf, testWorkspace } from "./testing.ts";

const now = "2026-11-03T10:00:00.000Z";
const rent = chartCategoryId("rent", "ru");
const goods = chartCategoryId("goods", "ru");
let core: Core;
let screen: BridgeClient<SaldoMethods>;

beforeEach(async () => {
  core = await resumedCore({ ...systemEnvironment(), nowMs: () => Date.parse(now) });
  const { books } = core.opened();
  await books.record("category.addChart", { locale: "ru", createdAt: books.nowInstant() });
  screen = screenOf(core);
});
afterEach(async () => {
  screen.close();
  await core.close();
});

/** The next value of a live query that fits. */
function next<K extends WatchName<SaldoMethods>>(name: K, params: ParamsIn<SaldoMethods[K]>, fits: (value: ValueOut<SaldoMethods[K]>) => boolean = () => true): Promise<ValueOut<SaldoMethods[K]>> {
  return new Promise((resolve, reject) => {
    const stop = screen.watch(name, params, { next: (value) => fits(value) && (stop(), resolve(value)), failed: reject });
  });
}

/** Two months of rent that rises, an invoice paid twice, and a purchase of somebody nobody knows. */
async function importStatement(): Promise<void> {
  const lines = ["Дата;Контрагент;Назначение;Категория;Приход;Расход"];
  for (const [month, amount] of [["09", 40_000], ["10", 52_000]]) {
    lines.push(`05.${month}.2026;ООО «Дом»;Аренда;Аренда;;${amount},00`, `28.${month}.2026;Эквайринг;Возмещение;Выручка;200 000,00;`);
    for (let day = 1; day <= 27; day++) lines.push(`${String(day).padStart(2, "0")}.${month}.2026;ООО «Молоко»;Накладная ${day};Товары и закупки;;${3_000 + day * 37},${10 + day}`);
  }
  for (const number of [1, 2]) lines.push(`16.10.2026;ООО «Ремонт»;Счёт 71, платёж ${number};Ремонт;;48 317,55`);
  lines.push("31.10.2026;Zzyq Ltd;Qwrt 7;;;1 200,00");
  const { previewId } = await screen.call("import.preview", { fileName: "vypiska.csv", bytes: new TextEncoder().encode(lines.join("\r\n")) });
  await screen.call("import.commit", { previewId });
}

/** Results of the cloud, as they arrive with sync. */
async function arrive(jobId: string, results: Readonly<Record<string, JsonValue>>): Promise<void> {
  const rows = Object.entries(results).map(([kind, result]) => ({
    id: `${jobId}-${kind}`,
    workspaceId: testWorkspace.id,
    reportId: jobId,
    jobId,
    kind: kind === "words" ? ("words" as const) : ("recommendations" as const),
    version: 1,
    computedBy: "cloud" as const,
    computedAt: now,
    result,
  }));
  await core.opened().books.database.transaction((tx) => insertTableRows(tx, "report_result", rows, "fail"));
}

test("an analysis is asked for without a network, stopped, and asked for again", async () => {
  expect(await next("analysis.watch", {})).toEqual({ request: null, latest: null });
  const { jobId } = await screen.call("analysis.request", { title: "Анализ" });
  const asked = await next("analysis.watch", {}, ({ request }) => request !== null);
  expect(asked.request).toMatchObject({ jobId, state: "waiting", progressPermille: 0, requestedAt: now });
  await screen.call("cloud.cancel", { jobId });
  await next("analysis.watch", {}, ({ request }) => request?.state === "cancelled");
  await screen.call("cloud.retry", { jobId });
  await next("analysis.watch", {}, ({ request }) => request?.state === "waiting");
  const forecast = await screen.call("forecast.request", { horizonMonths: 6 });
  expect((await next("forecast.watch", {}, ({ request }) => request !== null)).request).toMatchObject({ jobId: forecast.jobId, state: "waiting" });
});

test("names stay here until somebody lets them go", async () => {
  expect(await next("company.watch", {})).toEqual({ aiNames: false, mayManage: true });
  await screen.call("company.setAiNames", { aiNames: true });
  expect(await next("company.watch", {}, ({ aiNames }) => aiNames)).toEqual({ aiNames: true, mayManage: true });
});

test("what models said stands beside findings, rows to review and changes, for as long as what they spoke of is the same", async () => {
  await importStatement();
  const { report } = await next("recommendations.watch", {}, (view) => view.report.dataThrough !== null);
  const found = (await next("findings.watch", {}, ({ open }) => open.some(({ finding }) => finding.kind === "duplicate_exact"))).open.find(({ finding }) => finding.kind === "duplicate_exact")?.finding;
  const review = await screen.call("review.list", {});
  const stranger = review.groups.find(({ name }) => name === "Zzyq Ltd");
  expect(stranger).toMatchObject({ fromModels: null });
  const why = await screen.call("detail.why", { figure: { side: "expenses" } });
  if (found === undefined || why === null) throw new Error("there is nothing to speak of");
  expect(why).toMatchObject({ currency: "RUB", inWords: null, parts: [{ name: "Ремонт", beforeMinor: 0, nowMinor: 9_663_510 }, { name: "Помещения" }, { name: null, nowMinor: 120_000 }] });
  const { figure, now: days, before, nowMinor, beforeMinor } = why;
  const words: AnalysisWords = {
    version: 1,
    locale: "ru",
    currency: "RUB",
    findings: [{ stableKey: found.stableKey, facts: found.evidence.facts, title: "Счёт 71 могли оплатить дважды." }],
    suggestions: [{ rowId: stranger?.ids[0] ?? "", categoryId: goods, check: "agreed" }],
    changes: [{ figure, now: days, before, nowMinor, beforeMinor, sentences: ["Больше всего добавил «Ремонт»."] }],
  };
  await arrive("j1", { recommendations: report, words: analysisWords.parse(words) });
  expect((await next("analysis.watch", {})).latest).toEqual({ computedAt: now, advice: 0, findings: 1, suggestions: 1, changes: 1 });
  const told = await next("findings.watch", {}, ({ open }) => open.some(({ inWords }) => inWords !== null));
  expect(told.open.find(({ finding }) => finding.stableKey === found.stableKey)?.inWords).toEqual({ text: "Счёт 71 могли оплатить дважды.", locale: "ru" });
  expect((await screen.call("review.list", {})).groups.find(({ name }) => name === "Zzyq Ltd")?.fromModels).toEqual({ categoryId: goods, check: "agreed" });
  expect((await screen.call("detail.why", { figure: { side: "expenses" } }))?.inWords).toEqual({ sentences: ["Больше всего добавил «Ремонт»."], locale: "ru" });
  expect((await screen.call("detail.why", { figure: { side: "expenses", categoryId: rent } }))?.inWords).toBeNull();
  await screen.call("review.accept", { choices: [{ ids: stranger?.ids ?? [], categoryId: goods }] });
  expect((await screen.call("detail.why", { figure: { side: "expenses" } }))?.inWords).toMatchObject({ locale: "ru" });
  const { previewId } = await screen.call("import.preview", { fileName: "more.csv", bytes: new TextEncoder().encode("Дата;Контрагент;Назначение;Сумма\n30.10.2026;ООО «Дом»;Вода;-500,00\n") });
  await screen.call("import.commit", { previewId });
  expect((await screen.call("detail.why", { figure: { side: "expenses" } }))?.inWords).toBeNull();
});
