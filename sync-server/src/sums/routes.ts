import { rowSumSql, SaldoError, sumOfTotal, sumShapesMax, sumsAnswer, tables, type ShapeDeclaration, type SumsAnswer } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
import { registeredShape, scopeIdOf, type DeviceScope } from "../gatekeeper/registry.ts";
import type { Rights } from "../gatekeeper/rights.pg.ts";
import type { Route } from "../http/route.ts";

const sumsQuery = z.object({ workspace: z.string().min(1).max(64), client: z.string().min(1).max(64), shapes: z.string().min(1).max(2_000) });
const sumRow = z.object({ rows: z.string(), total: z.string() });
/** Longest one sum may take; a table that needs longer is not compared. */
const statementTimeoutMs = 30_000;

/** What answering sums works with. */
export interface SumRouteParts {
  readonly pool: pg.Pool;
  readonly rights: Rights;
}

/** `GET /v1/sums`: rows and sums of shapes of a device in one snapshot (see `sumsAnswer` in the schema). One at a time for all devices. */
export function sumRoutes({ pool, rights }: SumRouteParts): readonly Route[] {
  let isBusy = false;
  return [
    {
      method: "GET",
      path: "/v1/sums",
      access: "token",
      async handle(context, { userId }) {
        const query = sumsQuery.safeParse(context.req.query());
        if (!query.success) throw new SaldoError("relay.invalid_request", { fields: query.error.issues.map((issue) => issue.path.join(".")).join(", ") });
        const { workspace: workspaceId, client: clientId, shapes: names } = query.data;
        const scope = { workspaceId, userId, clientId };
        if (!(await rights.ownsDevice(scope))) throw new SaldoError("relay.client_unknown");
        const shapes = names.split(",", sumShapesMax + 1).map((name) => registeredShape(name) ?? unknownShape(name));
        if (shapes.length > sumShapesMax) throw new SaldoError("relay.invalid_request", { field: "shapes" });
        if (isBusy) throw new SaldoError("relay.unavailable", { what: "sums" });
        isBusy = true;
        try {
          return context.json(sumsAnswer.parse(await sumsOf(pool, shapes, scope)), 200, { "cache-control": "private, no-store" });
        } finally {
          isBusy = false;
        }
      },
    },
  ];
}

async function sumsOf(pool: pg.Pool, shapes: readonly ShapeDeclaration[], scope: DeviceScope): Promise<SumsAnswer> {
  const connection = await pool.connect();
  try {
    await connection.query("begin isolation level repeatable read read only");
    await connection.query(`set local statement_timeout = ${statementTimeoutMs}`);
    const sums: SumsAnswer["sums"] = {};
    for (const shape of shapes) {
      const { rows } = await connection.query(sumQuery(shape), [scopeIdOf(shape, scope)]);
      const [row] = z.array(sumRow).parse(rows);
      if (row) sums[shape.name] = { rows: Number(row.rows), sum: sumOfTotal(row.total) };
    }
    return { sums };
  } finally {
    await connection.query("rollback").then(
      () => connection.release(),
      (error: unknown) => connection.release(error instanceof Error ? error : true),
    );
  }
}

function sumQuery(shape: ShapeDeclaration): string {
  return `select count(*) as rows, ${rowSumSql(tables[shape.name])} as total from "${shape.name}" where "${shape.scopeColumn}" = $1`;
}

function unknownShape(shape: string): never {
  throw new SaldoError("relay.shape_unknown", { shape: shape.slice(0, 64) });
}
