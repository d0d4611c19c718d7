import type { Pool } from "pg";
import { quoteTable, type TableName } from "../identifiers.ts";
import { logReason } from "../log-reason.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Shape } from "../shape.ts";
import { compareWithCatalogue } from "./compare.pg.ts";
import type { FollowedTables } from "./followed-tables.ts";
import type { InspectedTable } from "./inspect.pg.ts";
import type { Table } from "./table.ts";

/** What comparing works with. */
export interface ShapeTablesParts {
  readonly options: ResolvedOptions;
  readonly pool: Pool;
  readonly tables: FollowedTables;
  readonly shapes: () => Iterable<Shape>;
  /** Ends a shape that cannot be continued. */
  readonly end: (shape: Shape, reason: string) => void;
  /** Routes the changes of relations a shape got, and notes them on disk. */
  readonly extended: (shape: Shape) => Promise<void>;
}

/** Compares the tables of shapes with the catalogue, for changes that no row tells of. */
export class ShapeTables {
  readonly #parts: ShapeTablesParts;
  readonly #finishing = new Set<Promise<void>>();

  constructor(parts: ShapeTablesParts) {
    this.#parts = parts;
  }

  /**
   * Compares all tables, or those that changes of one relation may concern. Ends the shapes of what changed without a row telling so;
   * shapes of a table that got a new partition get its changes too.
   */
  async reconcile(relation?: number): Promise<void> {
    const { pool, options } = this.#parts;
    for (const shapes of this.#byTable(relation)) {
      const { changed, extended, unfinished } = await compareWithCatalogue(pool, options.publicationName, shapes[0].table, shapes);
      for (const shape of changed) this.#parts.end(shape, "table changed");
      for (const [shape, oids] of extended) {
        shape.extend(oids);
        await this.#parts.extended(shape);
      }
      if (unfinished !== undefined && changed.length < shapes.length) this.#finish(unfinished);
    }
  }

  /** Waits for what `reconcile` left to be altered; never for longer than locks are waited for. */
  async finished(): Promise<void> {
    await Promise.all([...this.#finishing]);
  }

  /** Takes tables out of the publication that no shape reads any more; none while a shape is being made. */
  async unpublishUnused(making: () => boolean): Promise<void> {
    const isUsed = (table: TableName): boolean => {
      const name = quoteTable(table);
      return making() || [...this.#parts.shapes()].some((shape) => quoteTable(shape.table) === name);
    };
    await this.#parts.tables.unpublishUnused(isUsed);
  }

  #byTable(relation: number | undefined): Iterable<[Shape, ...Shape[]]> {
    const tables = new Map<string, [Shape, ...Shape[]]>();
    /** Thousands of shapes share a description: its name is written once. */
    const names = new Map<Table, string>();
    for (const shape of this.#parts.shapes()) {
      if (relation !== undefined && !shape.relations.has(relation) && !shape.table.partitioned) continue;
      const name = names.get(shape.table) ?? quoteTable(shape.table);
      names.set(shape.table, name);
      const others = tables.get(name);
      if (others === undefined) tables.set(name, [shape]);
      else others.push(shape);
    }
    return tables.values();
  }

  /** Gives new partitions a full replica identity; until then their first update or delete rotates. */
  #finish(unfinished: InspectedTable): void {
    const finishing = this.#parts.tables.publish(unfinished).then(
      () => undefined,
      (error: unknown) => this.#parts.options.log.warn({ table: quoteTable(unfinished.table), reason: logReason(error) }, "a partition's replica identity is not full"),
    );
    this.#finishing.add(finishing);
    void finishing.finally(() => this.#finishing.delete(finishing));
  }
}
