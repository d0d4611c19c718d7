import { existsSync, readdirSync } from "node:fs";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addCategory, company, leavingDevice, loseMembership, otherCompany, type LeavingDevice } from "./testing/leaving.ts";

let device: LeavingDevice;

beforeEach(() => {
  device = leavingDevice();
});
afterEach(() => device.close());

test("signing out is refused while changes are unsent, unless as many are agreed to be lost; then no file of the books is left", async () => {
  const core = await device.start();
  await addCategory(core, "Аренда");
  await addCategory(core, "Продукты");
  await expect(core.signOut(0)).rejects.toMatchObject({ code: "sync.unsent_changes", detail: { changes: 2 } });
  await expect(core.signOut(1)).rejects.toMatchObject({ code: "sync.unsent_changes" });
  expect(core.session()).toMatchObject({ signedIn: true });
  await addCategory(core, "Связь");
  let text = "";
  expect(await core.exportUnsent(async (piece) => void (text += piece))).toBe(3);
  expect(text).toContain("Аренда");
  await core.signOut(3);
  expect(core.session()).toEqual({ signedIn: false });
  expect(device.stored()).toBeUndefined();
  expect(readdirSync(device.folder)).toEqual([]);
});

test("the other company's books stay", async () => {
  const other = openBetterSqlite3({ path: device.fileOf(otherCompany) });
  await other.close();
  await (await device.start()).signOut(0);
  expect(device.hasBooksOf(company)).toBe(false);
  expect(existsSync(device.fileOf(otherCompany))).toBe(true);
});

test("what an interruption left is removed at the next start, and nobody is signed in", async () => {
  const core = await device.start();
  await addCategory(core, "Аренда");
  device.failAtRemoval = true;
  await core.signOut(1);
  expect(core.session()).toEqual({ signedIn: false });
  expect(device.hasBooksOf(company)).toBe(true);
  device.failAtRemoval = false;
  const next = await device.start();
  expect(next.session()).toEqual({ signedIn: false });
  expect(readdirSync(device.folder)).toEqual([]);
  expect(device.stored()).toBeUndefined();
});

test("who lost membership finds their unsent work set aside, the books gone, and their other company open", async () => {
  const core = await device.start();
  await addCategory(core, "Несказанное");
  await loseMembership(device, core, [otherCompany]);
  expect(device.hasBooksOf(company)).toBe(false);
  const [entry] = await device.setAside.list();
  expect(entry).toMatchObject({ companyName: "Северный кофе", changes: 1, userId: "u1" });
  let text = "";
  for await (const piece of device.setAside.read(entry?.id ?? "")) text += piece;
  expect(text).toContain("Несказанное");
  expect(device.stored()).toMatchObject({ workspace: { id: otherCompany.id } });
});

test("a database that had to be made anew is said, until the person has read it", async () => {
  device.madeAnew = { unsentSaved: 2, changesLost: null };
  const core = await device.start();
  expect(core.session()).toMatchObject({ signedIn: true });
  const found = (await device.setAside.list()).find(({ damage }) => damage !== null);
  expect(found).toMatchObject({ companyName: "Северный кофе", changes: 0, userId: "u1", damage: { unsentSaved: 2, changesLost: null } });
  await core.setAside.remove(found?.id ?? "");
  expect((await device.setAside.list()).some(({ damage }) => damage !== null)).toBe(false);
});
