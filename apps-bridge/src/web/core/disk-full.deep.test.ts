import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, workerPages, type WorkerPages } from "./testing/worker-page.ts";

/**
 * A worker that holds a database, as the core does, and does with it what its page asks. Chromium looks up what space is left to IndexedDB only now and then and
 * goes by what it knew: there the worker refuses as a browser without space does.
 */
const workerSource = `
  import { sql } from "drizzle-orm";
  import { browserDatabases } from "./browser-databases.ts";
  import { browserRecords } from "./browser-records.ts";
  let database;
  let isFull = false;
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...record) {
    if (isFull) throw new DOMException("There is no space left.", "QuotaExceededError");
    return put.apply(this, record);
  };
  const columns = ["id", "workspace_id", "name", "kind", "slot", "archived", "created_at", "activity"];
  const text = (length) => Array.from(crypto.getRandomValues(new Uint8Array(length / 2)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const work = {
    refuse: ({ all }) => void (isFull = all),
    async open({ isInMemory }) {
      if (isInMemory) delete FileSystemFileHandle.prototype.createSyncAccessHandle;
      const damages = [];
      const databases = await browserDatabases(browserRecords());
      database = await databases.open("books", async (told) => void damages.push(told));
      return damages.length;
    },
    /** Writes rows in one transaction, a thousand to a statement; the code it fails with. */
    write: ({ from, rows, characters }) =>
      database.transaction(async (transaction) => {
        for (let first = from; first < from + rows; first += 1000) {
          const many = Array.from({ length: Math.min(1000, from + rows - first) }, (_, index) => ["c" + (first + index), "w", text(characters), "expense", 0, false, "2026-01-01T00:00:00.000Z", "operating"]);
          await transaction.insertRows("category", columns, many, "fail");
        }
      }).then(() => "written", codeOf),
    rows: async () => Number((await database.query(sql\`select count(*) as "n" from "category"\`))[0].n),
    close: () => database.close(),
  };
`;

let pages: WorkerPages;

beforeAll(async () => {
  pages = await workerPages(workerSource, import.meta.dirname);
});
afterAll(() => pages.close());

/** Whether there is space for the files of a page's worker. */
type SetSpace = (page: Page, devtools: CDPSession, is: "none" | "enough") => Promise<void>;

/** Leaves less than there is already, as where something else has taken it: what a database keeps back cannot be had again either. */
const byQuota: SetSpace = async (page, devtools, is) => {
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: new URL(pages.url).origin, ...(is === "enough" ? {} : { quotaSize: Math.max(1, usage - 4 * 1024 * 1024) }) });
};

const byRefusal: SetSpace = async (page, _devtools, is) => void (await ask(page, "refuse", { all: is === "none" }));

test.each([
  ["private files", false, byQuota],
  ["files in memory that are kept in IndexedDB", true, byRefusal],
])("on %s a write without space left fails whole and says so, what is there can be read, and once there is space again all goes on", async (_files, isInMemory, setSpace) => {
  const page = await pages.open();
  const context = page.context();
  const devtools = await context.newCDPSession(page);
  expect(await ask(page, "open", { isInMemory })).toBe(0);
  expect(await ask(page, "write", { from: 0, rows: 500, characters: 100 })).toBe("written");

  await setSpace(page, devtools, "none");
  expect(await ask(page, "write", { from: 1_000, rows: 20_000, characters: 2_000 })).toBe("store.disk_full");
  expect(await ask(page, "rows")).toBe(500);
  expect(await ask(page, "write", { from: 1_000, rows: 1, characters: 100 })).toBe("store.disk_full");
  expect(await ask(page, "rows")).toBe(500);
  // Postgres starts without space, too.
  await page.reload();
  // A quota stays; a worker begins anew.
  if (isInMemory) await setSpace(page, devtools, "none");
  expect(await ask(page, "open", { isInMemory })).toBe(0);
  expect(await ask(page, "rows")).toBe(500);

  await setSpace(page, devtools, "enough");
  expect(await ask(page, "write", { from: 1_000, rows: 2_000, characters: 2_000 })).toBe("written");
  expect(await ask(page, "rows")).toBe(2_500);
  await page.reload();
  expect(await ask(page, "open", { isInMemory })).toBe(0);
  expect(await ask(page, "rows")).toBe(2_500);
  await context.close();
});
