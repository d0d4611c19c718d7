import { storedSession, type SessionStore } from "../../core/session-store.ts";

const databaseName = "saldo-session";
const storeName = "session";
const key = "current";

/** Remembers who is signed in on this browser. The session itself is a cookie that no script can read. */
export function browserSessionStore(): SessionStore {
  return {
    async read() {
      const value = await run("readonly", (store) => store.get(key));
      return storedSession.safeParse(value).data;
    },
    async write(session) {
      await run("readwrite", (store) => store.put(session, key));
    },
    async clear() {
      await run("readwrite", (store) => store.delete(key));
    },
  };
}

async function run(mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await opened();
  try {
    return await settled(request(database.transaction(storeName, mode).objectStore(storeName)));
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(storeName));
  return settled(request);
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser's database failed")));
  });
}
