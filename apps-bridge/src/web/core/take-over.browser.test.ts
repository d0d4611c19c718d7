import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../../deploy/testing/browser.ts";
import { bundleScript, serveScripts, type ScriptServer } from "../../../../deploy/testing/script-server.ts";

/** A tab's side: asks whichever core leads, and tells by which term it was refused. */
const pageSource = `
  import { createBridgeClient } from "../../bridge/client.ts";
  import { saldoMethods } from "../../bridge/contract/index.ts";
  import { openTabPort } from "./tab-port.ts";
  const worker = new Worker("/leader.js", { type: "module" });
  const client = openTabPort(crypto.randomUUID()).then((port) => createBridgeClient(saldoMethods, port));
  window.termOfAnswer = async () => (await client).call("session.status", {}).catch((error) => error.detail.term);
  window.dropLeader = () => worker.terminate();
`;

/** A worker that leads when it holds the lock. Its core "could not be opened", so every answer carries its term. */
const leaderSource = `
  import { SaldoError } from "@saldo/schema";
  import { coreName } from "./messages.ts";
  import { serveTabs } from "./serve-tabs.ts";
  navigator.locks.request(coreName, async () => {
    const term = crypto.randomUUID();
    serveTabs(new SaldoError("store.closed", { term }), term);
    await new Promise(() => {});
  });
`;

let browser: Browser;
let server: ScriptServer;
let device: BrowserContext;

beforeAll(async () => {
  server = await serveScripts({ "/page.js": await bundleScript(pageSource, import.meta.dirname), "/leader.js": await bundleScript(leaderSource, import.meta.dirname) });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
});
beforeEach(async () => {
  device = await browser.newContext();
});
afterEach(() => device.close());

async function openTab(): Promise<Page> {
  const page = await device.newPage();
  await page.goto(server.url);
  return page;
}

const termOf = (page: Page): Promise<string> => page.evaluate<string>("window.termOfAnswer()");

test("one core answers all tabs", async () => {
  const first = await openTab();
  const term = await termOf(first);
  const others = [await openTab(), await openTab()];
  expect(await Promise.all(others.map(termOf))).toEqual([term, term]);
});

test("when the leading tab is closed, what the others ask at that moment is answered by the next core", async () => {
  const first = await openTab();
  const term = await termOf(first);
  const others = [await openTab(), await openTab()];
  await Promise.all(others.map(termOf));
  await first.close();
  const after = await Promise.all(others.map(termOf));
  expect(new Set(after).size).toBe(1);
  expect(after[0]).not.toBe(term);
});

test("a tab asks again by itself when the core dies between question and answer", async () => {
  const first = await openTab();
  const term = await termOf(first);
  const second = await openTab();
  await termOf(second);
  await first.evaluate("window.dropLeader()");
  expect(await termOf(first)).not.toBe(term);
  expect(await termOf(first)).toBe(await termOf(second));
});
