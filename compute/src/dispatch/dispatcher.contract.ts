import { pino } from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JobQueue } from "../queue/job-queue.ts";
import { openQueue } from "../queue/open-queue.ts";
import { addWorkspace, createServerDatabase, jobState, requestJob, testNowMs, type ServerDatabase } from "../testing/books.ts";
import { dispatchRequests, sweepJobs, type DispatchParts } from "./dispatcher.ts";

const waitMs = { timeout: 60_000, interval: 20 };

/** What handing requests over must do on every store of the queue. `forget` empties the store. */
export function dispatcherContract(redisUrl: () => string | null, forget: (server: ServerDatabase) => Promise<void>): void {
  let server: ServerDatabase;
  let queue: JobQueue;
  let parts: DispatchParts;
  beforeEach(async () => {
    server = await createServerDatabase();
    const log = pino({ level: "silent" });
    queue = await openQueue({ databaseUrl: server.url, redisUrl: redisUrl(), log, random: () => 0.5, timings: { startMsMax: 20_000, lockMs: 5_000, lostCheckMs: 5_000, retryDelayMs: 1_000 } });
    parts = { pool: server.pool, queue, workspaceJobsMax: 1_000, nowMs: () => testNowMs, log };
    await queue.waitingCount();
    await forget(server);
    await addWorkspace(server.pool, "paying", "paid");
    await addWorkspace(server.pool, "trying", "trial");
  });
  afterEach(async () => {
    await queue.close(5_000);
    await server.drop();
  });

  const work = async (count: number) => {
    const ran: string[] = [];
    await queue.work(({ jobId }) => {
      ran.push(jobId);
      return Promise.resolve({ outcome: "settled" });
    }, 1);
    await vi.waitFor(() => expect(ran.length).toBeGreaterThanOrEqual(count), waitMs);
    return ran;
  };

  it("hands each committed request over once, paying workspaces first", async () => {
    await requestJob(server.pool, "trying", "j1");
    await requestJob(server.pool, "paying", "j2");
    await requestJob(server.pool, "paying", "j3");
    await server.pool.query("update relay.job_outbox set created_at = '2026-04-15T09:00:00Z'");
    await Promise.all([dispatchRequests(parts), dispatchRequests(parts), dispatchRequests(parts)]);
    await dispatchRequests(parts);
    expect((await work(3)).at(-1)).toBe("j1");
  });

  it("hands over of each workspace only its share, and the next when one of them has ended", async () => {
    const narrow = { ...parts, workspaceJobsMax: 2 };
    for (const name of ["j1", "j2", "j3", "j4"]) await requestJob(server.pool, "paying", name);
    await requestJob(server.pool, "trying", "t1");
    const handedOver = async () => {
      await Promise.all([dispatchRequests(narrow), dispatchRequests(narrow), dispatchRequests(narrow)]);
      const { rows } = await server.pool.query<{ job_id: string }>("select job_id from relay.job_outbox where queued_at is not null order by job_id");
      return rows.map((row) => row.job_id);
    };
    expect(await handedOver()).toEqual(["j1", "j2", "t1"]);
    await server.pool.query(`update "job" set "status" = 'running' where "id" = 'j1'`);
    expect(await handedOver()).toEqual(["j1", "j2", "t1"]);
    await server.pool.query(`update "job" set "status" = 'done' where "id" = 'j1'`);
    expect(await handedOver()).toEqual(["j1", "j2", "j3", "t1"]);
  });

  it("hands the most urgent over first, and what has waited long before what is new, when there is not room for all", async () => {
    const arrivals = { low: ["sync_integration", 0], late: ["analyze_report", 31], old: ["generate_forecast", 0], urgent: ["analyze_report", 9] } as const;
    for (const [name, [kind, minutes]] of Object.entries(arrivals)) {
      await requestJob(server.pool, "paying", name, { kind });
      await server.pool.query("update relay.job_outbox set created_at = '2026-04-15T09:00:00Z'::timestamptz + make_interval(mins => $2) where job_id = $1", [name, minutes]);
    }
    const order: string[] = [];
    for (let share = 1; share <= 4; share++) {
      await dispatchRequests({ ...parts, workspaceJobsMax: share });
      const { rows } = await server.pool.query<{ job_id: string }>("select job_id from relay.job_outbox where queued_at is not null");
      order.push(...rows.map((row) => row.job_id).filter((name) => !order.includes(name)));
    }
    expect(order).toEqual(["urgent", "old", "low", "late"]);
  });

  it("gives up what nobody could take within a day, and keeps it as a dead letter", async () => {
    for (const name of ["old", "new"]) await requestJob(server.pool, "paying", name);
    await server.pool.query("update relay.job_outbox set created_at = now() - interval '25 hours' where job_id = 'old'");
    await sweepJobs(parts, 0);
    expect(await jobState(server.pool, "old")).toMatchObject({ status: "failed", errorCode: "job.expired" });
    expect((await jobState(server.pool, "new"))?.status).toBe("requested");
    const { rows } = await server.pool.query("select job_id, attempt, workspace_id, kind, code, status from relay.dead_letter");
    expect(rows).toEqual([{ job_id: "old", attempt: 1, workspace_id: "paying", kind: "generate_forecast", code: "job.expired", status: "open" }]);
  });

  it("hands over no request whose job was cancelled meanwhile", async () => {
    await requestJob(server.pool, "paying", "j1");
    await server.pool.query(`update "job" set "status" = 'cancelled'`);
    await dispatchRequests(parts);
    expect(await queue.waitingCount()).toBe(0);
    expect((await server.pool.query("select 1 from relay.job_outbox where queued_at is null")).rowCount).toBe(0);
  });

  it("hands over again what the queue has forgotten, waiting or running, and nothing else", async () => {
    for (let index = 0; index < 250; index++) await requestJob(server.pool, "paying", `j${String(index).padStart(3, "0")}`);
    await dispatchRequests(parts);
    await server.pool.query(`update "job" set "status" = 'running' where "id" = 'j001'`);
    await server.pool.query(`update "job" set "status" = 'done' where "id" = 'j002'`);
    await forget(server);
    expect(await queue.waitingCount()).toBe(0);
    await sweepJobs(parts, 0);
    await sweepJobs(parts, 0);
    expect(await queue.waitingCount()).toBe(249);
    expect(new Set(await work(249)).has("j002")).toBe(false);
  });

  it("leaves what is being handed over right now to whoever does it", async () => {
    await requestJob(server.pool, "paying", "j1");
    await sweepJobs(parts, 0);
    expect(await queue.waitingCount()).toBe(0);
    await dispatchRequests(parts);
    await forget(server);
    await sweepJobs(parts, 60_000);
    expect(await queue.waitingCount()).toBe(0);
  });

  it("ends a job the queue has given up as failed, with the reason", async () => {
    await requestJob(server.pool, "paying", "j1");
    await dispatchRequests(parts);
    await queue.work(() => Promise.resolve({ outcome: "dead", code: "store.io_failed" }), 1);
    const entry = { workspaceId: "paying", jobId: "j1", attempt: 1, kind: "generate_forecast" };
    await vi.waitFor(async () => expect(await queue.states([entry])).toMatchObject([{ state: "dead" }]), waitMs);
    await sweepJobs(parts, 0);
    expect(await jobState(server.pool, "j1")).toMatchObject({ status: "failed", errorCode: "store.io_failed" });
  });
}
