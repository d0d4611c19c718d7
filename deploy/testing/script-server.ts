import { createServer } from "node:http";
import { build } from "esbuild";

/** A server of one page and its scripts. */
export interface ScriptServer {
  /** Where the page is. */
  readonly url: string;
  close(): void;
}

/** Bundles a program given as text for a browser; its imports are found from `resolveDir`. */
export async function bundleScript(contents: string, resolveDir: string): Promise<string> {
  const result = await build({ stdin: { contents, resolveDir, loader: "ts" }, bundle: true, write: false, format: "esm", target: "es2023" });
  return result.outputFiles[0]?.text ?? "";
}

/** Serves scripts by path on a free port of loopback, and at any other path an empty page that runs `/page.js`. */
export async function serveScripts(scripts: Readonly<Record<string, string>>): Promise<ScriptServer> {
  const byPath = new Map(Object.entries(scripts));
  const server = createServer((request, response) => {
    const script = byPath.get(request.url ?? "");
    response.setHeader("content-type", script === undefined ? "text/html" : "text/javascript");
    response.end(script ?? '<script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`, close: () => void server.close() };
}
