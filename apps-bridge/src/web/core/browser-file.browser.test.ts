import { createHash } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../../deploy/testing/browser.ts";
import { bundleScript, serveScripts, type ScriptServer } from "../../../../deploy/testing/script-server.ts";

/** A worker, as the core is one, that is handed a file by its page and reads it. */
const workerSource = `
  import { slicesOf } from "@saldo/client-core/import";
  import { browserFile } from "./browser-file.ts";
  onmessage = async ({ data }) => {
    const file = browserFile(data);
    let [bytes, most] = [0, 0];
    for (const slice of slicesOf(file, 0)) [bytes, most] = [bytes + slice.bytes.length, Math.max(most, slice.bytes.buffer.byteLength)];
    postMessage({ bytes, most, hash: await file.sha256(), tail: [...file.subarray(file.byteLength - 3, file.byteLength + 9)] });
  };
`;
const pageSource = `
  const worker = new Worker("/worker.js", { type: "module" });
  const row = "2024-03-05,Coffee,-12.50\\n";
  const file = new File([row.repeat(200_000)], "march.csv");
  window.results = new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
  worker.postMessage(file);
`;

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

test("a worker reads a file its page hands over slice by slice", async () => {
  const text = "2024-03-05,Coffee,-12.50\n".repeat(200_000);
  const page = await browser.newPage();
  await page.goto(server.url);
  expect(await page.evaluate("window.results")).toEqual({ bytes: text.length, most: 1024 * 1024, hash: createHash("sha256").update(text).digest("hex"), tail: [53, 48, 10] });
});
