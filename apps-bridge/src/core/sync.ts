import { discardRejections, openRejections, retryRejection } from "@saldo/client-core/books";
import type { Core } from "./core.ts";
import { watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

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
      const { sync, uploader } = core.opened();
      sync.now();
      uploader?.now();
      return Promise.resolve(null);
    },
    "rejections.watch": (_params, context) =>
      Promise.resolve(watchBooks(core, ["rejection", "sync_outbox"], async ({ reader, workspaceId }) => ({ rejections: await openRejections(reader, workspaceId) }), context)),
    async "rejections.retry"({ id, corrections }) {
      await retryRejection(core.opened().books, id, corrections);
      return null;
    },
    async "rejections.discard"({ ids }) {
      await discardRejections(core.opened().books, ids);
      return null;
    },
  };
}
