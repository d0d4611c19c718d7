import { boolean, date, id, instant, integer, json, money, nullable, oneOf, real, text } from "./column.ts";
import { workspaceTable } from "./table.ts";

/** Bank accounts, cash desks and cards. The balance is what the owner or a statement said on a date; runway starts from it. */
export const account = workspaceTable("account", {
  columns: {
    name: text,
    currency: text,
    number: nullable(text),
    balanceMinor: nullable(money),
    balanceAsOf: nullable(date),
    archived: boolean,
    createdAt: instant,
  },
});

/** The part of the cash-flow statement a category belongs to. */
export const categoryActivities = ["operating", "investing", "financing"] as const;

/**
 * What money is earned and spent on. `slot` is the colour for life: 1–8, or 0 for "other". One that was merged into another is put away and names it:
 * what still arrives for it goes there.
 */
export const category = workspaceTable("category", {
  columns: {
    name: text,
    kind: oneOf("income", "expense", "transfer"),
    parentId: nullable(id),
    slot: integer,
    archived: boolean,
    createdAt: instant,
    mergedIntoId: nullable(id),
    activity: oneOf(...categoryActivities),
  },
});

/** Conditions that give a category. */
export const rule = workspaceTable("rule", {
  columns: { position: integer, conditions: json, categoryId: id, enabled: boolean, createdAt: instant },
});

/** Whom money comes from and goes to. */
export const counterparty = workspaceTable("counterparty", {
  columns: { name: text, taxNumber: nullable(text), accountNumber: nullable(text), createdAt: instant },
});

/**
 * One imported file. Its rows count only while it is `complete`. `rowsDeclared` rows belong to it, parts of split ones among them;
 * `rowsAdded`, `rowsThere`, `rowsLeftOut` and `rowsRefused` are what became of the rows of the file.
 */
export const importFile = workspaceTable("import", {
  columns: {
    fileName: text,
    fileSha256: text,
    fileBytes: integer,
    format: text,
    understanding: json,
    rowsDeclared: integer,
    rowsAdded: integer,
    rowsRefused: integer,
    status: oneOf("loading", "complete", "undone"),
    createdBy: nullable(id),
    createdAt: instant,
    completedAt: nullable(instant),
    /** Rows the books had already. */
    rowsThere: integer,
    /** Rows that looked like others in the books and were not added. */
    rowsLeftOut: integer,
    /** First and last posting date of its rows; null without rows. */
    firstOn: nullable(date),
    lastOn: nullable(date),
    /** What the file says its accounts held, beside what its rows add up to (`../reports/statements.ts`). */
    statements: json,
    /** Ids of the finished imports its rows were compared with: copies between any two others may be doubles. */
    comparedWith: json,
  },
  deviceIndexes: [["fileSha256"]],
});

/** How files of one shape are read, as decided before. */
export const importMapping = workspaceTable("import_mapping", {
  columns: { fingerprint: text, mapping: json, createdAt: instant },
  deviceIndexes: [["fingerprint"]],
});

/** What a movement of money is by nature. Only a transfer between own accounts is neither income nor expense. */
export const transactionKinds = ["ordinary", "transfer", "refund", "fee", "tax", "payroll"] as const;

/**
 * One movement of money: positive comes in, negative goes out. A split parent stands outside every sum; its children count.
 * `kind` is what the file says, `pair` when only the other side of a transfer told it, `person` when a person did.
 * `searchText` is the text of the row normalised in TypeScript, because SQLite folds no Cyrillic.
 */
export const transaction = workspaceTable("transaction", {
  columns: {
    accountId: id,
    importId: nullable(id),
    importLine: nullable(integer),
    postedOn: date,
    amountMinor: money,
    currency: text,
    description: text,
    counterpartyName: nullable(text),
    counterpartyId: nullable(id),
    categoryId: nullable(id),
    categorySource: oneOf("none", "file", "rule", "model", "person"),
    parentId: nullable(id),
    isSplit: boolean,
    note: nullable(text),
    searchText: text,
    createdAt: instant,
    /** The bank's own id of the movement, within the account. */
    bankId: nullable(text),
    counterpartyAccount: nullable(text),
    counterpartyTaxId: nullable(text),
    kind: oneOf(...transactionKinds),
    kindSource: oneOf("file", "pair", "person"),
    /** The other side of a transfer between own accounts. */
    transferId: nullable(id),
    /** Value added tax within the amount, positive; null when the purpose names none. */
    vatMinor: nullable(money),
    /** True when a person said that it is no copy of a row like it. */
    isDistinct: boolean,
  },
  deviceIndexes: [["postedOn"], ["importId"]],
  serverIndexes: [["workspaceId", "importId"]],
  sparseIndexes: ["parentId"],
});

/** How many units of `quote` one unit of `base` was worth on a date; a decimal text, never a float. */
export const exchangeRate = workspaceTable("exchange_rate", {
  columns: { base: text, quote: text, onDate: date, rate: text, source: text },
  deviceIndexes: [["base", "quote", "onDate"]],
});

/** A payment or receipt known in advance. */
export const plannedItem = workspaceTable("planned_item", {
  columns: {
    name: text,
    amountMinor: money,
    currency: text,
    categoryId: nullable(id),
    firstOn: date,
    repeat: oneOf("once", "week", "month", "quarter", "year"),
    lastOn: nullable(date),
    likelihood: real,
    createdAt: instant,
  },
});

/** Changes to try on the forecast, kept under a name. `changes` is a list of what-ifs, their amounts in `currency`. */
export const scenario = workspaceTable("scenario", {
  columns: { name: text, currency: text, changes: json, createdAt: instant },
});
