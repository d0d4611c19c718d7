import { createServer, type Server } from "node:http";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../../deploy/testing/browser.ts";

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
let server: Server;
let url: string;

beforeAll(async () => {
  const result = await build({ stdin: { contents: workerSource, resolveDir: import.meta.dirname, loader: "ts" }, bundle: true, write: false, format: "esm", target: "es2023" });
  const files = new Map([
    ["/worker.js", result.outputFiles[0]?.text ?? ""],
    ["/page.js", pageSource],
  ]);
  server = createServer((request, response) => {
    const script = files.get(request.url ?? "");
    response.setHeader("content-type", script === undefined ? "text/html" : "text/javascript");
    response.end(script ?? '<script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
});

test("private files and IndexedDB both keep the contract of a store of blobs; each name has its own", async () => {
  const page = await browser.newPage();
  await page.goto(url);
  expect(await page.evaluate("window.results")).toEqual({ opfs: null, indexedDb: null, other: 0 });
});
