import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFailed } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { runSaldo, type RunningSaldo } from "./running-saldo.ts";

const password = "correct horse battery";
const stepTimeoutMs = 45_000;
const testTimeoutMs = 180_000;

let saldo: RunningSaldo;
let browser: Browser;
let device: BrowserContext;
let people = 0;

beforeAll(async () => {
  saldo = await runSaldo("leaving");
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await saldo?.close();
});
beforeEach(async () => {
  device = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  device.setDefaultTimeout(stepTimeoutMs);
});
afterEach(() => device.close());

const statement = ["date,description,category,amount", "2026-09-01,Card sales,Sales,100.00", "2026-09-02,Rent of the shop,Rent,-40.50", "2026-10-02,Rent of the shop,Rent,-40.50"].join("\n");

async function openTab(place = "/"): Promise<Page> {
  const page = await device.newPage();
  onTestFailed(() => page.screenshot({ path: path.join("deploy", "dist", "leaving.failed.png") }).then(() => undefined, () => undefined));
  await page.goto(saldo.url + place);
  return page;
}

async function signUp(page: Page): Promise<string> {
  const email = `person${(people += 1)}@example.test`;
  await page.locator("[name=company]").fill(`Company ${people}`);
  await page.locator("[name=currency]").selectOption("GBP");
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByText("Drop a bank statement to begin").waitFor();
  return email;
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
}

async function dropStatement(page: Page, text: string): Promise<void> {
  await page.getByRole("link", { name: "Import" }).first().click();
  const transfer = await page.evaluateHandle((body) => {
    const data = new DataTransfer();
    data.items.add(new File([body], "payments.csv", { type: "text/csv" }));
    return data;
  }, text);
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", event, { dataTransfer: transfer });
}

async function importStatement(page: Page): Promise<void> {
  await dropStatement(page, statement);
  await page.getByRole("button", { name: /^Add [\d,]+ rows/ }).click();
  await page.getByText(/rows are in your books/).first().waitFor();
}

const untilStatus = (page: Page, text: RegExp): Promise<void> => page.locator('[role="status"]', { hasText: text }).first().waitFor();

/** Gives the newest row, which is rent, another category. */
async function recategoriseFirst(page: Page): Promise<void> {
  await page.locator('[role="row"] select').first().selectOption({ label: "Sales" });
  await page.getByText(/1 row is now in/).waitFor();
}

/** Folders of databases in this browser; the empty one that is kept ready is not counted. */
const databases = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const records = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("saldo-device", 1);
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(new Error("no records")));
    });
    const spare = await new Promise<unknown>((resolve) => {
      const request = records.transaction("record").objectStore("record").get("spare");
      request.addEventListener("success", () => resolve(request.result));
    });
    records.close();
    const spareFolder = typeof spare === "object" && spare !== null && "folder" in spare ? spare.folder : "";
    const names: string[] = [];
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("saldo");
    for await (const name of root.keys()) if (name !== spareFolder) names.push(name);
    return names.length;
  });

it("signing out offline offers to export what was not sent, then leaves no books behind; they come back with a sign-in", async () => {
  const page = await openTab();
  const email = await signUp(page);
  await importStatement(page);
  await untilStatus(page, /On this device and in the cloud/);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await saldo.stop();
  await page.goto(`${saldo.url}/transactions`);
  await page.getByText("3 transactions").first().waitFor();
  await recategoriseFirst(page);
  await untilStatus(page, /1 change/);
  expect(await databases(page)).toBe(1);
  await page.getByRole("button", { name: /^Account and language/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "1 change is not sent yet" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export unsent changes" }).click()]);
  const file = path.join(saldo.folder, "unsent.json");
  await download.saveAs(file);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ format: "saldo-unsent-changes", changes: [{ mutation: "transaction.recategorise", arguments: {} }] });
  // Staying keeps everything.
  await page.getByRole("button", { name: "Stay" }).click();
  await page.getByText("3 transactions").first().waitFor();
  await page.getByRole("button", { name: /^Account and language/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out and delete" }).click();
  await page.locator("[name=password]").waitFor();
  await expect.poll(() => databases(page), { timeout: stepTimeoutMs }).toBe(0);
  await saldo.start();
  await page.reload();
  await signIn(page, email);
  await page.getByText("3 transactions").first().waitFor();
  await untilStatus(page, /On this device and in the cloud/);
}, testTimeoutMs);

it("who is taken out of a company sees so within seconds, with their unsent work kept for export", async () => {
  const page = await openTab();
  const email = await signUp(page);
  await importStatement(page);
  await untilStatus(page, /On this device and in the cloud/);
  await saldo.sql(`delete from "member" where "user_id" = (select "id" from "auth"."user" where "email" = $1)`, [email]);
  await page.getByText(/You no longer have access to “Company/).waitFor({ timeout: 15_000 });
  await page.locator("[name=password]").waitFor();
  await expect.poll(() => databases(page), { timeout: stepTimeoutMs }).toBe(0);
  await page.getByRole("button", { name: "Understood" }).click();
  await page.getByText(/You no longer have access/).waitFor({ state: "detached" });
}, testTimeoutMs);

it("where private files cannot be written at once, the books live in IndexedDB, are there after a reload, and leave it with a sign-out", async () => {
  await device.close();
  device = await browser.newContext({ serviceWorkers: "block" });
  device.setDefaultTimeout(stepTimeoutMs);
  await device.route("**/assets/worker.main-*.js", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `delete FileSystemFileHandle.prototype.createSyncAccessHandle;\n${await answer.text()}` });
  });
  const page = await openTab();
  await signUp(page);
  await importStatement(page);
  await untilStatus(page, /On this device and in the cloud/);
  const indexed = (): Promise<number> => page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name?.startsWith("/pglite/saldo-") === true).length);
  expect(await indexed()).toBe(1);
  await page.goto(`${saldo.url}/transactions`);
  await page.getByText("3 transactions").first().waitFor();
  await page.getByRole("button", { name: /^Account and language/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.locator("[name=password]").waitFor();
  await page.reload();
  await page.locator("[name=password]").waitFor();
  await expect.poll(indexed, { timeout: stepTimeoutMs }).toBe(0);
}, testTimeoutMs);

it("closing the leading tab in the middle of an import of another one leaves all of it or nothing, and that other tab goes on", async () => {
  const leader = await openTab();
  await signUp(leader);
  await importStatement(leader);
  const other = await openTab();
  await other.getByText("Cash now").waitFor();
  const rows = 40_000;
  await dropStatement(other, ["date,description,category,amount", ...Array.from({ length: rows }, (_, index) => `2026-08-${String((index % 28) + 1).padStart(2, "0")},row ${index},Sales,1.00`)].join("\n"));
  await other.getByRole("button", { name: /^Add [\d,]+ rows/ }).click();
  await leader.close();
  await other.goto(`${saldo.url}/transactions`);
  const shown = other.getByText(/^[\d,]+ transactions$/).first();
  await shown.waitFor();
  expect(["3 transactions", `${(rows + 3).toLocaleString("en")} transactions`]).toContain(await shown.innerText());
  await recategoriseFirst(other);
}, testTimeoutMs);
