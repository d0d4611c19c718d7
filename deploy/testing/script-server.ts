import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { build } from "esbuild";

/** A server of one page and its scripts. */
export interface ScriptServer {
  /** Where the page is. */
  readonly url: string;
  close(): void;
}

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm", ".data": "application/octet-stream" };

/** Bundles a program given as text for a browser; its imports are found from `resolveDir`. */
export async function bundleScript(contents: string, resolveDir: string): Promise<string> {
  const define = { "import.meta.env": "{}" };
  const result = await build({ stdin: { contents, resolveDir, loader: "ts" }, bundle: true, write: false, format: "esm", target: "es2023", external: ["node:*"], define });
  return result.outputFiles[0]?.text ?? "";
}

/**
 * Serves scripts by path on a free port of loopback, beside them the files of a folder if one is given, and at any other path an empty page that runs
 * `/page.js`.
 */
export async function serveScripts(scripts: Readonly<Record<string, string>>, folder?: string): Promise<ScriptServer> {
  const byPath = new Map(Object.entries(scripts));
  const server = createServer((request, response) => {
    const place = request.url ?? "/";
    const script = byPath.get(place);
    const type = types[path.extname(place)];
    response.setHeader("content-type", type ?? "text/html");
    if (script === undefined && type !== undefined && folder !== undefined) createReadStream(path.join(folder, path.basename(place))).pipe(response);
    else response.end(script ?? '<script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`, close: () => void server.close() };
}
