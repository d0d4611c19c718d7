import { z } from "zod";
import type { Row } from "../tables/index.ts";
import { field } from "./fields.ts";
import { importNamesMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import type { RowStore } from "./row-store.ts";
import { requireLoading } from "./import-loading.ts";

const accountOfFile = z.strictObject({ id: field.id, name: field.name, currency: field.currency, number: field.name.nullable() });
const categoryOfFile = z.strictObject({ id: field.id, name: field.name, kind: z.enum(["income", "expense", "transfer"]) });

interface FileNames {
  readonly accounts: readonly z.infer<typeof accountOfFile>[];
  readonly categories: readonly z.infer<typeof categoryOfFile>[];
  readonly createdAt: string;
}

/** Makes the accounts and categories a file names where they do not exist yet. */
async function ensureNames(rows: RowStore, names: FileNames, workspaceId: string): Promise<void> {
  const { createdAt } = names;
  for (const account of names.accounts) {
    if (await rows.get("account", account.id)) continue;
    await rows.insert("account", { ...account, workspaceId, balanceMinor: null, balanceAsOf: null, archived: false, createdAt });
  }
  if (names.categories.length === 0) return;
  const known = await rows.list("category", {});
  for (const category of names.categories) {
    if (known.some((other) => other.id === category.id)) continue;
    const row: Row<"category"> = { ...category, workspaceId, parentId: null, slot: 0, archived: false, createdAt, mergedIntoId: null, activity: "operating" };
    await rows.insert("category", row);
    known.push(row);
  }
}

/** Opens an import: its file and how it was understood, with the accounts and categories already known to be needed. */
export const importBegin = defineMutation({
  name: "import.begin",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    importId: field.id,
    fileName: field.name,
    fileSha256: z.string().regex(/^[0-9a-f]{64}$/),
    fileBytes: field.count,
    format: field.name,
    understanding: field.json,
    accounts: z.array(accountOfFile).max(importNamesMax),
    categories: z.array(categoryOfFile).max(importNamesMax),
    createdAt: field.instant,
  }),
  async run(rows, args, { workspaceId, userId }) {
    await ensureNames(rows, args, workspaceId);
    await rows.insert("import", {
      id: args.importId,
      workspaceId,
      fileName: args.fileName,
      fileSha256: args.fileSha256,
      fileBytes: args.fileBytes,
      format: args.format,
      understanding: args.understanding,
      rowsDeclared: 0,
      rowsAdded: 0,
      rowsThere: 0,
      rowsLeftOut: 0,
      rowsRefused: 0,
      firstOn: null,
      lastOn: null,
      statements: [],
      comparedWith: [],
      status: "loading",
      createdBy: userId,
      createdAt: args.createdAt,
      completedAt: null,
    });
  },
});

/** Adds accounts and categories met further down the file, before the rows that need them. */
export const importAddNames = defineMutation({
  name: "import.addNames",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    importId: field.id,
    accounts: z.array(accountOfFile).max(importNamesMax),
    categories: z.array(categoryOfFile).max(importNamesMax),
    createdAt: field.instant,
  }),
  async run(rows, args, { workspaceId }) {
    await requireLoading(rows, args.importId);
    await ensureNames(rows, args, workspaceId);
  },
});
