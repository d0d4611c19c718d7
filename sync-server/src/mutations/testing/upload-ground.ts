import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { createTestDatabase } from "../../../../deploy/testing/postgres.ts";
import { relayEnvironment, startRelayProcess } from "../../testing/relay-process.ts";
import type { FaultyUploads } from "./faulty-uploads.ts";

/** Runs `work` with a relay of its own, started from a bundled program on a database of its own. */
export async function onUploadGround(program: string, work: (ground: FaultyUploads) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  const storageDir = await mkdtemp(join(tmpdir(), "saldo-uploads-"));
  await chmod(storageDir, 0o711);
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on("error", () => undefined);
  const environment = relayEnvironment(database.url, storageDir, `slot_${database.name}`);
  let relay = await startRelayProcess(program, environment);
  try {
    await work({
      pool,
      relay: () => relay,
      async crash() {
        await relay.kill();
        relay = await startRelayProcess(program, environment);
      },
    });
  } finally {
    await relay.kill();
    await pool.end();
    await database.drop();
    await rm(storageDir, { recursive: true, force: true });
  }
}

/** Uniform numbers from a seed (mulberry32, Tommy Ettinger, public domain). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}
