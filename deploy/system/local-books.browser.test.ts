import { readFileSync } from "node:fs";
import path from "node:path";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  addRows,
  dropFile,
  goToTransactions,
  importStatement,
  pictures,
  recategorise,
  saldoInBrowsers,
  saved,
  signIn,
  signUp,
  statementRows,
  untilOfflineReady,
  untilStatus,
  waiting,
  type SaldoInBrowsers,
} from "./saldo-in-browsers.ts";

const testTimeoutMs = 900_000;

let ground: SaldoInBrowsers;

beforeAll(async () => {
  ground = await saldoInBrowsers("local-books");
});
afterAll(() => ground?.close());

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

async function askToSignOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account and language/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
}

it("signing out offline offers to export what was not sent, then leaves no books behind; they come back with a sign-in, and go again with the membership", async () => {
  const { saldo } = ground;
  const page = await ground.openTab(await ground.newDevice());
  const email = await signUp(page, "Boris");
  await importStatement(page);
  await untilOfflineReady(page);
  await saldo.stop();
  await goToTransactions(page, saldo.url);
  await recategorise(page, 0, "Sales");
  await untilStatus(page, waiting(1));
  expect(await databases(page)).toBe(1);
  await askToSignOut(page);
  await page.getByRole("heading", { name: "1 change is not sent yet" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export unsent changes" }).click()]);
  const file = path.join(saldo.folder, "unsent.json");
  await download.saveAs(file);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ format: "saldo-unsent-changes", changes: [{ mutation: "transaction.recategorise", arguments: {} }] });
  // Staying keeps everything.
  await page.getByRole("button", { name: "Stay" }).click();
  await page.getByText(`${statementRows} transactions`).first().waitFor();
  await askToSignOut(page);
  await page.getByRole("button", { name: "Sign out and delete" }).click();
  await page.locator("[name=password]").waitFor();
  await expect.poll(() => databases(page)).toBe(0);
  await saldo.start();
  await page.reload();
  await signIn(page, email);
  await page.getByText(`${statementRows} transactions`).first().waitFor();
  await untilStatus(page, saved);

  // Taken out of the company: seen within seconds, with what was kept for export.
  await saldo.sql(`delete from "member" where "user_id" = (select "id" from "auth"."user" where "email" = $1)`, [email]);
  await page.getByText(/You no longer have access to “Company/).waitFor();
  await page.locator("[name=password]").waitFor();
  await expect.poll(() => databases(page)).toBe(0);
  await page.getByRole("button", { name: "Understood" }).click();
  await page.getByText(/You no longer have access/).waitFor({ state: "detached" });
  await ground.closeDevices();
}, testTimeoutMs);

it("where private files cannot be written at once, the books live in IndexedDB, are there after a reload, and leave it with a sign-out", async () => {
  const { saldo } = ground;
  const device = await ground.newDevice({ serviceWorkers: "block" });
  await device.route("**/assets/worker.main-*.js", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `delete FileSystemFileHandle.prototype.createSyncAccessHandle;\n${await answer.text()}` });
  });
  const page = await ground.openTab(device);
  await signUp(page, "Clara");
  await importStatement(page);
  const indexed = (): Promise<number> => page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name?.startsWith("/pglite/saldo-") === true).length);
  expect(await indexed()).toBe(1);
  await goToTransactions(page, saldo.url);
  await askToSignOut(page);
  await page.locator("[name=password]").waitFor();
  await page.reload();
  await page.locator("[name=password]").waitFor();
  await expect.poll(indexed).toBe(0);
  await ground.closeDevices();
}, testTimeoutMs);

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

/** A device with the books of one small statement. */
async function deviceWithBooks(person: string): Promise<{ readonly device: BrowserContext; readonly page: Page }> {
  // A service worker would answer every address with the app.
  const device = await ground.newDevice({ serviceWorkers: "block" });
  const page = await ground.openTab(device);
  await signUp(page, person);
  await importStatement(page);
  return { device, page };
}

/** The names in the archive that a button saves. */
async function filesSavedBy(page: Page, button: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  expect(download.suggestedFilename()).toBe("saldo-files-Company-of-Dora.zip");
  const archive = path.join(ground.saldo.folder, "files.zip");
  await download.saveAs(archive);
  return readFileSync(archive, "latin1");
}

const look = (page: Page, locale: string, theme: string): Promise<void> =>
  page.evaluate(
    ([chosen, shown]) => {
      localStorage.setItem("saldo.locale", chosen ?? "");
      localStorage.setItem("saldo.theme", shown ?? "");
    },
    [locale, theme],
  );

/** Books that do not open: said in both languages, tried again in vain, saved as they are, then begun afresh. */
async function takeWaysOutOfUnopened(page: Page): Promise<void> {
  const title = page.getByRole("heading", { name: "The books of “Company of Dora” do not open" });
  await title.waitFor();
  await page.screenshot({ path: path.join(pictures, "unopened.en.png") });
  await look(page, "ru", "dark");
  await page.reload();
  await page.getByRole("heading", { name: "Учёт «Company of Dora» не открывается" }).waitFor();
  await page.screenshot({ path: path.join(pictures, "unopened.ru.png") });
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.screenshot({ path: path.join(pictures, "unopened.ru-360.png"), fullPage: true });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  if (size !== null) await page.setViewportSize(size);
  await look(page, "en", "light");
  await page.reload();
  await title.waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").filter({ hasText: "The books on this device cannot be opened." }).waitFor();
  const archive = await filesSavedBy(page, page.getByRole("button", { name: "Save the files" }));
  for (const name of ["state.txt", "postgres/PG_VERSION", "postgres/global/pg_control"]) expect(archive).toContain(name);
  await page.getByRole("button", { name: "Start afresh" }).click();
}

it("closing the leading tab in the middle of an import of another one leaves all of it or nothing; a database that does not start is said so, saved and set aside as its person wants, and what the server has comes back", async () => {
  const { saldo } = ground;
  const { device, page: leader } = await deviceWithBooks("Dora");
  const other = await ground.openTab(device);
  await other.getByText("Cash now").waitFor();
  const rows = 12_000;
  await dropFile(other, ["date,description,category,amount", ...Array.from({ length: rows }, (_, index) => `2026-08-${String((index % 28) + 1).padStart(2, "0")},row ${index},Sales,1.00`)].join("\n"));
  await addRows(other);
  await leader.close();
  await other.goto(`${saldo.url}/transactions`);
  const shown = other.getByText(/^[\d,]+ transactions$/).first();
  await shown.waitFor();
  expect([`${statementRows} transactions`, `${(rows + statementRows).toLocaleString("en")} transactions`]).toContain(await shown.innerText());
  await recategorise(other, 0, "Sales");
  await untilStatus(other, saved);

  // Another page of the same origin that starts no core.
  await other.goto(`${saldo.url}/icon.svg`);
  await expect.poll(() => damageDatabases(other)).toBeGreaterThan(0);
  await other.goto(saldo.url);
  await takeWaysOutOfUnopened(other);
  const notice = other.getByRole("alert").filter({ hasText: "The database of “Company of Dora” in this browser was damaged" });
  await notice.waitFor();
  await notice.getByText("Changes that had not been sent could not be read and are lost.").waitFor();
  await other.getByRole("link", { name: "Transactions" }).first().click();
  await other.getByText("Coffee beans").first().waitFor();
  expect(await filesSavedBy(other, notice.getByRole("button", { name: "Save the files" }))).toContain("postgres/global/pg_control");
  await other.screenshot({ path: path.join(pictures, "damage.en.png") });
  // It stays over a reload, also in the other language.
  await other.evaluate(() => localStorage.setItem("saldo.locale", "ru"));
  await other.reload();
  const sameInRussian = other.getByRole("alert").filter({ hasText: "База «Company of Dora» в этом браузере была повреждена" });
  await sameInRussian.waitFor();
  await other.getByText("Coffee beans").first().waitFor();
  await other.screenshot({ path: path.join(pictures, "damage.ru.png") });
  await sameInRussian.getByRole("button", { name: "Понятно" }).click();
  await sameInRussian.waitFor({ state: "detached" });
  await other.reload();
  await other.getByText("Coffee beans").first().waitFor();
  expect(await sameInRussian.count()).toBe(0);
}, testTimeoutMs);
