import { listRates } from "@saldo/client-core/reports";
import type { Core } from "./core.ts";
import { watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** Rates of exchange as people gave them. */
export function rateHandlers(core: Core): HandlersOf<"rates"> {
  return {
    "rates.watch": (_params, context) =>
      Promise.resolve(watchBooks(core, ["exchange_rate"], async ({ reader, workspaceId }) => ({ rates: await listRates(reader, workspaceId) }), context)),
    async "rates.set"(rate) {
      const { books } = core.opened();
      return { undoId: await books.history.record([{ name: "exchangeRate.set", args: { ...rate, id: books.ids.next() } }]) };
    },
    async "rates.remove"({ id }) {
      return { undoId: await core.opened().books.history.record([{ name: "exchangeRate.remove", args: { rateId: id } }]) };
    },
  };
}
