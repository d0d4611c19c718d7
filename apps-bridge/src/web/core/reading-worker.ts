import { threadGone, type ReadingThread } from "@saldo/client-core/books";

/** Starts a worker that reads files; null where the browser gives none, or not its program. */
export async function startReadingWorker(): Promise<ReadingThread | null> {
  if (typeof Worker === "undefined") return null;
  const worker = new Worker(new URL("./reader.main.ts", import.meta.url), { type: "module", name: "saldo-reader" });
  const isReady = await new Promise<boolean>((resolve) => {
    worker.addEventListener("message", () => resolve(true), { once: true });
    worker.addEventListener("error", () => resolve(false), { once: true });
  });
  if (!isReady) {
    worker.terminate();
    return null;
  }
  return {
    post: (message) => worker.postMessage(message),
    listen(listener) {
      worker.addEventListener("message", ({ data }) => listener(data));
      worker.addEventListener("error", () => listener(threadGone));
    },
    end: () => worker.terminate(),
  };
}
