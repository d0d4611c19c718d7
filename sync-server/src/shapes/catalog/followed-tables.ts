import type { Pool } from "pg";
import { z } from "zod";
import { quoteTable, type TableName } from "../identifiers.ts";
import { SharedAnswers } from "../shared-answers.ts";
import { Turns } from "../turns.ts";
import { type InspectedTable, inspectTable } from "./inspect.pg.ts";
import type { KnownTables } from "./known-tables.ts";
import { publishTable, unpublishTable } from "./publish.pg.ts";

/** Attempts at once: each may hold a database connection while it waits for a lock. */
const attemptsMax = 2;
/** Rounds without a shape after which a table is taken out of the publication. */
const unusedRoundsMax = 2;

const publishedRow = z.object({ schema: z.string(), name: z.string() });
const publishedQuery = `
  SELECT n.nspname AS schema, c.relname AS name
  FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE p.pubname = $1`;

/** How tables get into the publication. */
export interface FollowedTablesOptions {
  readonly pool: Pool;
  readonly publication: string;
  /** True when someone else publishes the tables. */
  readonly manual: boolean;
  readonly known: KnownTables;
}

/** Puts tables into the publication when a first shape asks for them, and takes them out again. */
export class FollowedTables {
  readonly #options: FollowedTablesOptions;
  readonly #altering = new Map<string, Promise<unknown>>();
  readonly #inspecting = new Map<string, SharedAnswers<InspectedTable | undefined>>();
  readonly #turns = new Turns(attemptsMax);
  #unusedRounds = new Map<string, number>();

  constructor(options: FollowedTablesOptions) {
    this.#options = options;
  }

  /** The table as it is now; `undefined` when there is none. Throws `RequestRefused` for what can have no shape. */
  async inspect(name: TableName): Promise<InspectedTable | undefined> {
    const quoted = quoteTable(name);
    await this.#altering.get(quoted)?.catch(() => undefined);
    const shared = this.#inspecting.get(quoted) ?? new SharedAnswers(() => this.#look(name));
    this.#inspecting.set(quoted, shared);
    try {
      return await shared.answer();
    } finally {
      if (shared.idle) this.#inspecting.delete(quoted);
    }
  }

  /** The table, published. One attempt for each table at a time. Throws `RequestRefused` as `publishTable` does. */
  async publish(inspected: InspectedTable): Promise<InspectedTable> {
    const name = quoteTable(inspected.table);
    const earlier = this.#altering.get(name);
    if (earlier !== undefined) {
      await earlier;
      return this.publish((await this.inspect(inspected.table)) ?? inspected);
    }
    const { pool, publication, manual } = this.#options;
    return this.#alter(name, async () => this.#shared(await publishTable(pool, inspected, publication, manual)));
  }

  /** Takes tables out of the publication that had no shape for some rounds; called once a round. */
  async unpublishUnused(isUsed: (table: TableName) => boolean): Promise<void> {
    const { pool, publication, manual } = this.#options;
    if (manual) return;
    const tables = z.array(publishedRow).parse((await pool.query(publishedQuery, [publication])).rows);
    const rounds = new Map<string, number>();
    for (const table of tables) {
      const name = quoteTable(table);
      if (isUsed(table) || this.#altering.has(name)) continue;
      const unused = (this.#unusedRounds.get(name) ?? 0) + 1;
      rounds.set(name, unused);
      if (unused > unusedRoundsMax) await this.#alter(name, () => unpublishTable(pool, table, publication));
    }
    this.#unusedRounds = rounds;
  }

  async #look(name: TableName): Promise<InspectedTable | undefined> {
    const inspected = await inspectTable(this.#options.pool, name, this.#options.publication);
    return inspected && this.#shared(inspected);
  }

  #shared(inspected: InspectedTable): InspectedTable {
    return { ...inspected, table: this.#options.known.shared(inspected.table) };
  }

  async #alter<Result>(name: string, alter: () => Promise<Result>): Promise<Result> {
    const altering = this.#turns.run(alter);
    this.#altering.set(name, altering);
    try {
      return await altering;
    } finally {
      this.#altering.delete(name);
    }
  }
}
