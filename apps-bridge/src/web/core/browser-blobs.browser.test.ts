import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../../deploy/testing/browser.ts";
import { bundleScript, serveScripts, type ScriptServer } from "../../../../deploy/testing/script-server.ts";

/** A worker, as the core is one, that tells the first broken claim of each store. */
const workerSource = `
  import { brokenClaim } from "@saldo/client-core/files/testing";
  import { indexedDbBlobs, opfsBlobs, browserBlobs } from "./browser-blobs.ts";
  const claim = (make) => brokenClaim(make("a"), () => make("a")).catch((error) => String(error.cause ?? error));
  const results = async () => {
    const [opfs, indexedDb] = [await claim(opfsBlobs), await claim(indexedDbBlobs)];
    const other = (await browserBlobs("b").list()).length;
    postMessage({ opfs, indexedDb, other });
  };
  void results();
`;
const pageSource = `const worker = new Worker("/worker.js", { type: "module" }); window.results = new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));`;

let browser: Browser;
let server: ScriptServer;

beforeAll(async () => {
  server = await serveScripts({ "/worker.js": await bundleScript(workerSource, import.meta.dirname), "/page.js": pageSource });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
});

test("private files and IndexedDB both keep the contract of a store of blobs; each name has its own", async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  expect(await page.evaluate("window.results")).toEqual({ opfs: null, indexedDb: null, other: 0 });
});
