import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleForTest } from "../../../deploy/testing/planted-bug.ts";
import { serveModel, type ModelServer } from "./testing/model-server.ts";
import { randomOf } from "./testing/random.ts";
import { RelayModel } from "./testing/relay-model.ts";

const isDeep = process.env["SALDO_TEST_DEEP"] === "1";
const killsOfRun = isDeep ? 200 : 4;
const testTimeoutMs = isDeep ? 2_400_000 : 240_000;
/** Lives of at most so many statements are cut; one that ends before was not killed. */
const statementsMax = 2_400;
const changedRows = 1_000;
/** Kills between two looks at the rows that were left. */
const checkEveryKills = 4;

const folder = mkdtempSync(path.join(tmpdir(), "saldo-killed-"));
const store = path.join(folder, "store.db");
const model = new RelayModel();
let program: string;
let server: ModelServer;

beforeAll(async () => {
  program = await bundleForTest("client-core/src/sync/testing/killed-device.main.ts", "killed-device");
  server = await serveModel(model);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Life {
  readonly wasKilled: boolean;
  readonly told: readonly string[];
}

function live(life: number, statement: number, when: "before" | "after"): Promise<Life> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, store, server.url, String(life), String(statement), when], (error, stdout, stderr) => {
      const told = stdout.split("\n").filter((line) => line !== "");
      if (error !== null && error.signal !== "SIGKILL") reject(new Error(`life ${life}: ${stderr}`, { cause: error }));
      else resolve({ wasKilled: error !== null, told });
    });
  });
}

/** The server changes many rows in one commit, which a device applies whole or not at all. */
async function changeRows(mark: string): Promise<void> {
  await model.commit((data) => {
    for (const row of model.rows("transaction").slice(0, changedRows)) data.write("transaction", String(row["id"]), { ...row, note: mark });
  });
}

/** Rows and cursors are of one moment: a killed apply of a thousand rows left none of them, or all and the checkpoint with them. */
function expectWholeCommits(): void {
  // Read only, so that the next life finds the store as the killed one left it.
  const raw = new Database(store, { readonly: true });
  const isMade = raw.prepare(`select 1 from "sqlite_master" where "name" = 'sync_outbox'`).get() !== undefined;
  const setting = !isMade ? undefined : raw.prepare<[], string>(`select "value" from "device_setting" where "name" = 'sync.checkpoint'`).pluck().get();
  const checkpoint: unknown = setting === undefined ? undefined : JSON.parse(setting);
  if (typeof checkpoint === "object" && checkpoint !== null && "lsn" in checkpoint) {
    const lsn = BigInt(String(checkpoint.lsn));
    const rows = raw.prepare<[], { readonly id: string; readonly note: string | null }>(`select "id", "note" from "transaction"`).all();
    const other = rows.filter(({ id, note }) => note !== (model.rowAt("transaction", id, lsn)?.["note"] ?? null));
    expect(other).toEqual([]);
  }
  raw.close();
}

it(`a device killed at ${killsOfRun} statements keeps what it recorded, sends it once, and ends with the server's rows`, async () => {
  const random = randomOf(7);
  const recorded = new Set<string>();
  let kills = 0;
  let life = 0;
  for (; kills < killsOfRun; life++) {
    const { wasKilled, told } = await live(life, 1 + random(life % 4 === 0 ? statementsMax : 400), random(2) === 0 ? "before" : "after");
    if (wasKilled && ++kills % checkEveryKills === 0) expectWholeCommits();
    expect(told).not.toContain("damaged");
    for (const line of told) if (line.startsWith("recorded ")) recorded.add(line.slice("recorded ".length));
    if (life % 3 === 2) await changeRows(`change ${life}`);
  }
  expect((await live(life, 0, "before")).told).toContain("done");

  const raw = new Database(store, { readonly: true });
  expect(raw.pragma("integrity_check", { simple: true })).toBe("ok");
  const [outbox] = raw.prepare<[], { readonly pending: number; readonly effects: number }>(`select (select count(*) from "sync_outbox" where "status" = 'pending') as "pending", (select count(*) from "sync_effect") as "effects"`).all();
  expect(outbox).toEqual({ pending: 0, effects: 0 });
  const runs = new Map<string, number>();
  for (const { name, args, code } of model.executions) {
    if (name !== "category.create") continue;
    expect(code).toBeNull();
    const id = String(Object(args).id);
    runs.set(id, (runs.get(id) ?? 0) + 1);
  }
  expect([...recorded].filter((id) => runs.get(id) !== 1)).toEqual([]);
  expect([...runs].filter(([, count]) => count !== 1)).toEqual([]);
  for (const table of ["category", "import", "transaction"] as const) {
    const here = raw.prepare<[], { readonly id: string; readonly name?: string; readonly note?: string | null }>(`select * from "${table}" order by "id"`).all();
    const there = model.rows(table).toSorted((a, b) => (String(a["id"]) < String(b["id"]) ? -1 : 1));
    const shown = (row: Readonly<Record<string, unknown>>) => JSON.stringify([row["id"], row["name"] ?? row["status"] ?? null, row["note"] ?? null]);
    expect(here.map(shown), table).toEqual(there.map(shown));
  }
  raw.close();
}, testTimeoutMs);
