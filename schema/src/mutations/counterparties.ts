import { z } from "zod";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";

/** Adds someone money comes from or goes to. */
export const counterpartyCreate = defineMutation({
  name: "counterparty.create",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, name: field.name, taxNumber: field.name.nullable(), accountNumber: field.name.nullable(), createdAt: field.instant }),
  async run(rows, counterparty, { workspaceId }) {
    await rows.insert("counterparty", { ...counterparty, workspaceId });
  },
});

/** Corrects a counterparty's name or numbers; what is not named stays. */
export const counterpartyUpdate = defineMutation({
  name: "counterparty.update",
  version: 1,
  permission: "edit",
  args: z.strictObject({ counterpartyId: field.id, name: field.name.optional(), taxNumber: field.name.nullable().optional(), accountNumber: field.name.nullable().optional() }),
  async run(rows, { counterpartyId, name, taxNumber, accountNumber }) {
    await rows.patch("counterparty", counterpartyId, {
      ...(name === undefined ? {} : { name }),
      ...(taxNumber === undefined ? {} : { taxNumber }),
      ...(accountNumber === undefined ? {} : { accountNumber }),
    });
  },
});
