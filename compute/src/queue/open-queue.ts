import { SaldoError } from "@saldo/schema";
import { createPostgresBackend, createRedisBackend, type Queue } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { openBullmqQueue, openShownQueue, type QueueParts } from "./bullmq-queue.ts";
import type { JobQueue } from "./job-queue.ts";

/** Postgres schema of the queue's own tables. It is never published. */
const queueSchema = "bullmq";
const postgresConnectionsMax = 4;
const connectMsMax = 10_000;
/** A network that lost a question, or its answer, must not be waited for. */
const queryMsMax = 60_000;
const reconnectDelayMs = 200;
const reconnectDelayMsMax = 5_000;
/** Reconnections a question of the dispatcher waits for before it fails; a worker waits for ever. */
const askRetriesMax = 3;

/** Where the queue is kept and what it is given. */
export interface QueuePlace extends QueueParts {
  readonly databaseUrl: string;
  /** Null keeps the queue in Postgres. */
  readonly redisUrl: string | null;
}

/**
 * Opens the queue on Redis when there is one, else on Postgres, where it makes or updates its own tables.
 * Throws `SaldoError` `job.queue_evicts` when Redis may evict keys, and the driver's error when the store cannot be reached.
 */
export async function openQueue(place: QueuePlace): Promise<JobQueue> {
  if (place.redisUrl === null) return openBullmqQueue(postgresStore(place), place);
  await assertKeepsEverything(place.redisUrl);
  return openBullmqQueue(redisStore(place, place.redisUrl), place);
}

/** Opens the queue for a page that shows it. Throws the driver's error when the store cannot be reached. */
export async function openQueueToShow(place: QueuePlace): Promise<Queue> {
  return place.redisUrl === null ? openShownQueue(postgresStore(place), place) : openShownQueue(redisStore(place, place.redisUrl), place);
}

/** A connection lost between two queries of its user fails the next one; without a listener it would end the process. */
class QueueClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on("error", () => undefined);
  }
}

function postgresStore({ databaseUrl }: QueuePlace) {
  const connection = {
    connectionString: databaseUrl,
    schema: queueSchema,
    migrate: true,
    max: postgresConnectionsMax,
    application_name: "saldo-queue",
    keepAlive: true,
    connectionTimeoutMillis: connectMsMax,
    query_timeout: queryMsMax,
    Client: QueueClient,
  };
  return { factory: createPostgresBackend, producer: connection, worker: connection };
}

function redisStore({ random }: QueuePlace, url: string) {
  const retryStrategy = (times: number) => Math.ceil(random() * Math.min(reconnectDelayMsMax, reconnectDelayMs * 2 ** Math.min(times, 10)));
  return {
    factory: createRedisBackend,
    producer: { url, retryStrategy, maxRetriesPerRequest: askRetriesMax },
    worker: { url, retryStrategy, maxRetriesPerRequest: null },
  };
}

/** A Redis that evicts keys when memory is short loses jobs one by one, without a word. */
async function assertKeepsEverything(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: askRetriesMax, retryStrategy: () => null });
  redis.on("error", () => undefined); // said by the call that failed
  try {
    await redis.connect();
    const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info("memory"))?.[1];
    if (policy !== undefined && policy !== "noeviction") throw new SaldoError("job.queue_evicts", { policy });
  } finally {
    redis.disconnect();
  }
}
