import { compareBytewise, ruleConditions, searchTextOf, selectionMax, type Row, type RuleCondition } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { Books } from "../books/books.ts";
import { countedRows } from "../reports/counted-rows.ts";
import { readRows, type SqlReader } from "../store/index.ts";

/** What rules look at in a transaction. */
export type RuleRow = Pick<Row<"transaction">, "description" | "counterpartyName" | "amountMinor" | "accountId" | "currency">;

/** A rule ready to be asked. */
export interface CompiledRule {
  readonly id: string;
  readonly categoryId: string;
  matches(row: RuleRow): boolean;
}

type TextCondition = Extract<RuleCondition, { readonly text: string }>;

/** The test all conditions of a rule make together. */
export function compileConditions(conditions: readonly RuleCondition[]): (row: RuleRow) => boolean {
  const tests = conditions.map(compileCondition);
  return (row) => tests.every((test) => test(row));
}

function compileCondition(condition: RuleCondition): (row: RuleRow) => boolean {
  switch (condition.field) {
    case "description":
      return textTest(condition, (row) => row.description);
    case "counterparty":
      return textTest(condition, (row) => row.counterpartyName ?? "");
    case "amount": {
      const { fromMinor, toMinor } = condition;
      return ({ amountMinor }) => (fromMinor === null || Math.abs(amountMinor) >= fromMinor) && (toMinor === null || Math.abs(amountMinor) <= toMinor);
    }
    case "direction":
      return ({ amountMinor }) => (condition.direction === "in" ? amountMinor > 0 : amountMinor < 0);
    case "account":
      return ({ accountId }) => accountId === condition.accountId;
    case "currency":
      return ({ currency }) => currency === condition.currency;
  }
}

function textTest({ op, text }: TextCondition, textOf: (row: RuleRow) => string): (row: RuleRow) => boolean {
  const wanted = searchTextOf(text, null);
  if (op === "contains") return (row) => searchTextOf(textOf(row), null).includes(wanted);
  if (op === "starts_with") return (row) => searchTextOf(textOf(row), null).startsWith(wanted);
  return (row) => searchTextOf(textOf(row), null) === wanted;
}

/** The rules in use of a workspace, in the order they are tried; one whose conditions this version does not know is left out. */
export async function readRules(reader: SqlReader, workspaceId: string): Promise<CompiledRule[]> {
  const rules = await readRows(reader, "rule", sql`where "workspace_id" = ${workspaceId} and "enabled" = ${true}`);
  rules.sort((a, b) => a.position - b.position || compareBytewise(a.id, b.id));
  return rules.flatMap(({ id, categoryId, conditions }) => {
    const parsed = ruleConditions.safeParse(conditions);
    return parsed.success ? [{ id, categoryId, matches: compileConditions(parsed.data) }] : [];
  });
}

/** Rows read at a time. */
const pageRows = 5_000;

/** What a rule would do to the rows that are there. */
export interface RuleReach {
  /** Rows that would get its category, first come first. */
  readonly ids: readonly string[];
  /** Rows it fits that a person gave a category: they stay. */
  readonly byPerson: number;
  /** Rows it fits that have its category already. */
  readonly there: number;
}

/** Finds the past rows conditions fit, and what a rule that gives a category would change of them. Reads every row that counts, page by page. */
export async function findRuleRows(books: Books, rule: { readonly conditions: readonly RuleCondition[]; readonly categoryId: string }): Promise<RuleReach> {
  const matches = compileConditions(rule.conditions);
  const { workspaceId } = await books.recordContext();
  const ids: string[] = [];
  let [byPerson, there] = [0, 0];
  for (let after = ""; ; ) {
    const rows = await readRows(books.database, "transaction", sql`where ${countedRows(workspaceId)} and "transaction"."id" > ${after} order by "transaction"."id" limit ${pageRows}`);
    for (const row of rows) {
      if (!matches(row)) continue;
      if (row.categorySource === "person") byPerson++;
      else if (row.categoryId === rule.categoryId) there++;
      else ids.push(row.id);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return { ids, byPerson, there };
    after = last.id;
    await books.pause();
  }
}

/**
 * Gives past rows the category of a rule, as one step that can be taken back; `undoId` is null when there are too many rows for that. What a person chose
 * stays.
 */
export async function applyRule(books: Books, categoryId: string, ids: readonly string[]): Promise<{ readonly undoId: string | null }> {
  const edits = [];
  for (let from = 0; from < ids.length; from += selectionMax) {
    edits.push({ name: "transaction.categorise" as const, args: { by: "rule", categories: [categoryId], rows: ids.slice(from, from + selectionMax).map((id) => [id, 0]) } });
  }
  return { undoId: await books.history.record(edits) };
}
