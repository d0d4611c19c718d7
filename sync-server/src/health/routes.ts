import { SaldoError } from "@saldo/schema";
import type pg from "pg";
import type { ShapeSource } from "../gatekeeper/shape-source.ts";
import type { Route } from "../http/route.ts";

/** How long an answer about the shapes is believed: they may be behind a network. */
const shapesHealthMs = 1_000;

/** What health is told of. */
export interface HealthParts {
  readonly pool: Pick<pg.Pool, "query">;
  readonly shapes: Pick<ShapeSource, "health">;
  readonly nowMs: () => number;
}

/**
 * `GET /health`: 200 when the relay reaches its database, else 503 `relay.unavailable`. `shapes` tells how the shapes are; while they
 * are not active, uploads still work and devices wait for what is new.
 */
export function healthRoutes({ pool, shapes, nowMs }: HealthParts): readonly Route[] {
  let known: { readonly answer: ReturnType<ShapeSource["health"]>; readonly untilMs: number } | undefined;
  const shapesHealth = () => {
    if (known === undefined || known.untilMs <= nowMs()) known = { answer: shapes.health(), untilMs: nowMs() + shapesHealthMs };
    return known.answer;
  };
  return [
    {
      method: "GET",
      path: "/health",
      access: "public",
      async handle(context) {
        try {
          await pool.query("select 1");
        } catch (cause) {
          throw new SaldoError("relay.unavailable", { retryAfterSeconds: 2 }, { cause });
        }
        return context.json({ status: "active", shapes: await shapesHealth() }, 200, { "cache-control": "no-store" });
      },
    },
  ];
}
