import { systemEnvironment } from "@saldo/client-core/books";
import { openStore, type LocalDatabase } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { createBridgeClient, type BridgeClient } from "../bridge/client.ts";
import { saldoMethods, type SaldoMethods } from "../bridge/contract/index.ts";
import { inProcessPorts } from "../bridge/ports/in-process.ts";
import { createBridgeServer } from "../bridge/server.ts";
import { createCore, type Core } from "./core.ts";
import { coreHandlers } from "./handlers.ts";
import type { SetAsideEntry, SetAsideStore } from "./set-aside.ts";

/** A set-aside store in memory. */
export function memorySetAside(): SetAsideStore {
  const kept = new Map<string, { readonly entry: SetAsideEntry; readonly pieces: readonly string[] }>();
  return {
    list: () => Promise.resolve([...kept.values()].map(({ entry }) => entry)),
    async keep(entry, text) {
      const pieces: string[] = [];
      const changes = await text(async (piece) => void pieces.push(piece));
      kept.set(entry.id, { entry: { ...entry, changes, damage: entry.damage ?? null }, pieces });
    },
    async *read(id) {
      yield* kept.get(id)?.pieces ?? [];
    },
    async remove(id) {
      kept.delete(id);
    },
  };
}

/** The company whose books {@link resumedCore} opens. */
export const testWorkspace = { id: "01a20668-0000-7000-8000-000000000001", name: "Северный кофе", currency: "RUB", locale: "ru" } as const;

/** The core of a signed-in person with no network and empty books in memory. */
export async function resumedCore(environment = systemEnvironment(), open: () => Promise<LocalDatabase> = async () => openBetterSqlite3({ path: ":memory:" })): Promise<Core> {
  const core = createCore({
    serverUrl: "http://localhost:1",
    fetch: () => Promise.reject(new TypeError("no network")),
    sessionKind: "cookie",
    sessionStore: { read: async () => ({ userId: "u1", email: "anna@example.com", sessionToken: null, workspace: testWorkspace }), write: async () => undefined, clear: async () => undefined },
    environment,
    random: () => 0.5,
    log: () => undefined,
    setAside: memorySetAside(),
    openDatabase: async () => openStore(await open()),
    removeDatabase: async () => undefined,
  });
  await core.resume();
  return core;
}

/** A screen before a core. Close it. */
export function screenOf(core: Core): BridgeClient<SaldoMethods> {
  const [near, far] = inProcessPorts();
  createBridgeServer(saldoMethods, coreHandlers(core), far);
  return createBridgeClient(saldoMethods, near);
}
