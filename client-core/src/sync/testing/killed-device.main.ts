import { writeSync } from "node:fs";
import Database from "better-sqlite3";
import { openMendedStore } from "../../store/drivers/mended-sqlite.ts";
import { testDevice } from "./device.ts";
import { category, importRows } from "./model-devices.ts";

/** Rows of the import of one life. */
const rowsOfLife = 1_000;

/** Tells the test, at once: what was told before the process died is told. */
function tell(what: string): void {
  writeSync(1, `${what}\n`);
}

/** Ends this process by SIGKILL just before or just after one of its statements, commits among them. */
function dieAtStatement(number: number, when: "before" | "after"): void {
  let statements = 0;
  const counting = (run: CallableFunction) =>
    function (this: unknown, ...args: readonly unknown[]): unknown {
      const isLast = ++statements === number;
      if (isLast && when === "before") process.kill(process.pid, "SIGKILL");
      const result: unknown = Reflect.apply(run, this, args);
      if (isLast) process.kill(process.pid, "SIGKILL");
      return result;
    };
  const statement: unknown = Object.getPrototypeOf(new Database(":memory:").prepare("select 1"));
  if (typeof statement !== "object" || statement === null) throw new Error("a statement has no methods");
  for (const name of ["run", "all", "get"]) {
    const method: unknown = Reflect.get(statement, name);
    if (typeof method === "function") Reflect.set(statement, name, counting(method));
  }
  Reflect.set(Database.prototype, "exec", counting(Database.prototype.exec));
}

/** One life of a device: `killed-device STORE SERVER LIFE STATEMENT before|after`; statement 0 lives to the end. */
async function main([store = "", serverUrl = "", life = "", statement = "0", when = "before"]: readonly string[]): Promise<void> {
  if (statement !== "0") dieAtStatement(Number(statement), when === "after" ? "after" : "before");
  const { database, damage } = await openMendedStore({ path: store, stamp: life });
  tell(damage === null ? "sound" : "damaged");
  const device = await testDevice(database, serverUrl);
  const record = async (id: string) => {
    await device.record("category.create", category(id));
    tell(`recorded ${id}`);
  };
  await record(`${life}-first`);
  if (Number(life) % 4 === 0) await importRows(device, `import-${life}`, rowsOfLife);
  await record(`${life}-second`);
  device.client.start();
  await device.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
  await record(`${life}-third`);
  await device.client.syncOnce();
  await device.close();
  tell("done");
  // A timer of the Electric client would keep the process for a minute.
  process.exit(0);
}

await main(process.argv.slice(2));
