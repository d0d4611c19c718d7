import { z } from "zod";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";

/** Adds an account of the company. */
export const accountCreate = defineMutation({
  name: "account.create",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, name: field.name, currency: field.currency, number: field.name.nullable(), createdAt: field.instant }),
  async run(rows, account, { workspaceId }) {
    await rows.insert("account", { ...account, workspaceId, balanceMinor: null, balanceAsOf: null, archived: false });
  },
});

/** States what an account held at the end of a day, or that it is not known. */
export const accountSetBalance = defineMutation({
  name: "account.setBalance",
  version: 1,
  permission: "edit",
  args: z.strictObject({ accountId: field.id, balanceMinor: field.money.nullable(), asOf: field.date.nullable() }),
  async run(rows, { accountId, balanceMinor, asOf }) {
    await rows.patch("account", accountId, { balanceMinor, balanceAsOf: balanceMinor === null ? null : asOf });
  },
});

/** Renames an account. */
export const accountRename = defineMutation({
  name: "account.rename",
  version: 1,
  permission: "edit",
  args: z.strictObject({ accountId: field.id, name: field.name }),
  async run(rows, { accountId, name }) {
    await rows.patch("account", accountId, { name });
  },
});

/** Corrects an account's number, or takes it away. */
export const accountSetNumber = defineMutation({
  name: "account.setNumber",
  version: 1,
  permission: "edit",
  args: z.strictObject({ accountId: field.id, number: field.name.nullable() }),
  async run(rows, { accountId, number }) {
    await rows.patch("account", accountId, { number });
  },
});

/** Puts an account away, or takes it out again; its transactions stay. */
export const accountArchive = defineMutation({
  name: "account.archive",
  version: 1,
  permission: "edit",
  args: z.strictObject({ accountId: field.id, archived: z.boolean() }),
  async run(rows, { accountId, archived }) {
    await rows.patch("account", accountId, { archived });
  },
});
