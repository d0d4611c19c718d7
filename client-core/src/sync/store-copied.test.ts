import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { rowsOf } from "./testing/device.ts";
import { byId, category, clientIdOf, importRows, modelDevices } from "./testing/model-devices.ts";
import { RelayModel } from "./testing/relay-model.ts";

const devices = modelDevices();
afterEach(devices.close);

describe("two live copies of one store", () => {
  const inFolder = async (work: (file: string, copy: string) => Promise<void>) => {
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-copies-"));
    try {
      await work(path.join(folder, "store.db"), path.join(folder, "copy.db"));
    } finally {
      await devices.close();
      await rm(folder, { recursive: true, force: true });
    }
  };

  it("lose nothing: a number the other one sent confirms nothing here", () =>
    inFolder(async (file, copy) => {
      const model = new RelayModel();
      const first = await devices.onFile(model, file);
      await first.record("category.create", category("before"));
      await first.client.syncOnce();
      await devices.closeOne(first);
      await copyFile(file, copy);
      const [a, b] = [await devices.onFile(model, file), await devices.onFile(model, copy)];
      a.client.start();
      b.client.start();
      for (const each of [a, b]) await each.until(({ state }) => state === "saved");
      // Both record under the same number before either hears of the other.
      await Promise.all([a.record("category.create", category("of a")), b.record("category.create", category("of b"))]);
      for (const each of [a, b]) for (const id of ["of a", "of b"]) await each.untilRow(byId("category", id));
      for (const each of [a, b]) await each.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
      expect(model.rows("category").map((row) => row["id"]).toSorted()).toEqual(["before", "of a", "of b"]);
      expect(await rowsOf(a.database, "category")).toEqual(await rowsOf(b.database, "category"));
      expect(await clientIdOf(a)).not.toBe(await clientIdOf(b));
      for (const each of [a, b]) expect(await each.database.query(sql`select * from "sync_effect"`)).toEqual([]);
    }));

  it("send once what both had pending when they parted", () =>
    inFolder(async (file, copy) => {
      const model = new RelayModel();
      const first = await devices.onFile(model, file);
      await importRows(first, "i1", 1);
      await first.client.syncOnce();
      await first.record("category.create", category("pending"));
      await devices.closeOne(first);
      await copyFile(file, copy);
      const a = await devices.onFile(model, file);
      await a.record("category.rename", { categoryId: "pending", name: "by a" });
      await a.client.syncOnce();
      const b = await devices.onFile(model, copy);
      await b.record("category.create", category("of b"));
      const status = await b.client.syncOnce();
      expect(status.problems).toEqual([]);
      expect(model.rows("rejection")).toEqual([]);
      await a.client.syncOnce();
      expect(await rowsOf(a.database, "category")).toEqual(await rowsOf(b.database, "category"));
      expect(model.rows("category").map((row) => row["name"]).toSorted()).toEqual(["by a", "of b"]);
      expect(await b.database.query(sql`select * from "sync_effect"`)).toEqual([]);
    }));
});

describe("a store that was copied", () => {
  it("takes a client id of its own, and loses nothing recorded in either copy", async () => {
    const model = new RelayModel();
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-copy-"));
    const [file, copy] = [path.join(folder, "store.db"), path.join(folder, "copy.db")];
    const on = async (at: string, id: string) => {
      const each = await devices.onFile(model, at);
      await each.record("category.create", category(id));
      await each.client.syncOnce();
      await devices.closeOne(each);
    };
    try {
      await on(file, "before");
      await copyFile(file, copy);
      await on(file, "original");
      await on(copy, "copied");
      expect(model.rows("category").map((row) => row["id"]).toSorted()).toEqual(["before", "copied", "original"]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
