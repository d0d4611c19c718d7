import { existsSync } from "node:fs";
import path from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

/** One step of a page on a slow machine: what a test waits for comes sooner, or never. */
export const stepMsMax = 120_000;
/** Flags of a headless Chromium that talks to nobody but the page under test. */
const chromiumFlags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const programNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPrograms = ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Path of the Chromium to test with: `SALDO_CHROMIUM`, else the first one found on PATH. Throws when there is none. */
export function findChromium(): string {
  const named = process.env["SALDO_CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const found = [...programNames.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...macPrograms].find((file) => existsSync(file));
  if (found === undefined) throw new Error("No Chromium found: install it (apt-get install chromium), or set SALDO_CHROMIUM to its path.");
  return found;
}

/**
 * Launches headless Chromium by playwright-core. One browser may serve many tests: give each its own `browser.newContext()`,
 * which is a separate device (storage of its own). For storage that survives a browser restart, see {@link launchDevice}.
 */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags, headless: true, timeout: stepMsMax });
  browser.on("context", (context) => context.setDefaultTimeout(stepMsMax));
  return browser;
}

/** Launches Chromium with a profile folder, so that OPFS and service workers survive closing it: a device that can be switched off. */
export async function launchDevice(profileDir: string): Promise<BrowserContext> {
  const device = await chromium.launchPersistentContext(profileDir, { executablePath: findChromium(), args: chromiumFlags, headless: true, reducedMotion: "reduce", timeout: stepMsMax });
  device.setDefaultTimeout(stepMsMax);
  return device;
}
