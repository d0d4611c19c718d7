import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFailed } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { runSaldo, type RunningSaldo } from "./running-saldo.ts";

const stepTimeoutMs = 45_000;
const testTimeoutMs = 180_000;
const shots = path.join("deploy", "dist");

let saldo: RunningSaldo;
let browser: Browser;

beforeAll(async () => {
  saldo = await runSaldo("damage");
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await saldo?.close();
});

/** Fills files of one page, Postgres' control file among them, with zeros, as a failing disk might; returns how many, or 0 while the core that is ending still holds one. */
async function damageDatabases(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const pageBytes = 8_192;
    const zero = async (folder: FileSystemDirectoryHandle): Promise<number> => {
      let damaged = 0;
      for await (const entry of folder.values()) {
        if (entry instanceof FileSystemDirectoryHandle) damaged += await zero(entry);
        if (!(entry instanceof FileSystemFileHandle) || (await entry.getFile()).size !== pageBytes) continue;
        const writable = await entry.createWritable();
        await writable.write(new Uint8Array(pageBytes));
        await writable.close();
        damaged += 1;
      }
      return damaged;
    };
    try {
      return await zero(await (await navigator.storage.getDirectory()).getDirectoryHandle("saldo"));
    } catch (error) {
      if (error instanceof DOMException && error.name === "NoModificationAllowedError") return 0;
      throw error;
    }
  });
}

it("a damaged database is set aside and said so, and what the server has comes back; the notice is gone once it was read", async () => {
  // A service worker would answer every address with the app.
  const device = await browser.newContext({ viewport: { width: 1280, height: 860 }, serviceWorkers: "block" });
  device.setDefaultTimeout(stepTimeoutMs);
  const page = await device.newPage();
  onTestFailed(() => page.screenshot({ path: path.join(shots, "damage.failed.png") }).then(() => undefined, () => undefined));
  await page.goto(saldo.url);
  await page.locator("[name=company]").fill("Northern Coffee");
  await page.locator("[name=currency]").selectOption("GBP");
  await page.locator("[name=email]").fill("anna@example.test");
  await page.locator("[name=password]").fill("correct horse battery");
  await page.locator("button[type=submit]").click();
  await page.getByText("Drop a bank statement to begin").waitFor();
  await page.getByRole("link", { name: "Import" }).first().click();
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["date,description,category,amount\n2026-09-01,Card sales,Sales,100.00\n2026-09-02,Rent of the shop,Rent,-40.50"], "payments.csv", { type: "text/csv" }));
    return data;
  });
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", event, { dataTransfer: transfer });
  await page.getByRole("button", { name: /^Add [\d,]+ rows/ }).click();
  await page.getByText(/rows are in your books/).first().waitFor();
  await expect.poll(async () => Number((await saldo.sql(`select count(*) as "n" from "transaction"`))[0]?.["n"]), { timeout: stepTimeoutMs }).toBe(2);

  // Another page of the same origin that starts no core.
  await page.goto(`${saldo.url}/icon.svg`);
  await expect.poll(() => damageDatabases(page), { timeout: stepTimeoutMs }).toBeGreaterThan(0);
  await page.goto(saldo.url);
  const notice = page.getByRole("alert").filter({ hasText: "The database of “Northern Coffee” in this browser was damaged" });
  await notice.waitFor();
  await page.getByRole("link", { name: "Transactions" }).first().click();
  await page.getByText("Rent of the shop").first().waitFor();
  await page.screenshot({ path: path.join(shots, "damage.en.png") });
  // It stays over a reload, also in the other language.
  await page.evaluate(() => localStorage.setItem("saldo.locale", "ru"));
  await page.reload();
  const sameInRussian = page.getByRole("alert").filter({ hasText: "База «Northern Coffee» в этом браузере была повреждена" });
  await sameInRussian.waitFor();
  await page.getByText("Rent of the shop").first().waitFor();
  await page.screenshot({ path: path.join(shots, "damage.ru.png") });
  await sameInRussian.getByRole("button", { name: "Понятно" }).click();
  await sameInRussian.waitFor({ state: "detached" });
  await page.reload();
  await page.getByText("Rent of the shop").first().waitFor();
  expect(await sameInRussian.count()).toBe(0);
  await device.close();
}, testTimeoutMs);
