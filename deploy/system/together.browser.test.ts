import { readFileSync } from "node:fs";
import path from "node:path";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  comeBack,
  goToTransactions,
  importStatement,
  pictures,
  recategorise,
  saldoInBrowsers,
  saved,
  signIn,
  signUp,
  statement,
  untilOfflineReady,
  untilStatus,
  waiting,
  type SaldoInBrowsers,
} from "./saldo-in-browsers.ts";

const testTimeoutMs = 900_000;

let ground: SaldoInBrowsers;
/** Two browsers of one person, with the same books in both. */
let a: BrowserContext;
let b: BrowserContext;
let a1: Page;
let b1: Page;
let email: string;

beforeAll(async () => {
  ground = await saldoInBrowsers("together");
  [a, b] = [await ground.newDevice(), await ground.newDevice()];
  a1 = await a.newPage();
  await a1.goto(ground.saldo.url);
  email = await signUp(a1, "Anna");
  await importStatement(a1);
  b1 = await b.newPage();
  await b1.goto(ground.saldo.url);
  await signIn(b1, email);
  await b1.getByText("Cash now").waitFor();
  await untilStatus(b1, saved);
  for (const page of [a1, b1]) await untilOfflineReady(page);
}, testTimeoutMs);
afterAll(() => ground?.close());

/** What a person sees of the list: rows with their chosen categories, and the totals. */
async function screenOf(page: Page): Promise<string> {
  const categories = await page.locator('[role="row"] select').evaluateAll((selects) => selects.map((select) => (select instanceof HTMLSelectElement ? (select.selectedOptions[0]?.textContent ?? "") : "")));
  const text = await page.locator("main").innerText();
  return `${categories.join(" | ")}\n${text}`;
}

it("the original of an import opens on another device, byte for byte", async () => {
  await b1.getByRole("link", { name: "Import" }).first().click();
  const original = b1.getByRole("button", { name: "Original" });
  await original.waitFor();
  await b1.screenshot({ path: path.join(pictures, "original.png") });
  const [download] = await Promise.all([b1.waitForEvent("download"), original.click()]);
  expect(download.suggestedFilename()).toBe("payments.csv");
  const file = path.join(ground.saldo.folder, "original.csv");
  await download.saveAs(file);
  expect(readFileSync(file, "utf8")).toBe(statement);
}, testTimeoutMs);

it("two browsers of two tabs each, edited offline in both, show the same screen in all four tabs once they are back", async () => {
  const { saldo } = ground;
  const tabs = [a1, await ground.openTab(a), b1, await ground.openTab(b)] as const;
  for (const tab of tabs) await goToTransactions(tab, saldo.url);
  await saldo.stop();
  await recategorise(tabs[0], 0, "Goods");
  await recategorise(tabs[1], 3, "Rent");
  await recategorise(tabs[2], 1, "Sales");
  await recategorise(tabs[3], 0, "Sales");
  for (const tab of tabs) await untilStatus(tab, waiting(2));
  await saldo.start();
  await comeBack(a1);
  for (const tab of tabs.slice(0, 2)) await untilStatus(tab, saved);
  await comeBack(b1);
  for (const tab of tabs) await untilStatus(tab, saved);
  await expect.poll(async () => new Set(await Promise.all(tabs.map(screenOf))).size).toBe(1);
  // Of the row both changed, what reached the server last is there, and what all see.
  const [chosen, ...others] = (await screenOf(a1)).split("\n")[0]?.split(" | ") ?? [];
  expect(others).toEqual(["Sales", "Rent", "Rent"]);
  expect(["Goods", "Sales"]).toContain(chosen);
  const atServer = await saldo.sql(
    `select c."name" from "transaction" t join "category" c on c."workspace_id" = t."workspace_id" and c."id" = t."category_id" where t."posted_on" = '2026-10-02'`,
  );
  expect(atServer).toEqual([{ name: chosen }]);
  await tabs[1].close();
  await tabs[3].close();
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
  const { saldo } = ground;
  await goToTransactions(b1, saldo.url);
  const cdp = await b.newCDPSession(b1);
  const registrationId = await registrationOf(cdp, saldo.url);
  await saldo.stop();
  await recategorise(b1, 1, "Goods");
  await untilStatus(b1, waiting(1));
  const told = b1.evaluate(() => new Promise<unknown>((resolve) => navigator.serviceWorker.addEventListener("message", ({ data }) => resolve(data), { once: true })));
  // The page goes behind another one, and the network comes back.
  const front = await b.newPage();
  await front.bringToFront();
  await saldo.start();
  await cdp.send("ServiceWorker.dispatchSyncEvent", { origin: saldo.url, registrationId, tag: "saldo-sync", lastChance: false });
  expect(await told).toBe("saldo-sync");
  const sent = () => saldo.sql(`select c."name" from "transaction" t join "category" c on c."workspace_id" = t."workspace_id" and c."id" = t."category_id" where t."posted_on" = '2026-09-03'`);
  await expect.poll(sent).toEqual([{ name: "Goods" }]);
  await front.close();
  await b1.bringToFront();
  await untilStatus(b1, saved);
}, testTimeoutMs);

it("a refused change is told on every device of its person, who corrects it on one and discards another on the other", async () => {
  const { saldo } = ground;
  await goToTransactions(a1, saldo.url);
  await saldo.stop();
  await recategorise(a1, 2, "Sales");
  await recategorise(a1, 1, "Sales");
  await untilStatus(a1, waiting(2));
  await saldo.sql(`delete from "category" where "name" = 'Sales'`);
  await saldo.start();
  await comeBack(a1);
  for (const page of [a1, b1]) {
    await page.goto(`${saldo.url}/attention`);
    await page.getByRole("heading", { name: "2 things need attention" }).waitFor();
    await page.getByText(/Rent of the shop · .*40\.50/).first().waitFor();
  }
  await a1.screenshot({ path: path.join(pictures, "attention.a.png") });
  await a1.getByRole("button", { name: "Correct" }).first().click();
  await a1.locator("form.corrections select").selectOption({ label: "Goods" });
  await a1.screenshot({ path: path.join(pictures, "attention.correct.png") });
  await a1.getByRole("button", { name: "Save and try again" }).click();
  await b1.getByRole("heading", { name: "1 thing needs attention" }).waitFor();
  // As it was it cannot be made any more, which this device knows by itself.
  await b1.getByRole("button", { name: "Try again" }).click();
  await b1.getByRole("alert").waitFor();
  await b1.screenshot({ path: path.join(pictures, "attention.b.png") });
  await b1.getByRole("button", { name: "Discard", exact: true }).click();
  for (const page of [a1, b1]) await page.getByRole("heading", { name: "Nothing needs attention" }).waitFor();
  const kept = await saldo.sql(`select "status" from "rejection" where "user_id" = (select "id" from "auth"."user" where "email" = $1) order by "status"`, [email]);
  expect(kept.map((row) => row["status"])).toEqual(["discarded", "retried"]);
}, testTimeoutMs);
