import { createRequire } from "node:module";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../../../../../deploy/testing/browser.ts";
import { bundleScript, serveScripts } from "../../../../../deploy/testing/script-server.ts";

const pgliteFolder = path.dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));

/** Numbers the questions of a page, whose worker answers each with its number. */
const pageSource = `
  const worker = new Worker("/worker.js", { type: "module" });
  const waiting = new Map();
  worker.onmessage = ({ data: { id, result } }) => waiting.get(id)(result);
  worker.onerror = ({ message }) => console.error(message);
  let last = 0;
  window.ask = (name, args) => new Promise((resolve) => { last += 1; waiting.set(last, resolve); worker.postMessage({ id: last, name, args }); });
`;

/** What a worker's source needs to answer: the functions of its \`work\`, by name; a failure is answered with its code. */
const answering = `
  const codeOf = (error) => error.code ?? String(error);
  onmessage = ({ data: { id, name, args } }) => Promise.resolve().then(() => work[name](args)).catch(codeOf).then((result) => postMessage({ id, result: result ?? null }));
`;

/** A Chromium with pages whose worker has PGlite at hand. */
export interface WorkerPages {
  readonly browser: Browser;
  readonly url: string;
  /** A page of a device of its own. */
  open(): Promise<Page>;
  close(): Promise<void>;
}

/** Serves a page whose worker runs `source`, which names its functions \`work\`; imports are found from \`resolveDir\`. */
export async function workerPages(source: string, resolveDir: string): Promise<WorkerPages> {
  const [worker, browser] = await Promise.all([bundleScript(source + answering, resolveDir), launchBrowser()]);
  const server = await serveScripts({ "/worker.js": worker, "/page.js": pageSource }, pgliteFolder);
  return {
    browser,
    url: server.url,
    async open() {
      const page = await (await browser.newContext()).newPage();
      await page.goto(server.url);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** Asks the worker of a page; answers what its function does, or the code it fails with. */
export function ask<Result = unknown>(page: Page, name: string, args: unknown = {}): Promise<Result> {
  return page.evaluate<Result>(`window.ask(${JSON.stringify(name)}, ${JSON.stringify(args)})`);
}
