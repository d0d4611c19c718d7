import { createRequire } from "node:module";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../../deploy/testing/browser.ts";
import { bundleScript, serveScripts, type ScriptServer } from "../../../../deploy/testing/script-server.ts";

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
    const paths = pathsOf(fs.state.root, "", new Map());
    return [...unflushed].flatMap((name) => (paths.has(name) ? [paths.get(name)] : []));
  };
  const { write, flush } = FileSystemSyncAccessHandle.prototype;
  FileSystemSyncAccessHandle.prototype.write = function (...parts) {
    if (files.get(this) === control) atControl.push(inUse());
    if (parts[0].byteLength > 0 && !["state.txt", "reserve"].includes(files.get(this))) unflushed.add(files.get(this));
    return write.apply(this, parts);
  };
  FileSystemSyncAccessHandle.prototype.flush = function () {
    unflushed.delete(files.get(this));
    return flush.call(this);
  };
  const reserve = await openReserve(await (await navigator.storage.getDirectory()).getDirectoryHandle("books", { create: true }));
  const fs = (await privateFiles())("books", "nothing", reserve);
  const pglite = await PGlite.create({ fs, relaxedDurability: false, startParams: [...PGlite.defaultStartParams, ...startParameters] });
  control = fs.state.root.children.global.children.pg_control.backingFilename;
  await pglite.exec("create table payment (id int primary key, purpose text); insert into payment select n, 'rent ' || n from generate_series(1, 20000) n");
  const before = inUse().length;
  await pglite.exec("checkpoint");
  postMessage({ before, atControl, after: inUse() });
`;
const pageSource = `
  const worker = new Worker("/worker.js", { type: "module" });
  window.results = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
`;

const pgliteFolder = path.dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
let browser: Browser;
let server: ScriptServer;

beforeAll(async () => {
  server = await serveScripts({ "/worker.js": await bundleScript(workerSource, import.meta.dirname), "/page.js": pageSource }, pgliteFolder);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
});

interface Result {
  readonly before: number;
  readonly atControl: readonly (readonly string[])[];
  readonly after: readonly string[];
}

test("a checkpoint notes that the log is no longer needed once all that the log tells is flushed, and flushes the note", async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const { before, atControl, after }: Result = await page.evaluate("window.results");
  expect(before).toBeGreaterThan(0);
  expect(atControl.length).toBeGreaterThan(0);
  expect(atControl.flat()).toEqual([]);
  expect(after).toEqual([]);
});
