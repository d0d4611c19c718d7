import type { Client } from "pg";
import type { ShapeService } from "../service.ts";

/** Waits until the service's logs have everything that is committed now. */
export async function caughtUp(client: Client, service: ShapeService): Promise<void> {
  const { rows } = await client.query<{ lsn: string }>("SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS lsn");
  const lsn = BigInt(rows[0]?.lsn ?? 0);
  // A commit of its own behind that position; nobody reads it.
  await client.query("SELECT pg_logical_emit_message(true, 'test', '')");
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (service.currentLsn() < lsn) return;
      stop();
      resolve();
    };
    const stop = service.subscribe(check);
    check();
  });
}
