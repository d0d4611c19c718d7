const databaseName = "saldo-device";
const storeName = "record";

/** Small facts this browser keeps about itself, by name. */
export interface BrowserRecords {
  read(name: string): Promise<unknown>;
  write(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Records in IndexedDB: workers have no other place that survives. */
export function browserRecords(): BrowserRecords {
  return {
    read: (name) => run("readonly", (store) => store.get(name)),
    async write(name, value) {
      await run("readwrite", (store) => store.put(value, name));
    },
    async remove(name) {
      await run("readwrite", (store) => store.delete(name));
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
