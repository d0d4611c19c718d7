import { readRows } from "@saldo/client-core/store";
import { sql } from "drizzle-orm";
import type { Core } from "./core.ts";
import { readBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** Most refused changes one answer lists. */
const rejectionsMax = 100;

/** Keeping in step with the server. */
export function syncHandlers(core: Core): HandlersOf<"sync" | "rejections"> {
  return {
    "sync.watch": (_params, { next }) => {
      let stopStatus = () => {};
      const begin = () => {
        stopStatus();
        stopStatus = () => {};
        if (!core.session().signedIn) return next({ state: "signed_out", pendingChanges: 0, lastSyncedAt: null, problems: [] });
        const { sync } = core.opened();
        const say = () => {
          const { state, pendingChanges, lastSyncedAt, problems } = sync.status();
          next({ state, pendingChanges, lastSyncedAt, problems: problems.map(({ code, mutation }) => ({ code, mutation: mutation ?? null })) });
        };
        stopStatus = sync.onStatus(say);
        say();
      };
      const unsubscribe = core.onOpened(begin);
      begin();
      return Promise.resolve(() => {
        unsubscribe();
        stopStatus();
      });
    },
    "sync.now"() {
      core.opened().sync.now();
      return Promise.resolve(null);
    },
    "rejections.list": () =>
      readBooks(core, async ({ reader, workspaceId }) => {
        const rows = await readRows(
          reader,
          "rejection",
          sql`where "workspace_id" = ${workspaceId} and "status" = 'open' order by "created_at" desc, "id" desc limit ${sql.raw(String(rejectionsMax))}`,
        );
        return { rejections: rows.map(({ id, createdAt, code, mutation }) => ({ id, at: createdAt, code, mutation })) };
      }),
  };
}
