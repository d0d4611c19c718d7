import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { describeLocalDatabase } from "./contract.ts";
import { openBetterSqlite3 } from "./drivers/better-sqlite3.ts";
import { openPglite } from "./drivers/pglite.ts";

const directory = mkdtempSync(join(tmpdir(), "saldo-store-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;

describeLocalDatabase("better-sqlite3 in memory", async () => openBetterSqlite3({ path: ":memory:" }));
describeLocalDatabase("better-sqlite3 on a file", async () => openBetterSqlite3({ path: join(directory, `${++files}.db`) }));

describeLocalDatabase("PGlite", async () => openPglite(await emptyPglite()));
