/** Bytes of one file gathered at most, and files gathered for at once. */
const runBytesMax = 512 * 1024;
const runsMax = 8;

/** Bytes of one file without a gap. */
export interface WriteRun {
  /** The file as it was opened. */
  readonly fd: number;
  readonly from: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Pages of files on their way to them. Postgres writes page by page, in order for the most part, and a browser takes as long for one page as for
 * twenty. They are held for the length of a statement at most: whoever looks at a file, or promises something of it, drains it first.
 */
export interface GatheredWrites {
  /** Takes bytes for a place in a file; writes what was gathered of it before when these do not follow. */
  add(path: string, fd: number, bytes: Uint8Array, from: number): void;
  /** Writes what was gathered of a file, or of all. What cannot be written stays gathered, and the failure is thrown. */
  drain(path?: string): void;
}

/** Makes {@link GatheredWrites}; `write` has written all of a run when it returns, and keeps nothing of it. */
export function gatherWrites(write: (run: WriteRun) => void): GatheredWrites {
  const runs = new Map<string, { readonly fd: number; readonly from: number; readonly room: Uint8Array<ArrayBuffer>; length: number }>();
  const free: Uint8Array<ArrayBuffer>[] = [];
  const drainOne = (path: string) => {
    const run = runs.get(path);
    if (run === undefined) return;
    write({ fd: run.fd, from: run.from, bytes: run.room.subarray(0, run.length) });
    runs.delete(path);
    free.push(run.room);
  };
  const drain = (path?: string) => {
    for (const one of path === undefined ? [...runs.keys()] : [path]) drainOne(one);
  };
  return {
    drain,
    add(path, fd, bytes, from) {
      const run = runs.get(path);
      if (run !== undefined && run.fd === fd && run.from + run.length === from && run.length + bytes.byteLength <= runBytesMax) {
        run.room.set(bytes, run.length);
        run.length += bytes.byteLength;
        return;
      }
      drain(path);
      const [oldest] = runs.keys();
      if (runs.size >= runsMax && oldest !== undefined) drain(oldest);
      const room = free.pop() ?? new Uint8Array(runBytesMax);
      room.set(bytes);
      runs.set(path, { fd, from, room, length: bytes.byteLength });
    },
  };
}
