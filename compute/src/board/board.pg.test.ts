import { request } from "node:http";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";
import type { JobQueue } from "../queue/job-queue.ts";
import { openQueue } from "../queue/open-queue.ts";
import { openBoard, type Board } from "./board.ts";

let database: TestDatabase;
let queue: JobQueue;
let board: Board;
beforeAll(async () => {
  database = await createTestDatabase();
  const place = { databaseUrl: database.url, redisUrl: null, log: pino({ level: "silent" }), random: () => 0.5, timings: { startMsMax: 20_000, lockMs: 5_000, lostCheckMs: 5_000, retryDelayMs: 1_000 } };
  queue = await openQueue(place);
  await queue.add([{ entry: { workspaceId: "w1", jobId: "j1", attempt: 1, kind: "generate_forecast" }, priority: 7 }]);
  board = await openBoard(place, 0);
});
afterAll(async () => {
  await board.close();
  await queue.close(5_000);
  await database.drop();
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

function ask(path: string, { method = "GET", host = `127.0.0.1:${board.port}` } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port: board.port, host: "127.0.0.1", path, method, headers: { host } }, (response) => {
      let body = "";
      response.on("data", (piece: Buffer) => (body += piece.toString("utf8")));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.once("error", reject).end();
  });
}

it("shows the queue and its entries", async () => {
  expect((await ask("/")).body).toContain("<html");
  const { status, body } = await ask("/api/queues?activeQueue=saldo-jobs&status=prioritized&page=1&jobsPerPage=10");
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ queues: [{ name: "saldo-jobs", readOnlyMode: true, counts: { prioritized: 1 } }] });
});

it("changes nothing, whatever it is asked for", async () => {
  for (const [method, path] of [["PUT", "/api/queues/saldo-jobs/empty"], ["PUT", "/api/queues/saldo-jobs/pause"], ["PUT", "/api/queues/saldo-jobs/obliterate"], ["PUT", "/api/queues/saldo-jobs/w1%2Cj1%2C1/clean"]]) {
    expect((await ask(path ?? "", { method: method ?? "" })).status, path).toBeGreaterThanOrEqual(400);
  }
  expect(await queue.waitingCount()).toBe(1);
});

it("turns away who asks under another name", async () => {
  expect((await ask("/", { host: "saldo.example.com" })).status).toBe(404);
  expect((await ask("/", { host: `localhost:${board.port}` })).status).toBe(200);
});
