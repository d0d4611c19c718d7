import { serverMigrations } from "@saldo/schema/server";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../deploy/testing/postgres.ts";
import { saldo } from "../testing.ts";

let database: TestDatabase;
let client: pg.Client;
beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const { statements } of serverMigrations) for (const statement of statements) await client.query(statement);
  await addJob("bad-1", "failed", "job.time_exceeded");
  await addJob("bad-2", "failed", "job.internal");
  await addJob("waits", "requested");
  await addJob("works", "running");
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

async function addJob(id: string, status: string, code?: string): Promise<void> {
  await client.query(
    `insert into "job" ("id", "workspace_id", "kind", "parameters", "status", "attempt", "progress_permille", "error_code", "requested_at")
     values ($1, 'w1', 'generate_forecast', '{"horizonMonths":6}', $2, 1, 400, $3, '2026-04-15T09:00:00.000Z')`,
    [id, status, code],
  );
  await client.query("insert into relay.job_outbox (workspace_id, job_id, attempt, kind, queued_at) values ('w1', $1, 1, 'generate_forecast', now())", [id]);
  if (code === undefined) return;
  const fault = { name: "SaldoError", at: "at forecast (main.mjs:1:1)" };
  await client.query("insert into relay.dead_letter (workspace_id, job_id, attempt, kind, code, fault) values ('w1', $1, 1, 'generate_forecast', $2, $3)", [id, code, fault]);
}

const admin = (...parameters: string[]) => saldo(["admin", "jobs", ...parameters], { environment: { DATABASE_URL: database.url } });
const listedIds = async (...parameters: string[]) => {
  const listed: { jobId: string }[] = JSON.parse((await admin("list", "--json", ...parameters)).stdout);
  return listed.map(({ jobId }) => jobId);
};

it("lists jobs by state, the given-up ones with their reason", async () => {
  expect(await listedIds()).toEqual(["bad-1", "bad-2"]);
  expect(await listedIds("--state", "waiting")).toEqual(["waits"]);
  expect(await listedIds("--state", "running")).toEqual(["works"]);
  expect((await admin("list")).stdout).toMatch(/^job +workspace .*\nbad-1 +w1 +generate_forecast +1 +\S+ +\$0\.0000 +job\.time_exceeded\n/);
  expect((await admin("list", "--locale", "ru", "--state", "running")).stdout).toMatch(/работ|40%/);
});

it("tells what a job cost at AI providers, request by request", async () => {
  await addJob("done-1", "done");
  for (const [id, purpose, costMicros] of [["u1", "propose", 12_300], ["u2", "check", 4_500]]) {
    await client.query(
      `insert into compute.ai_usage (id, workspace_id, job_id, month, provider, model, purpose, outcome, input_tokens, output_tokens, cost_micros, created_at)
       values ($1, 'w1', 'done-1', '2026-04', 'openai', 'model-1', $2, 'ok', 1200, 300, $3, now())`,
      [id, purpose, costMicros],
    );
  }
  expect((await admin("list", "--state", "done")).stdout).toMatch(/\ndone-1 .* \$0\.0168\n/);
  const { stdout } = await admin("show", "done-1");
  expect(stdout).toMatch(/AI cost +\$0\.0168\n/);
  expect(stdout).toContain("check openai model-1 ok 1200+300 $0.0045");
});

it("shows one job with its attempts and where it failed, and nothing of its parameters", async () => {
  const { stdout } = await admin("show", "bad-1");
  expect(stdout).toContain("job.time_exceeded (open) SaldoError at forecast (main.mjs:1:1)");
  expect(stdout).not.toContain("horizonMonths");
  expect(JSON.parse((await admin("show", "bad-1", "--json")).stdout)).toMatchObject([{ jobId: "bad-1", status: "failed", attempts: [{ attempt: 1 }], deadLetters: [{ code: "job.time_exceeded", status: "open" }] }]);
  expect(await admin("show", "none")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("cli.job_missing") });
});

it("asks for a given-up job again as its next attempt, once", async () => {
  await client.query("listen saldo_job");
  const heard = new Promise((resolve) => client.once("notification", resolve));
  expect(await admin("retry", "bad-1")).toMatchObject({ exitCode: 0, stdout: "Asked again for 1 job.\n" });
  await heard;
  expect((await client.query(`select "status", "attempt", "progress_permille", "error_code" from "job" where "id" = 'bad-1'`)).rows).toEqual([{ status: "requested", attempt: "2", progress_permille: "0", error_code: null }]);
  expect((await client.query("select attempt, queued_at is null as waits from relay.job_outbox where job_id = 'bad-1' order by attempt")).rows).toEqual([{ attempt: 1, waits: false }, { attempt: 2, waits: true }]);
  expect(await listedIds()).toEqual(["bad-2"]);
  expect(await admin("retry", "bad-1")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("cli.job_missing") });
});

it("chooses by reason or all, and discards without asking again", async () => {
  expect(await admin("retry")).toMatchObject({ exitCode: 2 });
  expect(JSON.parse((await admin("discard", "--code", "job.internal", "--json")).stdout)).toEqual({ discarded: [{ workspaceId: "w1", jobId: "bad-2", attempt: 1 }] });
  expect(await listedIds()).toEqual(["bad-1"]);
  expect((await client.query(`select "status" from "job" where "id" = 'bad-2'`)).rows).toEqual([{ status: "failed" }]);
  expect((await admin("retry", "--all")).stdout).toBe("Asked again for 1 job.\n");
});

it("lists no dead letter of a job that was asked for again by its people", async () => {
  await client.query(`update "job" set "status" = 'requested', "attempt" = 2 where "id" = 'bad-1'`);
  expect(await listedIds()).toEqual(["bad-2"]);
});

it("needs a database that is there", async () => {
  expect(await saldo(["admin", "jobs", "list"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("DATABASE_URL") });
  const away = { environment: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" } };
  expect(await saldo(["admin", "jobs", "list"], away)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("cli.database_unreachable") });
});
