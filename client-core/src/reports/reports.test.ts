import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { describeReports } from "./contract.ts";

const isDeep = process.env["SALDO_TEST_DEEP"] === "1";

describeReports("better-sqlite3", async () => openBetterSqlite3({ path: ":memory:" }), true);
describeReports("PGlite", async () => openPglite(await emptyPglite()), isDeep);
