import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ShapeEvent, startShapeService } from "./service.ts";
import { collectLog } from "./testing/shape-server.ts";
import { ownPostgres } from "./testing/own-postgres.ts";

it("starts over under way when its database is put back to an older copy: positions, shapes, and whoever asked to be told", async () => {
  const postgres = await ownPostgres();
  const dir = mkdtempSync(join(tmpdir(), "shapes-replaced-"));
  const backup = join(dir, "backup");
  const copy = (from: string, to: string) => execFileSync("cp", ["-a", from, to]); // keeps the owner, who may not be us
  let replaced: (() => void) | undefined;
  const told = new Promise<void>((resolve) => (replaced = resolve));
  let client = await postgres.connect();
  await client.query("CREATE TABLE kept (id int PRIMARY KEY, v text)");
  const options = { databaseUrl: postgres.url, storageDir: join(dir, "shapes"), slotName: "kept", publicationName: "kept", log: collectLog() };
  const service = await startShapeService({ ...options, databaseReplaced: () => replaced?.() });
  try {
    await service.ready;
    const read = (query: string) => service.handle(new Request(`http://in.process/?${query}`), { table: "kept" });
    const handle = (await read("offset=-1")).headers.get("electric-handle") ?? "";
    await postgres.halt();
    copy(postgres.clusterDir, backup);
    await postgres.start();
    client = await postgres.connect();
    await client.query("INSERT INTO kept SELECT g, repeat('x', 1000) FROM generate_series(1, 200) g");
    const seen = await read(`offset=0_inf&handle=${handle}&live=true`);
    expect(await seen.text()).toContain('"last":true');
    const ahead = service.currentLsn();
    await postgres.halt();
    rmSync(postgres.clusterDir, { recursive: true });
    copy(backup, postgres.clusterDir);
    await postgres.start();
    await told;
    expect(service.currentLsn() < ahead).toBe(true);
    const stale = await read(`offset=0_inf&handle=${handle}`);
    expect(stale.status).toBe(409);
    const anew = await read("offset=-1");
    expect(await anew.json()).toEqual([expect.objectContaining({ headers: expect.objectContaining({ control: "snapshot-end" }) })]);
    const event = new Promise<ShapeEvent>((resolve) => {
      const stop = service.subscribe((published) => {
        if (published.touched.length === 0) return;
        stop();
        resolve(published);
      });
    });
    client = await postgres.connect();
    await client.query("INSERT INTO kept VALUES (1, 'another')");
    expect(await event).toMatchObject({ touched: [service.shapeKey({ table: "kept" })] });
    expect((await event).lsn < ahead).toBe(true);
  } finally {
    await service.close();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});
