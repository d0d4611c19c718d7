import type { ErrorCode } from "@saldo/schema";
import type { LocalDatabase } from "../store/local-database.ts";
import type { SyncPorts } from "./ports.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** Failures a store remembers. */
const failuresMax = 10;

/** Remembers what kept a store from syncing. */
export interface FailureNotes {
  /** Notes a failure, once until {@link FailureNotes.over} or another one. Never rejects: it must not become a failure of its own. */
  note(code: ErrorCode): void;
  /** Sync works again: the next failure is a new one. */
  over(): void;
  /** Resolves when what was noted is written. */
  settled(): Promise<void>;
}

/** Makes {@link FailureNotes} of a store. */
export function failureNotes({ database, clock }: Pick<SyncPorts, "database" | "clock">): FailureNotes {
  let last: ErrorCode | undefined;
  let writing: Promise<void> = Promise.resolve();
  return {
    note(code) {
      if (code === last) return;
      last = code;
      const at = new Date(clock.nowMs()).toISOString();
      writing = writing.then(() => write(database, code, at)).catch(() => undefined);
    },
    over() {
      last = undefined;
    },
    settled: () => writing,
  };
}

async function write(database: LocalDatabase, code: ErrorCode, at: string): Promise<void> {
  await database.transaction(async (transaction) => {
    const before = (await readSetting(transaction, "sync.failures")) ?? [];
    await writeSetting(transaction, "sync.failures", [{ code, at }, ...before].slice(0, failuresMax));
  });
}
