import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, workerPages, type WorkerPages } from "./testing/worker-page.ts";

/** A worker that holds a database, as the core does; the browser fails it once, at the call that is named. */
const workerSource = `
  import { sql } from "drizzle-orm";
  import { browserDatabases } from "./browser-databases.ts";
  import { browserRecords } from "./browser-records.ts";
  let database;
  let fault;
  const failing = (owner, name, call) => {
    const real = owner.prototype[name];
    owner.prototype[name] = function (...parts) {
      if (fault?.call === call && fault.left-- === 0) throw new DOMException("it failed this time", "UnknownError");
      return real.apply(this, parts);
    };
  };
  failing(FileSystemFileHandle, "createSyncAccessHandle", "open");
  failing(FileSystemDirectoryHandle, "getFileHandle", "find");
  failing(FileSystemSyncAccessHandle, "read", "read");
  failing(FileSystemSyncAccessHandle, "getSize", "size");
  const columns = ["id", "workspace_id", "name", "kind", "slot", "archived", "created_at", "activity"];
  const work = {
    async open({ call, after, isEarly }) {
      const replaced = [];
      const armed = call && { call, left: after };
      if (isEarly) fault = armed;
      const databases = await browserDatabases(browserRecords());
      fault = armed;
      database = await databases.open("books", async (told) => void replaced.push(told)).finally(() => (fault = undefined));
      return replaced.length;
    },
    write: () =>
      database.transaction((transaction) =>
        transaction.insertRows("category", columns, Array.from({ length: 500 }, (_, index) => ["c" + index, "w", "rent", "expense", 0, false, "2026-01-01T00:00:00.000Z", "operating"]), "fail"),
      ),
    rows: async () => Number((await database.query(sql\`select count(*) as "n" from "category"\`))[0].n),
    close: () => database.close(),
  };
`;

let pages: WorkerPages;

beforeAll(async () => {
  pages = await workerPages(workerSource, import.meta.dirname);
});
afterAll(() => pages.close());

const faults = [
  ...[0, 1, 2, 3, 40, 200].map((after) => ({ call: "open", after })),
  ...[0, 1, 3, 90].map((after) => ({ call: "find", after })),
  ...[0, 1, 5, 60, 300].map((after) => ({ call: "read", after })),
  ...[0, 2, 80].map((after) => ({ call: "size", after })),
  // Where it is found out which files this browser has.
  ...["open", "find"].map((call) => ({ call, after: 0, isEarly: true })),
];

test("a fault of the browser's that passes at a start leaves sound books where they are: they open then, or when it is tried again", async () => {
  const page = await pages.open();
  expect(await ask(page, "open")).toBe(0);
  expect(await ask(page, "write")).toBe(500);
  for (const fault of faults) {
    await page.reload();
    const opened = await ask<number | string>(page, "open", fault);
    if (opened !== 0) {
      expect([fault, opened]).toEqual([fault, expect.stringMatching(/^store\./)]);
      expect([fault, await ask(page, "open")]).toEqual([fault, 0]);
    }
    expect([fault, await ask(page, "rows")]).toEqual([fault, 500]);
  }
  await page.context().close();
});
