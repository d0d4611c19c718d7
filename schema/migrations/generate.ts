/**
 * Writes the next migration of each target (server, SQLite device, PGlite device) when the declarations have changed since the last one:
 * `npm run generate -w @saldo/schema -- name-of-change`. Migrations are TypeScript modules, so that a bundle and a browser carry them.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from "drizzle-kit/api";
import { deviceTables } from "../src/device/bookkeeping.ts";
import { toPgliteTable, toServerTable } from "../src/dialects/pg.ts";
import { toSqliteTable } from "../src/dialects/sqlite.ts";
import * as serverTables from "../src/server/tables.ts";
import { tables } from "../src/tables/index.ts";

type Drizzled = Record<string, unknown>;

function mapTables<Declaration, Table>(declarations: Readonly<Record<string, Declaration>>, map: (declaration: Declaration) => Table): Drizzled {
  return Object.fromEntries(Object.entries(declarations).map(([name, declaration]) => [`declared_${name}`, map(declaration)]));
}

async function pgStatements(previousText: string | undefined, drizzled: Drizzled, schemas?: string[]) {
  const previous: Parameters<typeof generateMigration>[0] = previousText === undefined ? generateDrizzleJson({}) : JSON.parse(previousText);
  const current = generateDrizzleJson(drizzled, previous.id, schemas);
  return { statements: await generateMigration(previous, current), snapshot: JSON.stringify(current) };
}

async function sqliteStatements(previousText: string | undefined, drizzled: Drizzled) {
  const previous: Parameters<typeof generateSQLiteMigration>[0] = previousText === undefined ? await generateSQLiteDrizzleJson({}) : JSON.parse(previousText);
  const current = await generateSQLiteDrizzleJson(drizzled, previous.id);
  return { statements: await generateSQLiteMigration(previous, current), snapshot: JSON.stringify(current) };
}

const root = process.argv[2] === "--check" ? undefined : process.argv[2];
const checkOnly = process.argv[2] === "--check";
const source = join(dirname(process.argv[1] ?? "."), "..");

const targets = [
  {
    folder: "src/server/migrations",
    snapshotFile: "migrations/server.snapshot.json",
    run: (previous: string | undefined) => pgStatements(previous, { ...serverTables, ...mapTables(tables, toServerTable) }, ["public", "auth", "relay", "compute"]),
  },
  {
    folder: "src/device/migrations/pglite",
    snapshotFile: "migrations/pglite.snapshot.json",
    run: (previous: string | undefined) => pgStatements(previous, mapTables({ ...tables, ...deviceTables }, toPgliteTable)),
  },
  {
    folder: "src/device/migrations/sqlite",
    snapshotFile: "migrations/sqlite.snapshot.json",
    run: (previous: string | undefined) => sqliteStatements(previous, mapTables({ ...tables, ...deviceTables }, toSqliteTable)),
  },
];

for (const target of targets) {
  const folder = join(source, target.folder);
  const snapshotPath = join(source, target.snapshotFile);
  const { statements, snapshot } = await target.run(existsSync(snapshotPath) ? readFileSync(snapshotPath, "utf8") : undefined);
  if (statements.length === 0) continue;
  if (checkOnly) {
    process.stderr.write(`${target.folder}: the declarations have changed since the last migration; run npm run generate -w @saldo/schema\n`);
    process.exitCode = 1;
    continue;
  }
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder).filter((name) => /^\d{4}_/.test(name)).toSorted();
  const next = `${String(names.length + 1).padStart(4, "0")}_${root ?? "change"}`;
  const body = statements.map((statement) => `  ${JSON.stringify(statement.trim())},`).join("\n");
  writeFileSync(join(folder, `${next}.ts`), `/** Generated from the declarations; never edited once released. */\nexport const statements: readonly string[] = [\n${body}\n];\n`);
  const all = [...names.map((name) => name.replace(/\.ts$/, "")), next];
  const imports = all.map((name) => `import { statements as m${name.slice(0, 4)} } from "./${name}.ts";`).join("\n");
  const list = all.map((name) => `  { name: "${name}", statements: m${name.slice(0, 4)} },`).join("\n");
  writeFileSync(
    join(folder, "index.ts"),
    `${imports}\n\n/** Every migration of this target, in order. */\nexport const migrations: readonly { readonly name: string; readonly statements: readonly string[] }[] = [\n${list}\n];\n`,
  );
  writeFileSync(snapshotPath, `${snapshot}\n`);
  process.stdout.write(`${target.folder}/${next}.ts: ${statements.length} statements\n`);
}
