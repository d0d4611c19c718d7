import { PGlite } from "@electric-sql/pglite";
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/**
 * Puts the files of an empty Postgres database beside the web app, so that a new device unpacks them instead of spending seconds on
 * `initdb`. The archive's address is `import.meta.env.VITE_EMPTY_DATABASE`; it names the content, so it always fits the PGlite it came with.
 */
export function emptyDatabase(): Plugin {
  let asset = { fileName: "", source: new Uint8Array() };
  return {
    name: "saldo-empty-database",
    apply: "build",
    async config() {
      const source = await makeArchive();
      const digest = createHash("sha256").update(source).digest("hex").slice(0, 12);
      asset = { fileName: `assets/empty-database-${digest}.tgz`, source };
      return { define: { "import.meta.env.VITE_EMPTY_DATABASE": JSON.stringify(`/${asset.fileName}`) } };
    },
    generateBundle() {
      this.emitFile({ type: "asset", ...asset });
    },
  };
}

async function makeArchive(): Promise<Uint8Array<ArrayBuffer>> {
  const database = await PGlite.create();
  // Two databases nobody opens are two thirds of the files, and a browser opens every file of a store before its first query.
  await database.exec("update pg_database set datistemplate = false");
  for (const name of ["template0", "template1"]) await database.exec(`drop database ${name}`);
  const archive = await database.dumpDataDir("gzip");
  await database.close();
  return new Uint8Array(await archive.arrayBuffer());
}
