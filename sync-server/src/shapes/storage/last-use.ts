import { stat, utimes } from "node:fs/promises";

/** When a shape was last asked for: the time of change of its record, so that it survives any end of the process. */
export async function readLastUseMs(recordPath: string): Promise<number> {
  return (await stat(recordPath)).mtimeMs;
}

/** Notes a shape's last use; one that is gone by now is left alone. */
export async function writeLastUse(recordPath: string, lastUsedMs: number): Promise<void> {
  const seconds = lastUsedMs / 1000;
  await utimes(recordPath, seconds, seconds).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  });
}
