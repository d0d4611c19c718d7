import { expect, it } from "vitest";
import { startShapeServer } from "./testing/shape-server.ts";

/** Round trips that leave an answer that does not wait enough time to come. */
const roundTrips = 50;

it("does not say that a shape is complete before the log has reached what its snapshot saw", async () => {
  const server = await startShapeServer();
  const { client, service } = server;
  const one = async (text: string) => String((await client.query<{ value: unknown }>(text)).rows[0]?.value);
  let walSender: number | undefined;
  try {
    await client.query("CREATE TABLE ahead (id int PRIMARY KEY)");
    await (await service.handle(new Request("http://in.process/?offset=-1"), { table: "ahead" })).text();
    walSender = Number(await one("SELECT active_pid AS value FROM pg_replication_slots WHERE active_pid IS NOT NULL AND database = current_database()"));
    process.kill(walSender, "SIGSTOP");
    const before = BigInt(await one("SELECT pg_current_wal_insert_lsn() - '0/0' AS value"));
    await client.query("INSERT INTO ahead VALUES (1)");

    const shape = { table: "ahead", where: "id > 0" };
    const snapshot = await service.handle(new Request("http://in.process/?offset=-1"), shape);
    expect(await snapshot.text()).toContain('"public\\".\\"ahead\\"/\\"1\\"');
    const query = new URLSearchParams({ handle: snapshot.headers.get("electric-handle") ?? "", offset: snapshot.headers.get("electric-offset") ?? "" });
    const answer = service.handle(new Request(`http://in.process/?${query}`), shape);
    for (let trip = 0; trip < roundTrips; trip++) await client.query("SELECT 1");
    process.kill(walSender, "SIGCONT");
    const seen = /"global_last_seen_lsn":"(\d+)"/.exec(await (await answer).text())?.[1];
    expect(BigInt(seen ?? 0)).toBeGreaterThanOrEqual(before);
  } finally {
    if (walSender !== undefined) process.kill(walSender, "SIGCONT");
    await server.stop();
  }
});
