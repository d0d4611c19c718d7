/** Where it is noted, so that it outlives the process, that a database is being written. */
export interface WritingNote {
  /** True when the note was there before the database was opened: it ended while it was being written. */
  readonly wasThere: boolean;
  /** True when what is stored had been seen not to be what was written. */
  readonly wasDamaged: boolean;
  write(): Promise<void>;
  /** Notes what {@link wasDamaged} tells. */
  writeDamaged(): Promise<void>;
  remove(): Promise<void>;
}

/** Keeps a {@link WritingNote} true. */
export interface WritingMark {
  /** Before a write; once it resolves the note is there. */
  begin(): Promise<void>;
  /** After a write, whatever became of it. */
  end(): void;
  /** What is stored was seen not to be what was written: the note says so, and stays. */
  keep(): void;
  /** The database is closed, everything in it is on the disk. */
  close(): Promise<void>;
}

/** A write that was followed by this much quiet is on the disk. A tab is never closed cleanly: without it every start would follow an unclean end. */
const quietMs = 3_000;

/**
 * Makes a {@link WritingMark}. A note that cannot be written stops no write: then a count is missed, and nothing a person did. `settle` is called when
 * it has been quiet, and may write what the next start would have to do; no write begins meanwhile.
 */
export function writingMark(note: WritingNote, settle: () => Promise<void> = () => Promise.resolve()): WritingMark {
  let writes = 0;
  let isNoted = note.wasThere;
  let isKept = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let last: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).catch(() => undefined);
    return last;
  };
  const rest = () =>
    inTurn(async () => {
      if (writes > 0) return;
      await settle();
      clearTimeout(quiet);
      // What was just written is on the disk after another while.
      if (writes === 0) quiet = setTimeout(() => void clear(), quietMs);
    });
  const clear = () =>
    inTurn(async () => {
      if (writes > 0 || !isNoted || isKept) return;
      await note.remove();
      isNoted = false;
    });
  return {
    begin() {
      writes += 1;
      clearTimeout(quiet);
      return inTurn(async () => {
        if (isNoted) return;
        await note.write();
        isNoted = true;
      });
    },
    end() {
      writes -= 1;
      if (writes === 0) quiet = setTimeout(() => void rest(), quietMs);
    },
    keep() {
      if (isKept) return;
      isKept = true;
      isNoted = true;
      void inTurn(() => note.writeDamaged());
    },
    async close() {
      clearTimeout(quiet);
      await clear();
      clearTimeout(quiet);
    },
  };
}
