import { sql, type SQL } from "drizzle-orm";
import { openBetterSqlite3 } from "../../store/drivers/better-sqlite3.ts";
import type { LocalDatabase } from "../../store/local-database.ts";
import type { SyncPorts } from "../ports.ts";
import { testDevice, type Device } from "./device.ts";
import type { RelayModel } from "./relay-model.ts";

const url = "http://model.test";
const createdAt = "2026-01-01T00:00:00.000Z";

/** Devices of a test on a relay in memory. */
export interface ModelDevices {
  /** One with an empty store in memory. */
  inMemory(model: RelayModel, parts?: Partial<SyncPorts>): Promise<Device>;
  /** One whose store is a file. */
  onFile(model: RelayModel, file: string): Promise<Device>;
  /** One over an open database. */
  over(model: RelayModel, database: LocalDatabase): Promise<Device>;
  /** Ends one before the others. */
  closeOne(device: Device): Promise<void>;
  close(): Promise<void>;
}

/** Makes the devices of a test, and closes them after it. */
export function modelDevices(): ModelDevices {
  const open: Device[] = [];
  const over = async (model: RelayModel, database: LocalDatabase, parts: Partial<SyncPorts> = {}) => {
    const made = await testDevice(database, url, { fetch: model.fetch, ...parts });
    open.push(made);
    return made;
  };
  return {
    inMemory: async (model, parts) => over(model, openBetterSqlite3({ path: ":memory:" }), parts),
    onFile: async (model, file) => over(model, openBetterSqlite3({ path: file })),
    over: (model, database) => over(model, database),
    async closeOne(device) {
      open.splice(open.indexOf(device), 1);
      await device.close();
    },
    async close() {
      for (const each of open.splice(0)) await each.close();
    },
  };
}

/** Arguments of `category.create`. */
export const category = (id: string, name = id) => ({ id, name, kind: "expense", createdAt });

/** The row with an id. */
export const byId = (table: string, id: string): SQL => sql`select * from ${sql.identifier(table)} where "id" = ${id}`;

/** Under which id a device is registered. */
export async function clientIdOf({ database }: Device): Promise<string> {
  const [row] = await database.query(sql`select "value" from "device_setting" where "name" = 'sync.client'`);
  return String(JSON.parse(String(row?.["value"])).clientId);
}

/** Records an import of so many rows in one batch. */
export async function importRows(on: Device, importId: string, count: number): Promise<void> {
  await on.record("import.begin", {
    importId,
    fileName: "bank.csv",
    fileSha256: "0".repeat(64),
    fileBytes: 10,
    format: "csv",
    understanding: {},
    accounts: [{ id: "account-1", name: "Bank", currency: "EUR", number: null }],
    categories: [],
    createdAt,
  });
  const rows = Array.from({ length: count }, (_, index) => [`${importId}-${String(index).padStart(5, "0")}`, index, "2026-01-02", -100 - index, 0, -1, `Кофе ${index}`, null]);
  await on.record("import.addRows", { importId, currencies: ["EUR"], accounts: ["account-1"], categories: [], rowCurrencies: [], rows, createdAt });
  await on.record("import.complete", { importId, rowsAdded: count, rowsRefused: 0, largestCategories: [], completedAt: createdAt });
}
