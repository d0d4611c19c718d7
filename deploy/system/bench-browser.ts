import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { z } from "zod";
import { quantile } from "../bench/bench.ts";
import { launchDevice } from "../testing/browser.ts";

/** What a browser on a large company's books took. */
export interface BrowserReport {
  /** The file was handed to the worker, as a window hands one over, and is understood: until its rows are in the books, with outbox. */
  readonly importMs: number;
  /** From the start of the core's worker to the first page of rows on the tab's side, one after another, each in a browser started anew. */
  readonly startsMs: readonly number[];
}

/** What is measured, and where. */
export interface BrowserMeasurement {
  readonly repository: string;
  /** For the browser's profile. */
  readonly folder: string;
  /** The statement to import. */
  readonly file: string;
  /** A relay to sign up with. */
  readonly serverUrl: string;
  readonly note: (line: string) => void;
}

const startsMax = 5;

/** The tab's side of the bridge to the built core, and nothing else of the app. */
const pageSource = `
  import { createBridgeClient } from "../../bridge/client.ts";
  import { saldoMethods } from "../../bridge/contract/index.ts";
  import { openTabPort } from "./tab-port.ts";
  const startCore = async () => {
    new Worker(document.body.dataset.core, { type: "module", name: "saldo-core" });
    return createBridgeClient(saldoMethods, await openTabPort(crypto.randomUUID()));
  };
  window.importFile = async () => {
    const core = await startCore();
    await core.call("session.signUp", { email: "owner@example.test", password: "correct horse battery", companyName: "Ромашка", currency: "USD", locale: "ru" });
    await fetch("/offline", { method: "POST" });
    const bytes = await (await fetch("/statement.csv")).blob();
    const { previewId } = await core.call("import.preview", { fileName: "statement.csv", bytes });
    const from = performance.now();
    const { rowsAdded } = await core.call("import.commit", { previewId });
    const ms = performance.now() - from;
    await untilNothingIsWritten();
    return { ms, rows: rowsAdded };
  };
  // A start after a browser that was closed while something was written looks at every page first.
  const untilNothingIsWritten = async () => {
    const opening = indexedDB.open("saldo-device");
    const records = await new Promise((resolve) => opening.addEventListener("success", () => resolve(opening.result)));
    for (let isWriting = true; isWriting; ) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const asked = records.transaction("record").objectStore("record").getAllKeys();
      const names = await new Promise((resolve) => asked.addEventListener("success", () => resolve(asked.result)));
      isWriting = names.some((name) => String(name).startsWith("writing "));
    }
    records.close();
  };
  window.firstRows = async () => {
    const from = performance.now();
    const core = await startCore();
    const { rows } = await core.call("transactions.list", { filter: {}, cursor: null, limit: 50 });
    return { ms: performance.now() - from, rows: rows.length };
  };
`;

const told = z.object({ ms: z.number(), rows: z.number() });

/**
 * Measures the built web app's core on the browser's private files: an import of a file, then its start. The network is there for signing
 * up and gone after that.
 */
export async function measureBrowser({ repository, folder, note, file, serverUrl }: BrowserMeasurement): Promise<BrowserReport> {
  const web = path.join(repository, "apps-bridge", "dist", "web");
  const { url, close } = await serve(web, await pageScript(repository), file, serverUrl);
  const profile = path.join(folder, "browser");
  mkdirSync(profile);
  const measure = async (what: "importFile" | "firstRows") => {
    const device = await launchDevice(profile);
    try {
      const page = await device.newPage();
      page.on("console", (message) => void (message.type() === "error" && note(message.text())));
      await page.goto(url);
      return await run(page, what);
    } finally {
      await device.close();
    }
  };
  try {
    const imported = await measure("importFile");
    note(`import in the browser: ${Math.round(imported.ms)} ms, ${imported.rows} rows`);
    const startsMs: number[] = [];
    for (let start = 0; start < startsMax; start++) {
      const { ms, rows } = await measure("firstRows");
      if (rows === 0) throw new Error("the books are empty");
      note(`start in the browser: ${Math.round(ms)} ms`);
      startsMs.push(ms);
    }
    return { importMs: imported.ms, startsMs };
  } finally {
    close();
  }
}

/** The median of a browser's starts. */
export function medianStartMs({ startsMs }: BrowserReport): number {
  return quantile(startsMs, 0.5);
}

async function run(page: Page, what: string): Promise<z.infer<typeof told>> {
  return told.parse(await page.evaluate(`window.${what}()`));
}

async function pageScript(repository: string): Promise<string> {
  const resolveDir = path.join(repository, "apps-bridge", "src", "web", "core");
  const result = await build({ stdin: { contents: pageSource, resolveDir, loader: "ts" }, bundle: true, write: false, format: "esm", target: "es2023" });
  return result.outputFiles[0]?.text ?? "";
}

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm", ".tgz": "application/gzip", ".data": "application/octet-stream", ".csv": "text/csv" };

/** Serves the built app's files and the page, and passes on what is for the relay until the page says that the network is gone. */
async function serve(web: string, script: string, file: string, serverUrl: string): Promise<{ readonly url: string; close(): void }> {
  const core = readdirSync(path.join(web, "assets")).find((name) => /^worker\.main-.*\.js$/.test(name));
  if (core === undefined) throw new Error("the built web app has no core");
  const csv = readFileSync(file);
  let isOnline = true;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const asset = path.join(web, path.normalize(pathname));
    if (pathname.startsWith("/v1/") && isOnline) return passOn(request, response, serverUrl);
    response.setHeader("content-type", types[path.extname(pathname)] ?? "text/html");
    if (pathname === "/offline") isOnline = false;
    if (pathname === "/") return void response.end(`<!doctype html><body data-core="/assets/${core}"><script type="module" src="/page.js"></script>`);
    if (pathname === "/page.js") return void response.end(script);
    if (pathname === "/statement.csv") return void response.end(csv);
    // Kept as the relay lets them be kept: of what a browser keeps it keeps the compiled form too.
    if (pathname.startsWith("/assets/")) response.setHeader("cache-control", "public, max-age=31536000, immutable");
    if (pathname.startsWith("/assets/") && existsSync(asset)) return void createReadStream(asset).pipe(response);
    response.statusCode = 503;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`, close };
}

function passOn(request: IncomingMessage, response: ServerResponse, serverUrl: string): void {
  const onward = ask(new URL(request.url ?? "/", serverUrl), { method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}
