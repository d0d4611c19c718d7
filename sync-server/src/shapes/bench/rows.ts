import { Client } from "pg";

/** Columns of the rows that every figure is measured on: nine, of text size, some 300 bytes a row. */
const columns = `id uuid PRIMARY KEY, workspace_id uuid NOT NULL, account_id text NOT NULL, posted_on date NOT NULL, amount_minor bigint NOT NULL,
  currency text NOT NULL, description text NOT NULL, counterparty text NOT NULL, created_at text NOT NULL`;

/** Id of a row by its number. */
export function rowId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** Id of a workspace by its number. */
export function workspaceId(number: number): string {
  return `11111111-1111-4111-8111-${number.toString(16).padStart(12, "0")}`;
}

/** Makes a table of bench rows, with the index any table that is read by workspace has. The service makes the identity full by itself; done here, both readers of a stream get the same. */
export function createTableSql(table: string): string {
  return `CREATE TABLE ${table} (${columns}); ALTER TABLE ${table} REPLICA IDENTITY FULL; CREATE INDEX ON ${table} (workspace_id)`;
}

/** One statement that inserts the rows numbered `from` up to but not including `to`, all of one workspace. */
export function insertSql(table: string, from: number, to: number, workspace: number): string {
  const text = (prefix: string, chars: number): string => `'${prefix}' || lpad(g::text, ${chars - prefix.length}, 'x ')`;
  return `INSERT INTO ${table} SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(g), 12, '0'))::uuid, '${workspaceId(workspace)}',
    ${text("account-", 36)}, '2026-01-02', -100 - g, 'EUR', ${text("Invoice payment ", 110)}, ${text("Counterparty ", 50)}, '2026-01-02T10:11:12.345Z'
    FROM generate_series(${from}, ${to - 1}) g`;
}

/** Runs statements on one connection, in order. */
export async function runSql(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
