import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

/** What `npm start` was asked for. */
export interface LocalOptions {
  readonly port: number;
  readonly dataDir: string;
  readonly verbose: boolean;
  readonly help: boolean;
}

const portDefault = 4680;

/** The text of `--help`. */
export const usage = `Usage: npm start -- [--port N] [--data DIR] [--verbose]

Starts all of Saldo on this machine: PostgreSQL, relay, worker and web app.
Ctrl-C stops it; the next start finds its data again.

  --port N     port of the web app and the relay (default ${portDefault})
  --data DIR   folder that keeps the data (default: .saldo in the repository)
  --verbose    show what the programs log, not only keep it in DIR/logs
  --help       this text

Settings from the environment, each optional:
  DATABASE_URL   a PostgreSQL of yours with wal_level=logical, in place of the embedded one
  REDIS_URL      a Redis for the job queue, in place of PostgreSQL
`;

/** A wrong command line; the message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the command line. Throws {@link UsageError} for what cannot be meant. */
export function readOptions(args: readonly string[], repository: string): LocalOptions {
  const values = parse(args);
  const port = values.port === undefined ? portDefault : Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError(`--port takes a number from 1 to 65535, not "${values.port}".`);
  return {
    port,
    dataDir: path.resolve(values.data ?? defaultDataDir(repository)),
    verbose: values.verbose === true,
    help: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { port: { type: "string" }, data: { type: "string" }, verbose: { type: "boolean" }, help: { type: "boolean" } },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function defaultDataDir(repository: string): string {
  try {
    accessSync(repository, constants.W_OK);
    return path.join(repository, ".saldo");
  } catch {
    return path.join(process.env["XDG_DATA_HOME"] ?? path.join(homedir(), ".local", "share"), "saldo");
  }
}
