import { readRows } from "@saldo/client-core/store";
import { minor } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { Core } from "./core.ts";
import { watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** Payments and receipts known in advance. */
export function plannedHandlers(core: Core): HandlersOf<"planned"> {
  return {
    "planned.watch": (_params, context) =>
      Promise.resolve(
        watchBooks(
          core,
          ["planned_item"],
          async ({ reader, workspaceId }) => {
            const rows = await readRows(reader, "planned_item", sql`where "workspace_id" = ${workspaceId} order by "first_on", "id"`);
            return {
              items: rows.map(({ id, name, amountMinor, currency, categoryId, firstOn, repeat, lastOn, likelihood }) => ({ id, name, amountMinor, currency, categoryId, firstOn, repeat, lastOn, likelihood })),
            };
          },
          context,
        ),
      ),
    async "planned.add"(item) {
      const { books } = core.opened();
      const args = { ...item, amountMinor: minor(item.amountMinor), id: books.ids.next(), createdAt: books.nowInstant() };
      return { undoId: await books.history.record([{ name: "plannedItem.create", args }]) };
    },
    async "planned.change"({ id, ...item }) {
      const args = { ...item, amountMinor: minor(item.amountMinor), itemId: id };
      return { undoId: await core.opened().books.history.record([{ name: "plannedItem.update", args }]) };
    },
    async "planned.remove"({ id }) {
      return { undoId: await core.opened().books.history.record([{ name: "plannedItem.remove", args: { itemId: id } }]) };
    },
  };
}
