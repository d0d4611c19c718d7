import type { Dialect } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { LocalTransaction, SqlReader } from "./local-database.ts";

/** Columns of `transaction` a rollup is made of: others may change without it. */
const rolled = ["workspace_id", "posted_on", "amount_minor", "currency", "account_id", "category_id", "kind", "counterparty_name", "is_split", "import_id"];
const columns = rolled.map((name) => `"${name}"`).join(", ");

/** Marks a month or an import, unless it is marked. A conflict clause would be overruled by that of the statement that fired the trigger. */
function mark(row: "old" | "new", what: string): string {
  const found = `"workspace_id" = ${row}."workspace_id" and "what" = ${what}`;
  return `insert into "rollup_stale" ("workspace_id", "what") select ${row}."workspace_id", ${what} where not exists (select 1 from "rollup_stale" where ${found});`;
}

const monthOf = (row: "old" | "new") => `substr(${row}."posted_on", 1, 7)`;
const differs = (names: readonly string[]) => names.map((name) => `old."${name}" is not new."${name}"`).join(" or ");

const sqliteTriggers = [
  `create trigger if not exists "rollup_row_changed" after update on "transaction" when ${differs(rolled)} begin ${mark("old", monthOf("old"))} ${mark("new", monthOf("new"))} end`,
  `create trigger if not exists "rollup_row_gone" after delete on "transaction" begin ${mark("old", monthOf("old"))} end`,
  `create trigger if not exists "rollup_import_came" after insert on "import" when new."status" = 'complete' begin ${mark("new", `new."id"`)} end`,
  `create trigger if not exists "rollup_import_changed" after update on "import" when ${differs(["status", "workspace_id"])} begin ${mark("old", `old."id"`)} ${mark("new", `new."id"`)} end`,
  `create trigger if not exists "rollup_import_gone" after delete on "import" when old."status" = 'complete' begin ${mark("old", `old."id"`)} end`,
];

const markMonthsOf = (rows: string) =>
  `insert into "rollup_stale" ("workspace_id", "what") select distinct "workspace_id", substr("posted_on", 1, 7) from ${rows} on conflict do nothing; return null;`;
const pgFunction = (name: string, body: string) => `create or replace function "${name}"() returns trigger language plpgsql as $body$ begin ${body} end $body$`;

const postgresTriggers = [
  pgFunction(
    "rollup_rows_changed",
    markMonthsOf(`((select ${columns} from old_rows except all select ${columns} from new_rows) union all (select ${columns} from new_rows except all select ${columns} from old_rows)) as changed`),
  ),
  pgFunction("rollup_rows_gone", markMonthsOf("old_rows")),
  pgFunction(
    "rollup_import_status",
    `if tg_op <> 'INSERT' then ${mark("old", `old."id"`)} end if; if tg_op <> 'DELETE' then ${mark("new", `new."id"`)} end if; return null;`,
  ),
  `create or replace trigger "rollup_row_changed" after update on "transaction" referencing old table as old_rows new table as new_rows for each statement execute function "rollup_rows_changed"()`,
  `create or replace trigger "rollup_row_gone" after delete on "transaction" referencing old table as old_rows for each statement execute function "rollup_rows_gone"()`,
  `create or replace trigger "rollup_import_came" after insert on "import" for each row when (new."status" = 'complete') execute function "rollup_import_status"()`,
  `create or replace trigger "rollup_import_changed" after update on "import" for each row when (old."status" is distinct from new."status" or old."workspace_id" is distinct from new."workspace_id") execute function "rollup_import_status"()`,
  `create or replace trigger "rollup_import_gone" after delete on "import" for each row when (old."status" = 'complete') execute function "rollup_import_status"()`,
];

const triggers: Readonly<Record<Dialect, readonly string[]>> = { sqlite: sqliteTriggers, postgres: postgresTriggers };
const triggerCount = 5;
/** Name that stands for every workspace, or for every month of one. */
const every = "*";

/** True when all triggers of {@link watchRolledRows} are there: then it would change nothing. */
export async function areRolledRowsWatched(reader: SqlReader): Promise<boolean> {
  const names = sql`name like 'rollup\\_%' escape '\\'`;
  const found =
    reader.dialect === "sqlite"
      ? await reader.query(sql`select name from sqlite_master where type = 'trigger' and ${names}`)
      : await reader.query(sql`select tgname as name from pg_trigger where tgname like 'rollup\\_%' escape '\\'`);
  return found.length === triggerCount;
}

/**
 * Makes the triggers by which changed and removed rows, and imports that begin or cease to count, mark rollups as stale. Where one was missing all
 * rollups are marked: nobody was watching. Idempotent.
 */
export async function watchRolledRows(transaction: LocalTransaction): Promise<void> {
  if (await areRolledRowsWatched(transaction)) return;
  for (const statement of triggers[transaction.dialect]) await transaction.execute(sql.raw(statement), []);
  await markAllStale(transaction);
}

/** Marks all rollups as stale: after rows were written past the triggers. */
export async function markAllStale(transaction: LocalTransaction): Promise<void> {
  await transaction.insertRows("rollup_stale", ["workspace_id", "what"], [[every, every]], "ignore");
}
