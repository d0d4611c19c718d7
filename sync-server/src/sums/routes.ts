import { SaldoError, schemaVersion, schemaVersionHeader, scopeOfDevice, sumShapesMax, sumsAnswer, type DeviceScope, type ShapeDeclaration, type SumsAnswer } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
import { registeredShape } from "../gatekeeper/registry.ts";
import type { Rights } from "../gatekeeper/rights.pg.ts";
import type { Route } from "../http/route.ts";
import { readBaseline } from "./baseline.pg.ts";

const sumsQuery = z.object({ workspace: z.string().min(1).max(64), client: z.string().min(1).max(64), shapes: z.string().min(1).max(2_000) });

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
        // A device of another version may know other columns: of its rows nothing can be told.
        if ((context.req.header(schemaVersionHeader) ?? String(schemaVersion)) !== String(schemaVersion)) return context.json({ sums: {} });
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
  const baseline = await readBaseline(pool, shapes.map((shape) => ({ shape, scopeId: scopeOfDevice(shape.scopeKind, scope) })));
  return { sums: Object.fromEntries(baseline?.sums ?? []) };
}

function unknownShape(shape: string): never {
  throw new SaldoError("relay.shape_unknown", { shape: shape.slice(0, 64) });
}
