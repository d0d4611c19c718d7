import path from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { onTestFailed } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { runSaldo, type RunningSaldo } from "./running-saldo.ts";

const password = "correct horse battery";
/** Where pictures of screens go. */
export const pictures = path.join("deploy", "dist");

/** What the status says of changes: all of them sent, or so many waiting. */
export const saved = /On this device and in the cloud/;
/** See {@link saved}. */
export const waiting = (count: number): RegExp => new RegExp(`${count} change`);

/** A small statement; the newest row is the rent of October. */
export const statement = [
  "date,description,category,amount",
  "2026-09-01,Card sales,Sales,100.00",
  "2026-09-02,Rent of the shop,Rent,-40.50",
  "2026-09-03,Coffee beans,Goods,-12.00",
  "2026-10-02,Rent of the shop,Rent,-40.50",
].join("\n");
/** The rows of {@link statement}. */
export const statementRows = 4;

/** Everything `npm start` starts, and people in front of browsers. */
export interface SaldoInBrowsers {
  readonly saldo: RunningSaldo;
  /** A browser of its own, with storage of its own. */
  newDevice(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A tab; a failing test leaves a picture of it. */
  openTab(device: BrowserContext, place?: string): Promise<Page>;
  closeDevices(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the built programs and one Chromium for all devices of a test file. */
export async function saldoInBrowsers(name: string): Promise<SaldoInBrowsers> {
  const saldo = await runSaldo(name);
  const browser: Browser = await launchBrowser();
  let devices: BrowserContext[] = [];
  return {
    saldo,
    async newDevice(options = {}) {
      const device = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce", ...options });
      devices.push(device);
      return device;
    },
    async openTab(device, place = "/") {
      const page = await device.newPage();
      onTestFailed(() => page.screenshot({ path: path.join(pictures, `${name}.failed.${devices.indexOf(device)}.png`) }).then(() => undefined, () => undefined));
      await page.goto(saldo.url + place);
      return page;
    },
    async closeDevices() {
      for (const device of devices) await device.close();
      devices = [];
    },
    async close() {
      await browser.close();
      await saldo.close();
    },
  };
}

/** Signs a new person up, with a company of their name; returns their address. */
export async function signUp(page: Page, person: string): Promise<string> {
  const email = `${person.toLowerCase()}@example.test`;
  await page.locator("[name=company]").fill(`Company of ${person}`);
  await page.locator("[name=currency]").selectOption("GBP");
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByText("Drop a bank statement to begin").waitFor();
  return email;
}

/** Signs somebody in who has an account, from whichever form is shown. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.locator("[name=email]").waitFor();
  if (await page.locator("[name=company]").isVisible()) await page.getByRole("button", { name: /sign in/i }).first().click();
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
}

/** Drops a file onto the import page, up to the question whether to add its rows. */
export async function dropFile(page: Page, text = statement): Promise<void> {
  await page.getByRole("link", { name: "Import" }).first().click();
  const transfer = await page.evaluateHandle((body) => {
    const data = new DataTransfer();
    data.items.add(new File([body], "payments.csv", { type: "text/csv" }));
    return data;
  }, text);
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", event, { dataTransfer: transfer });
}

/** Adds the rows of a dropped file. */
export function addRows(page: Page): Promise<void> {
  return page.getByRole("button", { name: /^Add [\d,]+ rows/ }).click();
}

/** Imports {@link statement}, until it is in the cloud. */
export async function importStatement(page: Page): Promise<void> {
  await dropFile(page);
  await addRows(page);
  await page.getByText(/rows are in your books/).first().waitFor();
  await untilStatus(page, saved);
}

/** Waits for what the status says. */
export function untilStatus(page: Page, text: RegExp): Promise<void> {
  return page.locator('[role="status"]', { hasText: text }).first().waitFor();
}

/** Goes to the list of transactions and waits for so many. */
export async function goToTransactions(page: Page, origin: string, count = statementRows): Promise<void> {
  await page.goto(`${origin}/transactions`);
  await page.getByText(`${count} transactions`).first().waitFor();
}

/** Chooses a category for the row with this place in the list. */
export async function recategorise(page: Page, row: number, category: string): Promise<void> {
  await page.locator('[role="row"] select').nth(row).selectOption({ label: category });
  await page.getByText(/row is now in/).first().waitFor();
}

/** Waits until the app works without a server. */
export function untilOfflineReady(page: Page): Promise<void> {
  return page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
}

/** Makes a page sync at once. */
export function comeBack(page: Page): Promise<boolean> {
  return page.evaluate(() => window.dispatchEvent(new Event("focus")));
}
