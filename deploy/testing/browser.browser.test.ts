import { createServer } from "node:http";
import { expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";

it("opens a page of a local server with OPFS and workers at hand", async () => {
  const server = createServer((_request, response) => response.setHeader("content-type", "text/html; charset=utf-8").end("<title>Сальдо</title>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    expect(await page.title()).toBe("Сальдо");
    expect(await page.evaluate("typeof navigator.storage.getDirectory")).toBe("function");
  } finally {
    await browser.close();
    server.close();
  }
});
