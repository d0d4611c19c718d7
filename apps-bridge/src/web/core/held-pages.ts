/** Bytes held of one file before they are written. */
const runBytesMax = 512 * 1024;
/** Files of which bytes are held; a written run of the one held longest makes room for another. */
const runsMax = 8;

/** The files pages belong to. */
export interface PageFiles {
  /** Throws where not all bytes can be written; then they are held on. */
  write(path: string, bytes: Uint8Array, at: number): void;
  /** Makes a file as long as this, with zeros. */
  lengthen(path: string, bytes: number): void;
  /** Bytes of a file as it lies. */
  size(path: string): number;
}

/** A part of a file that is still to be written, from the byte `from` on, `count` bytes of the buffer. */
interface Run {
  from: number;
  count: number;
  readonly bytes: Uint8Array;
}

/**
 * Pages of files that lie behind each other are written in one piece: a browser takes as long for one page as for half a megabyte. Some megabytes are held
 * at most. Whoever holds pages lets go of them (`release`) before anything is noted that relies on them; until then they are seen by `over` and `length`.
 */
export function heldPages(files: PageFiles) {
  const runs = new Map<string, Run>();
  /** Lengths that files were given and do not have yet. */
  const lengths = new Map<string, number>();
  const end = (run: Run | undefined): number => (run === undefined ? 0 : run.from + run.count);

  const put = (path: string): Run | undefined => {
    const run = runs.get(path);
    if (run === undefined) return undefined;
    files.write(path, run.bytes.subarray(0, run.count), run.from);
    runs.delete(path);
    return run;
  };
  const newRun = (path: string, from: number): Run => {
    let free = put(path);
    if (free === undefined && runs.size >= runsMax) {
      const [oldest = ""] = runs.keys();
      free = put(oldest);
    }
    const run = { from, count: 0, bytes: free?.bytes ?? new Uint8Array(runBytesMax) };
    runs.set(path, run);
    return run;
  };
  const release = (path: string): void => {
    put(path);
    const length = lengths.get(path);
    if (length !== undefined && length > files.size(path)) files.lengthen(path, length);
    lengths.delete(path);
  };
  return {
    /** Takes bytes of a file. Throws, with none of them taken, where others cannot be written that make room. */
    write(path: string, bytes: Uint8Array, at: number): void {
      if (bytes.length > runBytesMax) throw new RangeError("more bytes than are held");
      let run = runs.get(path);
      if (run === undefined || at < run.from || at > end(run) || at + bytes.length > run.from + runBytesMax) run = newRun(path, at);
      run.bytes.set(bytes, at - run.from);
      run.count = Math.max(run.count, at - run.from + bytes.length);
    },
    /** Puts what is held of a file over what was `read` from it at a place; returns how many bytes there are. */
    over(path: string, into: Uint8Array, at: number, read: number): number {
      const run = runs.get(path);
      const there = Math.min(into.length, Math.max(read, this.length(path, 0) - at));
      if (there > read) into.fill(0, Math.max(0, read), there);
      if (run === undefined) return there;
      const [from, to] = [Math.max(at, run.from), Math.min(at + into.length, end(run))];
      if (from < to) into.set(run.bytes.subarray(from - run.from, to - run.from), from - at);
      return there;
    },
    /** How long a file is that is this long as it lies. */
    length: (path: string, stored: number): number => Math.max(stored, end(runs.get(path)), lengths.get(path) ?? 0),
    /** Makes a file longer once what is held of it is released: pages of its own will be written there. */
    lengthen: (path: string, bytes: number): void => void lengths.set(path, Math.max(bytes, lengths.get(path) ?? 0)),
    /** Writes what is held of one file. Throws where that cannot be; then it is held on. */
    release,
    /** Writes what is held of all files; those that are to be longer are not made so, which nothing that was written needs. */
    releaseBytes(): void {
      for (const path of [...runs.keys()]) put(path);
    },
    releaseAll(): void {
      for (const path of new Set([...runs.keys(), ...lengths.keys()])) release(path);
    },
    /** The file is gone. */
    forget(path: string): void {
      runs.delete(path);
      lengths.delete(path);
    },
  };
}
