import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, workerPages, type WorkerPages } from "./testing/worker-page.ts";

/** A worker that makes a folder as PGlite has it, mends its note, and tells what is then in it. */
const workerSource = `
  import { mendNote } from "./mended-note.ts";
  const put = async (folder, name, text) => {
    const file = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
    file.truncate(0);
    file.write(new TextEncoder().encode(text), { at: 0 });
    file.close();
  };
  const work = {
    async mend({ files, note, copy, held }) {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(crypto.randomUUID(), { create: true });
      const data = files && (await folder.getDirectoryHandle("data", { create: true }));
      for (const name of files ?? []) await put(data, name, "");
      if (note !== undefined) await put(folder, "state.txt", note);
      if (copy !== undefined) await put(folder, "state.copy", copy);
      const holder = held && (await (await folder.getFileHandle("state.txt")).createSyncAccessHandle());
      try {
        await mendNote(folder);
        return await (await (await folder.getFileHandle("state.txt")).getFile()).text();
      } catch (error) {
        return error.name + ": " + error.message;
      } finally {
        holder?.close();
      }
    },
  };
`;

const tree = (...pool: readonly string[]) => JSON.stringify({ root: { type: "directory", children: { PG_VERSION: { type: "file", backingFilename: "f1" } } }, pool });
const made = '\n{"opp":"createFileNode","args":["/b",{"type":"file","backingFilename":"f2"}]}';
const forgotten = '\n{"opp":"deletePoolFile","args":["f2"]}';

let pages: WorkerPages;

beforeAll(async () => {
  pages = await workerPages(workerSource, import.meta.dirname);
});
afterAll(() => pages.close());

test("a note is mended where nothing is lost by it, and refused where PGlite would begin anew, or wait for ever", async () => {
  const page = await pages.open();
  const mended = (folder: { readonly files?: readonly string[]; readonly note?: string; readonly copy?: string; readonly held?: boolean }) => ask<string>(page, "mend", folder);
  const files = ["f1", "f2"];
  // As it is, without a line that was cut, and from its copy with what was noted since.
  expect(await mended({ files, note: tree("f2") + made })).toBe(tree("f2") + made);
  expect(await mended({ files, note: `${tree("f2")}${made}\n{"opp":"unl` })).toBe(tree("f2") + made);
  expect(await mended({ files, note: tree("f2").slice(0, 20), copy: tree("f2") })).toBe(tree("f2"));
  expect(await mended({ files, note: `\u0000\u0000${made}`, copy: tree("f2") })).toBe(tree("f2") + made);
  expect(await mended({ files, copy: tree("f2") })).toBe(tree("f2"));
  // An empty file that is gone holds nothing.
  expect(await mended({ files: ["f1"], note: tree("f2") })).toBe(tree("f2") + forgotten);
  // One of Postgres' files, all of them, or all that tells which is which.
  expect(await mended({ files: ["f1"], note: tree("f2") + made })).toBe("Error: /b is gone");
  expect(await mended({ note: tree() })).toMatch(/^NotFoundError/);
  expect(await mended({ files, note: "", copy: "" })).toBe("Error: nothing tells which file is which");
  expect(await mended({ files, note: JSON.stringify({ root: { type: "directory", children: {} }, pool: files }) })).toBe("Error: nothing tells which file is which");
  expect(await mended({ files, note: tree(), held: true })).toMatch(/^NoModificationAllowedError/);
  await page.context().close();
});
