import { setTimeout as sleep } from "node:timers/promises";
import { type RunningPostgres, startPostgres } from "../postgres/index.ts";

const restartsMax = 5;
const restartDelayMs = 500;

/** A database for this run of Saldo. */
export interface KeptDatabase {
  readonly url: string;
  /** Rejects when an embedded server died too often to go on; never resolves. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

/** The person's own server when `DATABASE_URL` names one, else an embedded one that is started again, on its port, when it dies. */
export async function openDatabase(dataDir: string, givenUrl: string | undefined): Promise<KeptDatabase> {
  if (givenUrl !== undefined && givenUrl !== "") return { url: givenUrl, broken: new Promise(() => undefined), stop: () => Promise.resolve() };
  let server: RunningPostgres = await startPostgres({ dataDir, database: "saldo" });
  const { url, port } = server;
  let stopping = false;
  const keep = async (): Promise<never> => {
    for (let restarts = 0; ; restarts++) {
      await server.exited;
      if (stopping) return new Promise(() => undefined);
      await server.stop();
      if (restarts === restartsMax) throw new Error(`PostgreSQL keeps stopping; see ${dataDir}/postgres.log.`);
      await sleep(restartDelayMs * 2 ** restarts);
      server = await startPostgres({ dataDir, database: "saldo", port });
    }
  };
  const broken = keep();
  broken.catch(() => undefined); // who waits for it hears it; nobody need wait
  return {
    url,
    broken,
    stop: () => {
      stopping = true;
      return server.stop();
    },
  };
}
