import { z } from "zod";
import { field } from "./fields.ts";
import { selectionMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import { removeParts } from "./splits.ts";
import { unlink } from "./transfers.ts";

/** Removes rows that came in twice, by a person's choice. A row that is gone already is passed over. */
export const transactionRemoveDoubles = defineMutation({
  name: "transaction.removeDoubles",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ids: z.array(field.id).min(1).max(selectionMax) }),
  async run(rows, { ids }) {
    for (const id of ids) {
      const row = await rows.get("transaction", id);
      // A part is no row by itself: it goes with its whole.
      if (row === undefined || row.parentId !== null) continue;
      if (row.isSplit) await removeParts(rows, id);
      if (row.transferId !== null) await unlink(rows, row.transferId);
      await rows.remove("transaction", id);
    }
  },
});

/** Says that rows are no copies of others like them: they are not shown as doubles again. */
export const transactionKeepDistinct = defineMutation({
  name: "transaction.keepDistinct",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ids: z.array(field.id).min(1).max(selectionMax) }),
  async run(rows, { ids }) {
    for (const id of ids) await rows.patch("transaction", id, { isDistinct: true });
  },
});
