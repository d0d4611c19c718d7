import { afterEach, expect, it } from "vitest";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function server(options: Parameters<typeof startShapeServer>[0]): Promise<ShapeServer> {
  const started = await startShapeServer(options);
  cleanups.push(() => started.stop());
  return started;
}

/** Sessions of the database beside this test's own. */
async function sessions({ client }: ShapeServer): Promise<number> {
  const { rows } = await client.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
  return rows[0]?.n ?? -1;
}

it("leaves an idle database alone, and wakes for a request with the same shapes and nothing missed", async () => {
  const running = await server({ replicationIdleMs: 50, longPollMs: 500 });
  const { client, service } = running;
  await client.query("CREATE TABLE asleep (id int PRIMARY KEY)");
  const first = await service.handle(new Request("http://in.process/?offset=-1"), { table: "asleep" });
  const handle = first.headers.get("electric-handle") ?? "";
  while ((await sessions(running)) > 0);
  expect(service.health()).toBe("active");
  await client.query("INSERT INTO asleep VALUES (1)");
  // A busy server may take longer to send the row than this service stays awake: the next request wakes it again.
  for (let text = ""; !text.includes('"operation":"insert"'); ) {
    const live = await service.handle(new Request(`http://in.process/?offset=0_inf&handle=${handle}&live=true`), { table: "asleep" });
    expect([live.status, live.headers.get("electric-handle")]).toEqual([200, handle]);
    text = await live.text();
  }
});

it("makes a slot that ends with it when asked to, and every shape anew with the next one", async () => {
  const running = await server({ temporarySlot: true });
  const { client } = running;
  await client.query("CREATE TABLE passing (id int PRIMARY KEY)");
  const first = await fetch(`${running.url}?table=passing&offset=-1`);
  await running.service.close();
  const slots = await client.query("SELECT FROM pg_replication_slots WHERE database = current_database()");
  expect(slots.rowCount).toBe(0);
  await running.restart();
  expect((await fetch(`${running.url}?table=passing&offset=0_inf&handle=${first.headers.get("electric-handle")}`)).status).toBe(409);
});
