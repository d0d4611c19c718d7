import { pino } from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JobQueue } from "../queue/job-queue.ts";
import { openQueue } from "../queue/open-queue.ts";
import { addWorkspace, createServerDatabase, jobState, requestJob, testNowMs, type ServerDatabase } from "../testing/books.ts";
import { dispatchRequests, sweepJobs, type DispatchParts } from "./dispatcher.ts";

const waitMs = { timeout: 20_000, interval: 20 };

/** What handing requests over must do on every store of the queue. `forget` empties the store. */
export function dispatcherContract(redisUrl: () => string | null, forget: (server: ServerDatabase) => Promise<void>): void {
  let server: ServerDatabase;
  let queue: JobQueue;
  let parts: DispatchParts;
  beforeEach(async () => {
    server = await createServerDatabase();
    const log = pino({ level: "silent" });
    queue = await openQueue({ databaseUrl: server.url, redisUrl: redisUrl(), log, random: () => 0.5, timings: { startMsMax: 20_000, lockMs: 5_000, lostCheckMs: 5_000 } });
    parts = { pool: server.pool, queue, nowMs: () => testNowMs, log };
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
