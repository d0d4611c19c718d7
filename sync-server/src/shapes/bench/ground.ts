import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { z } from "zod";
import type { BenchContext } from "../../../../deploy/bench/bench.ts";
import { startPostgres } from "../../../../deploy/postgres/index.ts";
import { type RunningPart, startPart } from "./part.ts";
import { createTableSql, runSql } from "./rows.ts";
import { type ServiceProcess, startService } from "./service-process.ts";

const logLinesMax = 20;

/** What every section stands on: a Postgres, services, parts in processes of their own. */
export interface BenchGround {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly repository: string;
  readonly npm: BenchContext["npm"];
  note(line: string): void;
  /** A service with an empty storage folder; the one before is stopped. */
  service(): Promise<ServiceProcess>;
  /** A fresh table of bench rows; answers its name. */
  table(): Promise<string>;
  /** Waits until the disk has taken what Postgres and the services wrote: no measurement pays for the writes of what was before it. */
  settle(): Promise<void>;
  /** A name not used before, e.g. for a mark or a slot. */
  unique(prefix: string): string;
  start<Answer>(name: string, args: unknown, answer: z.ZodType<Answer>): Promise<RunningPart<Answer>>;
  run<Answer>(name: string, args: unknown, answer: z.ZodType<Answer>): Promise<Answer>;
  /** The end of the running service's log, for whoever must find out why a section failed. */
  serviceLog(): string;
  close(): Promise<void>;
}

/** Starts Postgres and makes the table of marks. `file` is the bundled bench, which serves the parts too. */
export async function openBenchGround(context: BenchContext, file: string): Promise<BenchGround> {
  const { folder, repository } = context;
  const dataDir = path.join(folder, "postgres");
  mkdirSync(dataDir);
  const postgres = await startPostgres({ dataDir, database: "bench", settings: { max_slot_wal_keep_size: "-1", max_wal_size: "4GB", max_prepared_transactions: "256" } });
  const databaseUrl = postgres.url;
  await runSql(databaseUrl, "CREATE TABLE marks (name text PRIMARY KEY); ALTER TABLE marks REPLICA IDENTITY FULL", "CREATE PUBLICATION bare FOR ALL TABLES");
  const parts = new Set<RunningPart<unknown>>();
  const nodeFlags = typeof context.options["node-flags"] === "string" ? context.options["node-flags"].split(" ") : [];
  let running: { readonly service: ServiceProcess; readonly name: string } | undefined;
  let names = 0;
  const unique = (prefix: string): string => `${prefix}_${++names}`;
  const stopService = async (): Promise<void> => {
    const stopping = running;
    running = undefined;
    if (stopping === undefined) return;
    await stopping.service.stop();
    await runSql(databaseUrl, `SELECT pg_drop_replication_slot('shapes_slot_${stopping.name}')`);
  };
  const start: BenchGround["start"] = async (name, args, answer) => {
    const part = await startPart(file, name, args, answer);
    parts.add(part);
    return part;
  };
  return {
    databaseUrl,
    folder,
    repository,
    npm: context.npm,
    note: (line) => context.note(line),
    async service() {
      await stopService();
      const name = unique("bench");
      const service = await startService({ program: context.program("shapes"), folder, databaseUrl, name }, nodeFlags);
      running = { service, name };
      return service;
    },
    async table() {
      const name = unique("rows");
      await runSql(databaseUrl, createTableSql(name));
      return name;
    },
    async settle() {
      await runSql(databaseUrl, "CHECKPOINT");
      await promisify(execFile)("sync");
    },
    unique,
    start,
    async run(name, args, answer) {
      const part = await start(name, args, answer);
      try {
        return await part.go();
      } finally {
        await part.stop();
        parts.delete(part);
      }
    },
    serviceLog() {
      return running === undefined ? "" : readFileSync(path.join(folder, `${running.name}.log`), "utf8").trimEnd().split("\n").slice(-logLinesMax).join("\n");
    },
    async close() {
      for (const part of parts) await part.stop();
      await stopService();
      await postgres.stop();
    },
  };
}
