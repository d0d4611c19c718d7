import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { inject } from "vitest";

let archive: Promise<Blob> | undefined;

/** An empty PGlite in memory, as the web app begins with: from files made once for the whole run, because `initdb` takes longer than most tests. */
export async function emptyPglite(): Promise<PGlite> {
  archive ??= archiveAt(inject("emptyPgliteFile"));
  return PGlite.create({ loadDataDir: await archive });
}

/** Makes the file when it is not there; where several processes begin with that, each takes what is whole. */
async function archiveAt(file: string): Promise<Blob> {
  if (!existsSync(file)) {
    const database = await PGlite.create();
    // Databases nobody opens are two thirds of the files.
    await database.exec("update pg_database set datistemplate = false");
    for (const name of ["template0", "template1"]) await database.exec(`drop database ${name}`);
    const dumped = await database.dumpDataDir("none");
    await database.close();
    const written = `${file}.${process.pid}`;
    writeFileSync(written, new Uint8Array(await dumped.arrayBuffer()));
    renameSync(written, file);
  }
  return new Blob([readFileSync(file)]);
}
