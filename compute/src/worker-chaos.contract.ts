import { expect, it, vi } from "vitest";
import { addTransaction, addWorkspace, createServerDatabase, requestJob, type ServerDatabase } from "./testing/books.ts";
import { buildPrograms } from "./testing/program.ts";

const waitMs = { timeout: 120_000, interval: 50 };
const workspaces = 20;
/** Far more than a job takes on a machine that does other things as well. */
const msPerJobMax = 140;

/** How much is to go wrong. */
export interface Chaos {
  readonly store: string;
  readonly redisUrl: () => string | null;
  readonly seed: number;
  readonly jobs: number;
  readonly workers: number;
  readonly kills: number;
  /** Something else that goes wrong half way. */
  readonly halfWay?: () => Promise<void>;
}

/** Mixed jobs over workers that are killed at random: every job's effect exactly once, none lost. */
export function workerChaos({ store, redisUrl, seed, jobs, workers, kills, halfWay = () => Promise.resolve() }: Chaos): void {
  it(`has every effect of ${jobs} jobs exactly once over ${workers} workers killed ${kills} times (${store}, seed ${seed})`, async () => {
    const random = seeded(seed);
    const programs = await buildPrograms({ worker: "src/testing/mortal-worker.main.ts" }, `chaos-${store}`);
    const server = await createServerDatabase();
    const url = redisUrl();
    const pool = programs.pool("worker", { DATABASE_URL: server.url, ...(url === null ? {} : { REDIS_URL: url }) });
    try {
      await watchEnds(server);
      const expected = await requestMixed(server, jobs, random);
      pool.resize(workers);
      for (let killed = 0; killed < kills; killed++) {
        const wanted = Math.ceil((jobs * (killed + random())) / (kills + 1));
        await vi.waitFor(async () => expect(await endedCount(server)).toBeGreaterThanOrEqual(wanted), waitMs);
        const victims = pool.pids;
        const victim = victims[Math.floor(random() * victims.length)];
        if (victim !== undefined) process.kill(victim, "SIGKILL");
        if (killed === Math.floor(kills / 2)) await halfWay();
      }
      await vi.waitFor(async () => expect(await endedCount(server)).toBe(jobs), waitMs);
      expect(await effects(server)).toEqual(expected);
      expect(await endsOf(server)).toEqual({ least: 1, most: 1 });
    } finally {
      await pool.stop();
      await server.drop();
      programs.remove();
    }
  }, Math.max(180_000, jobs * msPerJobMax));
}

/** Notes each end of a job, also one that another undoes. */
async function watchEnds({ pool }: ServerDatabase): Promise<void> {
  await pool.query(`create table ends (job_id text)`);
  await pool.query(`create function note_end() returns trigger language plpgsql as $$ begin insert into ends values (new."id"); return null; end $$`);
  await pool.query(`create trigger note_end after update on "job" for each row when (new."status" in ('done', 'failed')) execute function note_end()`);
}

async function endsOf({ pool }: ServerDatabase): Promise<{ least: number; most: number }> {
  const { rows } = await pool.query<{ least: number; most: number }>(
    `select min(n)::int as least, max(n)::int as most from (select j."id", count(e.job_id) as n from "job" as j left join ends as e on e.job_id = j."id" group by j."id") as counted`,
  );
  return rows[0] ?? { least: 0, most: 0 };
}

/** Requests jobs of every kind there is, some of them without a chance; what each is to leave behind, by its id. */
async function requestMixed({ pool }: ServerDatabase, jobs: number, random: () => number): Promise<Record<string, string>> {
  for (let index = 0; index < workspaces; index++) {
    const workspaceId = `w${index}`;
    await addWorkspace(pool, workspaceId, ["paid", "trial", "expired"][index % 3]);
    await addTransaction(pool, workspaceId, "t1", { postedOn: "2026-03-01", amountMinor: -100_000 });
  }
  const expected: Record<string, string> = {};
  for (let index = 0; index < jobs; index++) {
    const id = `job-${String(index).padStart(5, "0")}`;
    const choice = random();
    const workspaceId = `w${Math.floor(random() * workspaces)}`;
    if (choice < 0.1) await requestJob(pool, workspaceId, id, { parameters: { horizonMonths: 99 } });
    else if (choice < 0.6) await requestJob(pool, workspaceId, id);
    else await requestJob(pool, workspaceId, id, { kind: "analyze_report", parameters: { title: "T", period: "month", horizonMonths: 6 } });
    expected[id] = choice < 0.1 ? "failed job.invalid_parameters -" : choice < 0.6 ? "done - forecast" : "done - dashboard,forecast,recommendations report";
  }
  return expected;
}

/** What each job left behind. */
async function effects({ pool }: ServerDatabase): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ id: string; effect: string }>(
    `select j."id", concat_ws(' ', j."status", coalesce(d.code, '-'), coalesce((select string_agg(r."kind", ',' order by r."kind") from "report_result" as r where r."workspace_id" = j."workspace_id" and r."job_id" = j."id"), '-'),
       (select 'report' from "report" as p where p."workspace_id" = j."workspace_id" and p."id" = j."id")) as effect
     from "job" as j left join relay.dead_letter as d on d.workspace_id = j."workspace_id" and d.job_id = j."id" order by j."id"`,
  );
  return Object.fromEntries(rows.map(({ id, effect }) => [id, effect]));
}

async function endedCount({ pool }: ServerDatabase): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count from "job" where "status" in ('done', 'failed', 'cancelled')`);
  return rows[0]?.count ?? 0;
}

/** Numbers in [0, 1) that repeat for a seed. */
function seeded(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
