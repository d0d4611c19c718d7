import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { inferSchema, initParser } from "udsv";
import { afterAll, beforeAll, expect, it, onTestFailed } from "vitest";
import { z } from "zod";
import { freePort } from "../process/free-port.ts";
import { launchDevice, stepMsMax } from "../testing/browser.ts";

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const realFile = path.join(repository, "..", "shared", "data", "statements", "OxOpenData__expenditure-over-500", "expenditure-over-500-oct-dec-2014.csv");
const isReal = existsSync(realFile);
const password = "correct horse battery";
const email = "owner@example.test";

/** One step of the line on a slow machine, and the whole of it. */
const lineTimeoutMs = 900_000;

let folder: string;
let port: number;
let saldo: ChildProcess | undefined;
let context: BrowserContext;

/** Starts everything as `npm start` does, once built: Postgres, relay, worker and web app, with no language set. */
async function startSaldo(): Promise<void> {
  const { LANG: _lang, LC_ALL: _all, ...environment } = process.env;
  const program = spawn(process.execPath, ["deploy/dist/local.mjs", "--port", String(port), "--data", path.join(folder, "data")], { cwd: repository, env: environment });
  saldo = program;
  let said = "";
  program.stderr.on("data", (piece) => (said += String(piece)));
  for await (const piece of program.stdout) {
    said += String(piece);
    if (said.includes("Saldo is ready")) return;
  }
  throw new Error(`Saldo did not start: ${said}`);
}

async function stopSaldo(): Promise<void> {
  const stopping = saldo;
  saldo = undefined;
  if (stopping === undefined || stopping.exitCode !== null) return;
  stopping.kill("SIGTERM");
  await once(stopping, "exit");
}

async function cli(...parameters: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(repository, "apps-bridge", "dist", "saldo.mjs"), ...parameters, "--json"], {
    env: { ...process.env, SALDO_PASSWORD: password },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "saldo-line-"));
  chmodSync(folder, 0o711); // root's Postgres runs under another account
  port = await freePort();
  await startSaldo();
  context = await launchDevice(path.join(folder, "browser"));
});

afterAll(async () => {
  await context?.close();
  await stopSaldo();
  rmSync(folder, { recursive: true, force: true });
});

/** A year and a half of a small shop, made up: what the line is tried on where the real file is absent, and what the forecast needs. */
function shopCsv(): string {
  const months = Array.from({ length: 18 }, (_, index) => `${2025 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`);
  const rows = months.flatMap((month, index) => [
    `${month}-05,Card sales,Acquirer,Sales,${5000 + index * 40}.50`,
    `${month}-15,Rent,"Larin, P.",Rent,-1500.00`,
    `${month}-28,Wages,Register,Payroll,-${2200 + (index % 3) * 100}.25`,
  ]);
  return ["date,description,counterparty,category,amount", ...rows].join("\n");
}

/** Sums of a file, in minor units, counted by another parser than ours. All-positive lists of payments are expenses. */
function countedApart(text: string): { rows: number; inMinor: number; outMinor: number } {
  const schema = inferSchema(text);
  const column = schema.cols.findIndex(({ name }) => name === "amount");
  const rows: readonly (readonly string[])[] = initParser(schema).stringArrs(text);
  const amounts = rows.map((row) => Math.round(Number(row[column]) * 100));
  const plus = amounts.filter((amount) => amount > 0).reduce((sum, amount) => sum + amount, 0);
  const minus = -amounts.filter((amount) => amount < 0).reduce((sum, amount) => sum + amount, 0);
  return isReal ? { rows: rows.length, inMinor: minus, outMinor: plus } : { rows: rows.length, inMinor: plus, outMinor: minus };
}

function pounds(minorUnits: number): string {
  return `£${(minorUnits / 100).toLocaleString("en-GB", { minimumFractionDigits: 2 })}`;
}

/** Drops a file on the page, as a person does. */
async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, body]) => {
      const data = new DataTransfer();
      data.items.add(new File([body], fileName, { type: "text/csv" }));
      return data;
    },
    [name, text] as const,
  );
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", event, { dataTransfer: transfer });
}

async function importByDrop(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole("link", { name: "Import" }).first().click();
  await dropFile(page, name, text);
  await page.getByRole("button", { name: /^Add [\d,]+ rows/ }).click();
  await page.getByText(/rows are in your books/).first().waitFor();
}

async function untilStatus(page: Page, text: RegExp): Promise<void> {
  await page.locator('[role="status"]', { hasText: text }).first().waitFor();
}

const transactions = z.object({
  totalCount: z.number(),
  totals: z.array(z.object({ currency: z.string(), inMinor: z.number(), outMinor: z.number() })),
  rows: z.array(z.object({ id: z.string(), category: z.string().nullable(), categorySource: z.string() })),
});
const forecast = z.object({ computedBy: z.string(), report: z.object({ outcome: z.string() }) });

const origin = isReal ? "a real council's payments" : "a made-up shop (../shared/data is absent)";

it(`takes ${origin} from a drop to the same figures on two devices, through a time offline, with a forecast of the cloud`, async () => {
  const url = `http://localhost:${port}/`;
  const text = isReal ? readFileSync(realFile, "utf8") : shopCsv();
  const counted = countedApart(text);
  const page = await context.newPage();
  onTestFailed(() => page.screenshot({ path: path.join(repository, "deploy", "dist", "line.failed.png") }).then(() => undefined));
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));

  await page.goto(url);
  await page.locator("[name=company]").fill("Northern Coffee");
  await page.locator("[name=currency]").selectOption("GBP");
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByText("Drop a bank statement to begin").waitFor();
  await importByDrop(page, "payments.csv", text);
  await untilStatus(page, /On this device and in the cloud/);

  // The foot of the list is the file's own totals, and the overview shows the books.
  await page.getByRole("link", { name: "Transactions" }).first().click();
  await page.getByText(`${counted.rows.toLocaleString("en")} transactions`).first().waitFor();
  const foot = await page.locator("main").innerText();
  expect(foot).toContain(pounds(counted.inMinor));
  expect(foot).toContain(pounds(counted.outMinor));
  await page.getByRole("link", { name: "Overview" }).first().click();
  await page.getByText("Cash now").waitFor();

  // A figure of every part of the detail report leads to rows that add up to it.
  await page.getByRole("link", { name: "Detail" }).first().click();
  await page.getByRole("heading", { name: /^Month × category|^Expenses by category/ }).first().waitFor();
  const parts = await page.locator("main section, main .page-head").evaluateAll((found) =>
    found.flatMap((part) => [...part.querySelectorAll('a[href*="adds="]')].find((link) => link instanceof HTMLElement && link.offsetParent !== null)?.getAttribute("href") ?? []),
  );
  expect(parts.length).toBeGreaterThanOrEqual(4);
  for (const href of parts) {
    // Bars of the bridge lead to the same rows: lines of tables are easier to hit.
    await page.locator(`:is(table, .page-head) a[href=${JSON.stringify(href)}]:visible`).first().click();
    await page.getByText("Adds up", { exact: true }).waitFor();
    await page.goBack();
  }

  // Another tab shares the core of the first.
  const second = await context.newPage();
  await second.goto(url);
  await second.getByText("Cash now").waitFor();
  await second.close();

  // No server at all: the page comes back with its figures, and an edit is kept.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await stopSaldo();
  await page.goto(`${url}transactions`);
  await page.getByText(`${counted.rows.toLocaleString("en")} transactions`).first().waitFor();
  const choice = page.locator('[role="row"] select').first();
  const wanted = await choice.locator("option").nth(3).innerText();
  await choice.selectOption({ label: wanted });
  await untilStatus(page, /1 change/);

  // Back online, a second device of another kind sees it.
  await startSaldo();
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await untilStatus(page, /On this device and in the cloud/);
  const store = path.join(folder, "store");
  const server = `http://localhost:${port}`;
  await cli("sync", "--store", store, "--server", server, "--email", email);
  const seen = transactions.parse(await cli("transactions", "--store", store, "--limit", "500"));
  expect(seen.totalCount).toBe(counted.rows);
  expect(seen.totals).toEqual([expect.objectContaining({ currency: "GBP", inMinor: counted.inMinor, outMinor: counted.outMinor })]);
  expect(seen.rows.filter((row) => row.categorySource === "person").map((row) => row.category)).toEqual([wanted]);

  // A year and a half more, and the cloud's forecast arrives on both.
  await importByDrop(page, "shop.csv", `${shopCsv()}\n`);
  await page.getByRole("link", { name: "Forecast" }).first().click();
  await page.getByRole("button", { name: "Request forecast" }).click();
  await page.getByText("the cloud", { exact: false }).first().waitFor();
  await expect.poll(async () => {
    await cli("sync", "--store", store, "--server", server, "--email", email);
    return forecast.parse(await cli("report", "forecast", "--store", store));
  }, { timeout: stepMsMax, interval: 1_000 }).toEqual(expect.objectContaining({ computedBy: "cloud", report: expect.objectContaining({ outcome: "ok" }) }));
  expect(faults).toEqual([]);
}, lineTimeoutMs);
