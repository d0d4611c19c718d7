import { z } from "zod";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";

/** Changes the company's name, reporting currency, language, or whether AI providers may see names. */
export const workspaceUpdate = defineMutation({
  name: "workspace.update",
  version: 1,
  permission: "manage",
  args: z.strictObject({ name: field.name.optional(), currency: field.currency.optional(), locale: field.locale.optional(), aiNames: z.boolean().optional() }),
  async run(rows, { name, currency, locale, aiNames }, { workspaceId }) {
    await rows.patch("workspace", workspaceId, {
      ...(name === undefined ? {} : { name }),
      ...(currency === undefined ? {} : { currency }),
      ...(locale === undefined ? {} : { locale }),
      ...(aiNames === undefined ? {} : { aiNames }),
    });
  },
});

/** Settles an entry of the "needs attention" list. */
export const rejectionResolve = defineMutation({
  name: "rejection.resolve",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, status: z.enum(["retried", "discarded"]) }),
  async run(rows, { id, status }) {
    await rows.patch("rejection", id, { status });
  },
});
