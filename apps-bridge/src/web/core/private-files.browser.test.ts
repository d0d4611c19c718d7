import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, workerPages, type WorkerPages } from "./testing/worker-page.ts";

/** A worker that keeps a database on private files, and notes which of them hold what was written but not flushed. */
const workerSource = `
  import { PGlite } from "@electric-sql/pglite";
  import { privateFiles, startParameters } from "./private-files.ts";
  import { openReserve } from "./reserve.ts";
  const files = new Map();
  const open = FileSystemFileHandle.prototype.createSyncAccessHandle;
  FileSystemFileHandle.prototype.createSyncAccessHandle = async function () {
    const handle = await open.call(this);
    files.set(handle, this.name);
    return handle;
  };
  const unflushed = new Set();
  let control;
  const atControl = [];
  const pathsOf = (node, path, found) => {
    if (node.type === "file") found.set(node.backingFilename, path);
    else for (const [name, child] of Object.entries(node.children)) pathsOf(child, path + "/" + name, found);
    return found;
  };
  const inUse = () => {
    const paths = pathsOf(fs.state.root, "", new Map([["state.txt", "state.txt"]]));
    return [...unflushed].flatMap((name) => (paths.has(name) ? [paths.get(name)] : []));
  };
  const { write, flush } = FileSystemSyncAccessHandle.prototype;
  FileSystemSyncAccessHandle.prototype.write = function (...parts) {
    if (files.get(this) === control) atControl.push(inUse());
    if (parts[0].byteLength > 0 && files.get(this) !== "reserve") unflushed.add(files.get(this));
    return write.apply(this, parts);
  };
  FileSystemSyncAccessHandle.prototype.flush = function () {
    unflushed.delete(files.get(this));
    return flush.call(this);
  };
  let fs;
  let pglite;
  const start = async (from) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("books", { create: true });
    fs = (await privateFiles())({ path: "books", folder, from, reserve: await openReserve(folder) });
    pglite = await PGlite.create({ fs, relaxedDurability: false, startParams: [...PGlite.defaultStartParams, ...startParameters] });
    return folder;
  };
  const rows = "create table NAME (id int primary key, purpose text); insert into NAME select n, 'rent ' || n from generate_series(1, 20000) n";
  const work = {
    async checkpoint() {
      await start("nothing");
      control = fs.state.root.children.global.children.pg_control.backingFilename;
      await pglite.exec(rows.replaceAll("NAME", "payment"));
      const before = inUse().length;
      // Files that are made since the last note of all of them.
      await pglite.transaction((transaction) => transaction.exec("create table note (id int primary key)"));
      const noted = await (await (await (await navigator.storage.getDirectory()).getDirectoryHandle("books")).getFileHandle("state.txt")).getFile();
      await pglite.exec("checkpoint");
      return { before, atControl, after: inUse(), lines: (await noted.text()).split("\\n").length };
    },
    async written() {
      control = undefined;
      await pglite.close();
      const next = fs.state.pool.at(-1);
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("books");
      const file = await (await (await folder.getDirectoryHandle("data")).getFileHandle(next)).createSyncAccessHandle();
      write.call(file, new Uint8Array(8192).fill(0x5a), { at: 0 });
      file.close();
      await start("kept");
      await pglite.exec(rows.replaceAll("NAME", "invoice"));
      return (await pglite.query("select (select count(*) from payment) + (select count(*) from invoice) as n")).rows[0].n;
    },
  };
`;

let pages: WorkerPages;

beforeAll(async () => {
  pages = await workerPages(workerSource, import.meta.dirname);
});
afterAll(() => pages.close());

interface Result {
  readonly before: number;
  readonly atControl: readonly (readonly string[])[];
  readonly after: readonly string[];
  readonly lines: number;
}

test("a checkpoint notes that the log is no longer needed once all that the log tells is flushed, files made since among it, and flushes the note; what a file held that was never noted is nobody's", async () => {
  const page = await pages.open();
  const { before, atControl, after, lines } = await ask<Result>(page, "checkpoint");
  expect(before).toBeGreaterThan(0);
  expect(lines).toBeGreaterThan(1);
  expect(atControl.length).toBeGreaterThan(0);
  expect(atControl.flat()).toEqual([]);
  expect(after).toEqual([]);
  expect(await ask(page, "written")).toBe(40_000);
});
