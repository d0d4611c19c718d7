import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFailed } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { runSaldo, type RunningSaldo } from "./running-saldo.ts";

const password = "correct horse battery";
const stepTimeoutMs = 60_000;
const testTimeoutMs = 300_000;
const statement = [
  "date,description,category,amount",
  "2026-09-01,Card sales,Sales,100.00",
  "2026-09-02,Rent of the shop,Rent,-40.50",
  "2026-09-03,Coffee beans,Goods,-12.00",
  "2026-10-02,Rent of the shop,Rent,-40.50",
].join("\n");

let saldo: RunningSaldo;
let browser: Browser;
let devices: BrowserContext[] = [];
let people = 0;

beforeAll(async () => {
  saldo = await runSaldo("together");
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await saldo?.close();
});
beforeEach(() => {
  devices = [];
});
afterEach(async () => {
  for (const device of devices) await device.close();
});

async function newDevice(): Promise<BrowserContext> {
  const device = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  device.setDefaultTimeout(stepTimeoutMs);
  devices.push(device);
  return device;
}

async function openTab(device: BrowserContext, place = "/"): Promise<Page> {
  const page = await device.newPage();
  onTestFailed(() => page.screenshot({ path: path.join("deploy", "dist", `together.failed.${devices.indexOf(device)}.png`) }).then(() => undefined, () => undefined));
  await page.goto(saldo.url + place);
  return page;
}

async function signUp(page: Page): Promise<string> {
  const email = `together${(people += 1)}@example.test`;
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

async function importStatement(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Import" }).first().click();
  const transfer = await page.evaluateHandle((body) => {
    const data = new DataTransfer();
    data.items.add(new File([body], "payments.csv", { type: "text/csv" }));
    return data;
  }, statement);
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", event, { dataTransfer: transfer });
  await page.getByRole("button", { name: /^Add [\d,]+ rows/ }).click();
  await page.getByText(/rows are in your books/).first().waitFor();
}

const untilStatus = (page: Page, text: RegExp): Promise<void> => page.locator('[role="status"]', { hasText: text }).first().waitFor();
const saved = /On this device and in the cloud/;

/** Two browsers of one person with the same books in both. */
async function twoDevices(): Promise<{ readonly a: BrowserContext; readonly b: BrowserContext; readonly a1: Page; readonly b1: Page; readonly email: string }> {
  const [a, b] = [await newDevice(), await newDevice()];
  const a1 = await openTab(a);
  const email = await signUp(a1);
  await importStatement(a1);
  await untilStatus(a1, saved);
  const b1 = await openTab(b);
  await b1.locator("[name=email]").waitFor();
  if (await b1.locator("[name=company]").isVisible()) await b1.getByRole("button", { name: /sign in/i }).first().click();
  await signIn(b1, email);
  await b1.getByText("Cash now").waitFor();
  await untilStatus(b1, saved);
  return { a, b, a1, b1, email };
}

/** Chooses a category for the row with this place in the list. */
async function recategorise(page: Page, row: number, category: string): Promise<void> {
  await page.locator('[role="row"] select').nth(row).selectOption({ label: category });
  await page.getByText(new RegExp(`row is now in`)).first().waitFor();
}

/** What a person sees of the list: rows with their chosen categories, and the totals. */
async function screenOf(page: Page): Promise<string> {
  const categories = await page.locator('[role="row"] select').evaluateAll((selects) => selects.map((select) => (select instanceof HTMLSelectElement ? (select.selectedOptions[0]?.textContent ?? "") : "")));
  const text = await page.locator("main").innerText();
  return `${categories.join(" | ")}\n${text}`;
}

it("two browsers of two tabs each, edited offline in both, show the same screen in all four tabs once they are back", async () => {
  const { a, b, a1, b1, email } = await twoDevices();
  const tabs = [a1, await openTab(a), b1, await openTab(b)];
  for (const tab of tabs) {
    await tab.goto(`${saldo.url}/transactions`);
    await tab.getByText("4 transactions").first().waitFor();
  }
  await saldo.stop();
  await recategorise(tabs[0] ?? a1, 0, "Goods");
  await recategorise(tabs[1] ?? a1, 3, "Rent");
  await recategorise(tabs[2] ?? b1, 1, "Sales");
  await recategorise(tabs[3] ?? b1, 0, "Sales");
  for (const tab of tabs) await untilStatus(tab, /2 changes/);
  await saldo.start();
  await a1.evaluate(() => window.dispatchEvent(new Event("focus")));
  for (const tab of tabs.slice(0, 2)) await untilStatus(tab, saved);
  await b1.evaluate(() => window.dispatchEvent(new Event("focus")));
  for (const tab of tabs) await untilStatus(tab, saved);
  await expect.poll(async () => new Set(await Promise.all(tabs.map(screenOf))).size, { timeout: stepTimeoutMs }).toBe(1);
  // Of the row both changed, what reached the server last is there, and what all see.
  const [chosen, ...others] = (await screenOf(a1)).split("\n")[0]?.split(" | ") ?? [];
  expect(others).toEqual(["Sales", "Rent", "Rent"]);
  expect(["Goods", "Sales"]).toContain(chosen);
  const atServer = await saldo.sql(
    `select c."name" from "transaction" t join "category" c on c."workspace_id" = t."workspace_id" and c."id" = t."category_id"
      where t."posted_on" = '2026-10-02' and t."workspace_id" = (select "workspace_id" from "member" where "user_id" = (select "id" from "auth"."user" where "email" = $1))`,
    [email],
  );
  expect(atServer).toEqual([{ name: chosen }]);
}, testTimeoutMs);

it("a refused change is told on every device of its person, who corrects it on one and discards another on the other", async () => {
  const { a1, b1, email } = await twoDevices();
  await a1.goto(`${saldo.url}/transactions`);
  await a1.getByText("4 transactions").first().waitFor();
  await a1.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await saldo.stop();
  await recategorise(a1, 0, "Sales");
  await recategorise(a1, 1, "Sales");
  await untilStatus(a1, /2 changes/);
  await saldo.sql(
    `delete from "category" where "name" = 'Sales' and "workspace_id" in (select "workspace_id" from "member" where "user_id" = (select "id" from "auth"."user" where "email" = $1))`,
    [email],
  );
  await saldo.start();
  await a1.evaluate(() => window.dispatchEvent(new Event("focus")));
  for (const page of [a1, b1]) {
    await page.goto(`${saldo.url}/attention`);
    await page.getByRole("heading", { name: "2 things need attention" }).waitFor();
  }
  await a1.screenshot({ path: path.join("deploy", "dist", "attention.a.png") });
  await a1.getByRole("button", { name: "Correct" }).first().click();
  await a1.locator("form.corrections select").selectOption({ label: "Goods" });
  await a1.screenshot({ path: path.join("deploy", "dist", "attention.correct.png") });
  await a1.getByRole("button", { name: "Save and try again" }).click();
  await b1.getByRole("heading", { name: "1 thing needs attention" }).waitFor();
  // As it was it cannot be made any more, which this device knows by itself.
  await b1.getByRole("button", { name: "Try again" }).click();
  await b1.getByRole("alert").waitFor();
  await b1.screenshot({ path: path.join("deploy", "dist", "attention.b.png") });
  await b1.getByRole("button", { name: "Discard", exact: true }).click();
  for (const page of [a1, b1]) await page.getByRole("heading", { name: "Nothing needs attention" }).waitFor();
  const kept = await saldo.sql(`select "status" from "rejection" where "user_id" = (select "id" from "auth"."user" where "email" = $1) order by "status"`, [email]);
  expect(kept.map((row) => row["status"])).toEqual(["discarded", "retried"]);
}, testTimeoutMs);

it("the original of an import opens on another device, byte for byte", async () => {
  const { b1 } = await twoDevices();
  await b1.getByRole("link", { name: "Import" }).first().click();
  const original = b1.getByRole("button", { name: "Original" });
  await original.waitFor();
  await b1.screenshot({ path: path.join("deploy", "dist", "original.png") });
  const [download] = await Promise.all([b1.waitForEvent("download"), original.click()]);
  expect(download.suggestedFilename()).toBe("payments.csv");
  const file = path.join(saldo.folder, "original.csv");
  await download.saveAs(file);
  expect(readFileSync(file, "utf8")).toBe(statement);
}, testTimeoutMs);

/** The registration of the page's service worker, as DevTools names it. */
async function registrationOf(cdp: CDPSession, origin: string): Promise<string> {
  return new Promise((resolve) => {
    cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const found = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(origin) && !isDeleted);
      if (found !== undefined) resolve(found.registrationId);
    });
    void cdp.send("ServiceWorker.enable");
  });
}

it("the service worker's sync event makes a page in the background send what waits", async () => {
  const device = await newDevice();
  await device.grantPermissions(["background-sync"], { origin: saldo.url }).catch(() => undefined);
  const page = await openTab(device);
  await signUp(page);
  await importStatement(page);
  await untilStatus(page, saved);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.goto(`${saldo.url}/transactions`);
  await page.getByText("4 transactions").first().waitFor();
  const cdp = await device.newCDPSession(page);
  const registrationId = await registrationOf(cdp, saldo.url);
  await saldo.stop();
  await recategorise(page, 0, "Sales");
  await untilStatus(page, /1 change/);
  const told = page.evaluate(() => new Promise<unknown>((resolve) => navigator.serviceWorker.addEventListener("message", ({ data }) => resolve(data), { once: true })));
  // The page goes behind another one, and the network comes back.
  const front = await device.newPage();
  await front.bringToFront();
  await saldo.start();
  await cdp.send("ServiceWorker.dispatchSyncEvent", { origin: saldo.url, registrationId, tag: "saldo-sync", lastChance: false });
  expect(await told).toBe("saldo-sync");
  await expect.poll(async () => (await saldo.sql(`select count(*)::int as "sent" from "transaction" where "category_source" = 'person'`)).at(0)?.["sent"], { timeout: stepTimeoutMs }).toBeGreaterThan(0);
  await page.bringToFront();
  await untilStatus(page, saved);
}, testTimeoutMs);
