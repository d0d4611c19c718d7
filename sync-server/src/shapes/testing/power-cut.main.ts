import fs, { type PathLike } from "node:fs";
import fsp, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { callbackify, promisify } from "node:util";
import { z } from "zod";

/**
 * Loaded into a shape service before its own code: notes in a journal what really is on disk (what was synced, and how many bytes of it),
 * holds each sync up for a while, and kills the process at a named point. {@link cutPower} then takes away what was never synced.
 */
const { journal, syncDelayMs, killAt } = z
  .object({
    journal: z.string(),
    syncDelayMs: z.number(),
    /** The process ends at the n-th time `what` (`before sync`, `after sync`, `before rename`, `after rename`, `within write`) meets a file of that name. */
    killAt: z.object({ what: z.string(), file: z.string(), nth: z.number() }).optional(),
  })
  .parse(JSON.parse(process.env["TEST_POWER"] ?? "{}"));

const { openSync, closeSync, writeSync, fstatSync, fdatasync, rename } = { ...fs, rename: fsp.rename };
const dataSync = promisify(fdatasync);
const paths = new Map<number, string>();
const journalFile = openSync(journal, "a");
let met = 0;

function at(what: string, path: string): boolean {
  if (killAt?.what !== what || !path.endsWith(`/${killAt.file}`)) return false;
  met += 1;
  return met === killAt.nth;
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

function note(entry: { readonly synced: string; readonly bytes: number } | { readonly renamed: string; readonly to: string }): void {
  writeSync(journalFile, `${JSON.stringify(entry)}\n`);
}

async function synced(descriptor: number, sync: () => Promise<void>): Promise<void> {
  const path = paths.get(descriptor) ?? "";
  if (at("before sync", path)) die();
  const { size } = fstatSync(descriptor);
  await pause(syncDelayMs);
  await sync();
  note({ synced: path, bytes: size });
  if (at("after sync", path)) die();
}

fs.openSync = (path: PathLike, ...rest) => {
  const descriptor = openSync(path, ...rest);
  paths.set(descriptor, String(path));
  return descriptor;
};
fs.closeSync = (descriptor) => {
  paths.delete(descriptor);
  closeSync(descriptor);
};
fs.writeSync = new Proxy(writeSync, {
  apply: (write, self, args: unknown[]) => {
    const [descriptor, bytes, offset, , position] = args;
    if (typeof descriptor === "number" && bytes instanceof Buffer && at("within write", paths.get(descriptor) ?? "")) {
      writeSync(descriptor, bytes, Number(offset ?? 0), bytes.length >> 1, typeof position === "number" ? position : null);
      die();
    }
    return Reflect.apply(write, self, args);
  },
});
fs.fdatasync = Object.assign(
  callbackify((descriptor: number) => synced(descriptor, () => dataSync(descriptor))),
  { __promisify__: fdatasync.__promisify__ },
);
const open = fsp.open;
fsp.open = async (path, ...rest): Promise<FileHandle> => {
  const handle = await open(path, ...rest);
  const descriptor = handle.fd;
  const datasync = handle.datasync.bind(handle);
  paths.set(descriptor, String(path));
  handle.datasync = () => synced(descriptor, datasync);
  return handle;
};
fsp.rename = async (from, to) => {
  if (at("before rename", String(to))) die();
  await rename(from, to);
  note({ renamed: String(from), to: String(to) });
  if (at("after rename", String(to))) die();
};
syncBuiltinESMExports();

process.on("message", () => process.send?.({ rssBytesMax: process.resourceUsage().maxRSS * 1024, rssBytes: process.memoryUsage.rss() }));
process.on("disconnect", () => process.exit()); // a test that ended leaves no service behind
process.channel?.unref();
