import pg from "pg";
import { editingDevices } from "./bench-edits.ts";

const bareCommits = 200;

/** What the same Postgres commits a second as bare transactions of one row, from as many connections as there are devices. */
export async function bareCommitsPerSecond(databaseUrl: string): Promise<number> {
  const connections = await Promise.all(
    Array.from({ length: editingDevices }, async () => {
      const connection = new pg.Client({ connectionString: databaseUrl });
      await connection.connect();
      return connection;
    }),
  );
  await connections[0]?.query("create table bench_bare (id text primary key, name text not null)");
  const from = performance.now();
  await Promise.all(
    connections.map(async (connection, device) => {
      for (let commit = 0; commit < bareCommits; commit++) await connection.query("insert into bench_bare values ($1, $2)", [`${device}-${commit}`, `name ${commit}`]);
    }),
  );
  const ms = performance.now() - from;
  await connections[0]?.query("drop table bench_bare");
  for (const connection of connections) await connection.end();
  return (editingDevices * bareCommits * 1_000) / ms;
}
