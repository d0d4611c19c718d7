import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemEnvironment } from "@saldo/client-core/books";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3, removeSqliteStore } from "@saldo/client-core/store/better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCore, type Core, type CoreParts } from "./core.ts";
import type { StoredSession } from "./session-store.ts";
import { memorySetAside } from "./testing.ts";

const workspace = { id: "01a20668-0000-7000-8000-000000000001", name: "Северный кофе", currency: "RUB", locale: "ru" } as const;
const second = { ...workspace, id: "01a20668-0000-7000-8000-000000000002", name: "Вторая" } as const;
const anna: StoredSession = { userId: "u1", email: "anna@example.com", sessionToken: "s", workspace };

let folder: string;
let stored: StoredSession | undefined;
let failAtRemoval: boolean;
let isMadeAnew: boolean;
/** What the server answers about the session: nothing (no network), or the companies it lists. */
let companies: readonly (typeof workspace | typeof second)[] | undefined;
const cores: Core[] = [];
const setAside = memorySetAside();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "saldo-leaving-"));
  stored = anna;
  failAtRemoval = false;
  isMadeAnew = false;
  companies = undefined;
});
afterEach(async () => {
  for (const core of cores.splice(0)) await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const fileOf = (name: string) => path.join(folder, `${name}.db`);

/** Answers as the relay does to somebody who is no member of the first company. */
async function relay(input: RequestInfo | URL): Promise<Response> {
  if (companies === undefined) throw new TypeError("no network");
  const url = input instanceof Request ? input.url : input.toString();
  if (url.endsWith("/v1/token")) {
    return Response.json({
      token: "t",
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
      user: { id: "u1", email: anna.email, name: "Anna" },
      workspaces: companies.map((company) => ({ ...company, role: "owner" })),
    });
  }
  return Response.json({ code: "workspace.not_found" }, { status: 404 });
}

async function start(): Promise<Core> {
  const parts: CoreParts = {
    serverUrl: "http://localhost:1",
    fetch: relay,
    sessionKind: "bearer",
    sessionStore: {
      read: async () => stored,
      write: async (session) => void (stored = session),
      clear: async () => void (stored = undefined),
    },
    environment: systemEnvironment(),
    random: () => 0.5,
    log: () => undefined,
    setAside,
    async openDatabase(name, damaged) {
      if (isMadeAnew) await damaged({ unsentSaved: 2, changesLost: null });
      return openStore(openBetterSqlite3({ path: fileOf(name) }));
    },
    async removeDatabase(name) {
      if (failAtRemoval) throw new Error("the process ends here");
      removeSqliteStore(fileOf(name));
    },
  };
  const core = createCore(parts);
  cores.push(core);
  await core.resume();
  return core;
}

async function addCategory(core: Core, name: string): Promise<void> {
  const { books } = core.opened();
  await books.record("category.create", { id: books.ids.next(), name, kind: "expense", createdAt: books.nowInstant() });
}

test("signing out is refused while changes are unsent, unless as many are agreed to be lost; then no file of the books is left", async () => {
  const core = await start();
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
  expect(stored).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test("the other company's books stay", async () => {
  const other = openBetterSqlite3({ path: fileOf(`u1-${second.id}`) });
  await other.close();
  await (await start()).signOut(0);
  expect(readdirSync(folder).every((name) => name.startsWith(`u1-${second.id}`))).toBe(true);
  expect(existsSync(fileOf(`u1-${second.id}`))).toBe(true);
});

test("what an interruption left is removed at the next start, and nobody is signed in", async () => {
  const core = await start();
  await addCategory(core, "Аренда");
  failAtRemoval = true;
  await core.signOut(1);
  expect(core.session()).toEqual({ signedIn: false });
  expect(existsSync(fileOf(`u1-${workspace.id}`))).toBe(true);
  failAtRemoval = false;
  const next = await start();
  expect(next.session()).toEqual({ signedIn: false });
  expect(readdirSync(folder)).toEqual([]);
  expect(stored).toBeUndefined();
});

test("who lost membership finds their unsent work set aside, the books gone, and their other company open", async () => {
  const core = await start();
  await addCategory(core, "Несказанное");
  const opened = new Promise<void>((resolve) => core.onSession((session) => session.workspace?.id === second.id && resolve()));
  companies = [second];
  core.opened().sync.now();
  await opened;
  expect(existsSync(fileOf(`u1-${workspace.id}`))).toBe(false);
  const [entry] = await setAside.list();
  expect(entry).toMatchObject({ companyName: "Северный кофе", changes: 1, userId: "u1" });
  let text = "";
  for await (const piece of setAside.read(entry?.id ?? "")) text += piece;
  expect(text).toContain("Несказанное");
  expect(stored).toMatchObject({ workspace: { id: second.id } });
});

test("a database that had to be made anew is said, until the person has read it", async () => {
  isMadeAnew = true;
  const core = await start();
  expect(core.session()).toMatchObject({ signedIn: true });
  const found = (await setAside.list()).find(({ damage }) => damage !== null);
  expect(found).toMatchObject({ companyName: "Северный кофе", changes: 0, userId: "u1", damage: { unsentSaved: 2, changesLost: null } });
  await core.setAside.remove(found?.id ?? "");
  expect((await setAside.list()).some(({ damage }) => damage !== null)).toBe(false);
});
